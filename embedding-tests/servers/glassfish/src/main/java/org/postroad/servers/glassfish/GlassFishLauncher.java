// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.glassfish;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.glassfish.embeddable.CommandResult;
import org.glassfish.embeddable.GlassFish;
import org.glassfish.embeddable.GlassFishException;
import org.glassfish.embeddable.GlassFishProperties;
import org.glassfish.embeddable.GlassFishRuntime;
import org.postroad.servers.Launcher;

/** Runs GlassFish. The arguments are the port, and the file with commands of {@code asadmin}. */
public final class GlassFishLauncher extends Launcher {

    private static final String APPLICATION = "webapp";

    private final GlassFish server;

    private GlassFishLauncher(GlassFish server) {
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        GlassFish server = GlassFishRuntime.bootstrap().newGlassFish(new GlassFishProperties());
        server.start();
        GlassFishLauncher launcher = new GlassFishLauncher(server);
        launcher.run(
                "create-http-listener",
                "--listeneraddress",
                "127.0.0.1",
                "--listenerport",
                arguments[0],
                "--default-virtual-server",
                "server",
                "http-test");
        for (String command : Files.readAllLines(Path.of(arguments[1]))) {
            launcher.run(command.split(" "));
        }
        launcher.serve();
    }

    private void run(String... command) throws GlassFishException {
        CommandResult result =
                server.getCommandRunner().run(command[0], Arrays.copyOfRange(command, 1, command.length));
        if (result.getExitStatus() == CommandResult.ExitStatus.FAILURE) {
            throw new IllegalStateException(
                    String.join(" ", command) + ": " + result.getOutput(), result.getFailureCause());
        }
    }

    @Override
    protected void deploy(Path war) throws Exception {
        server.getDeployer().deploy(war.toFile(), "--name", APPLICATION, "--contextroot", APPLICATION);
    }

    @Override
    protected void undeploy() throws Exception {
        server.getDeployer().undeploy(APPLICATION);
    }

    @Override
    protected void stop() throws Exception {
        server.dispose();
    }
}
