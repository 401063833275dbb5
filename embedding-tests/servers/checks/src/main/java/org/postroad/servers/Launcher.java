// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program of a process with an embedded server. It obeys lines of its standard input: {@code deploy PATH} and {@code undeploy}; the
 * process ends at their end. It uses the JDK only, because nothing of Postroad may be in the class path of the server.
 */
public abstract class Launcher {

    /** The line that is written when the server runs. */
    public static final String READY = "launcher: ready";

    /** The line that is written when the application has started. */
    public static final String DEPLOYED = "launcher: deployed";

    /** The line that is written when the application has stopped. */
    public static final String UNDEPLOYED = "launcher: undeployed";

    static {
        // Threads of the server would keep the process alive.
        Thread.currentThread().setUncaughtExceptionHandler((main, failure) -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
    }

    /** Deploys the application. */
    protected abstract void deploy(Path war) throws Exception;

    /** Undeploys the application. */
    protected abstract void undeploy() throws Exception;

    /** Stops the server. */
    protected abstract void stop() throws Exception;

    /** Obeys until the end of the standard input. */
    protected final void serve() throws Exception {
        System.out.println(READY);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                obey(line.split(" ", 2));
            }
        }
        stop();
    }

    private void obey(String[] words) throws Exception {
        switch (words[0]) {
            case "deploy" -> {
                deploy(Path.of(words[1]));
                System.out.println(DEPLOYED);
            }
            case "undeploy" -> {
                undeploy();
                System.out.println(UNDEPLOYED);
            }
            default -> throw new IOException("unknown command " + words[0]);
        }
    }
}
