// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.payara;

import fish.payara.micro.PayaraMicro;
import fish.payara.micro.PayaraMicroRuntime;
import java.nio.file.Path;
import org.postroad.servers.Launcher;

/** Runs Payara Micro, with its arguments of the command line. */
public final class PayaraLauncher extends Launcher {

    private static final String APPLICATION = "webapp";

    private final PayaraMicroRuntime server;

    private PayaraLauncher(PayaraMicroRuntime server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        PayaraMicro.main(arguments);
        new PayaraLauncher(PayaraMicro.getInstance().getRuntime()).serve();
    }

    @Override
    protected void deploy(Path war) {
        if (!server.deploy(APPLICATION, APPLICATION, war.toFile())) {
            throw new IllegalStateException("The application was not deployed");
        }
    }

    @Override
    protected void undeploy() {
        server.undeploy(APPLICATION);
    }

    @Override
    protected void stop() throws Exception {
        server.shutdown();
    }
}
