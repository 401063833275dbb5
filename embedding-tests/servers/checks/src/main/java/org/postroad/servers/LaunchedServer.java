// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An embedded server in a process of its own. */
public final class LaunchedServer implements Server {

    private final ServerProcess process;
    private final URI application;

    /**
     * Starts it.
     *
     * @param launcher the program
     * @param libraries the directory with the jars of the server
     * @param options options of the JVM
     * @param application the address that the application will have
     * @param arguments of the program
     */
    public static LaunchedServer start(
            Class<? extends Launcher> launcher,
            Path libraries,
            List<String> options,
            Path directory,
            URI application,
            String... arguments)
            throws IOException, URISyntaxException, InterruptedException {
        List<String> command = new ArrayList<>(options);
        command.add("-cp");
        command.add(classPath(launcher, libraries));
        command.add(launcher.getName());
        command.addAll(List.of(arguments));
        ServerProcess process = ServerProcess.start(directory, Map.of(), command);
        process.await(Launcher.READY);
        return new LaunchedServer(process, application);
    }

    private LaunchedServer(ServerProcess process, URI application) {
        this.process = process;
        this.application = application;
    }

    private static String classPath(Class<?> launcher, Path libraries) throws IOException, URISyntaxException {
        List<String> entries = new ArrayList<>(List.of(location(launcher), location(Launcher.class)));
        try (Stream<Path> jars = Files.list(libraries)) {
            jars.map(Path::toAbsolutePath).map(Path::toString).sorted().forEach(entries::add);
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String location(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    @Override
    public ServerProcess process() {
        return process;
    }

    @Override
    public URI deploy(Path war) throws IOException, InterruptedException {
        process.tell("deploy " + war.toAbsolutePath());
        process.await(Launcher.DEPLOYED);
        return application;
    }

    @Override
    public void undeploy() throws IOException, InterruptedException {
        process.tell("undeploy");
        process.await(Launcher.UNDEPLOYED);
    }
}
