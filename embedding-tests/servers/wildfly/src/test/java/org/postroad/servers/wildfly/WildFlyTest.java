// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.wildfly;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.servers.Configuration;
import org.postroad.servers.Server;
import org.postroad.servers.ServerCheck;
import org.postroad.servers.ServerProcess;
import org.postroad.servers.ServerTable;
import org.postroad.servers.SmallInternet;

/** The web application in WildFly. */
class WildFlyTest {

    @TempDir
    Path directory;

    /** WildFly with a configuration of its own, to which WARs in a directory are deployed. */
    private record WildFly(ServerProcess process, Path deployments, int port) implements Server {

        private static final Path HOME = home();

        private static Path home() {
            try (Stream<Path> directories = Files.list(Path.of("target", "distribution"))) {
                return directories
                        .filter(Files::isDirectory)
                        .findFirst()
                        .orElseThrow()
                        .toAbsolutePath();
            } catch (IOException e) {
                throw new IllegalStateException("WildFly is not unpacked", e);
            }
        }

        static WildFly start(Path directory, Configuration commands) throws IOException, InterruptedException {
            Path base = Files.createDirectories(directory.resolve("base"));
            copy(HOME.resolve("standalone").resolve("configuration"), base.resolve("configuration"));
            Path deployments = Files.createDirectories(base.resolve("deployments"));
            configure(directory, base, commands);
            int port = ServerProcess.freePort();
            ServerProcess process = ServerProcess.start(
                    directory,
                    Map.of(),
                    arguments(
                            base,
                            "org.jboss.as.standalone",
                            "-b=127.0.0.1",
                            "-bmanagement=127.0.0.1",
                            "-Djboss.http.port=" + port,
                            "-Djboss.https.port=" + ServerProcess.freePort(),
                            "-Djboss.management.http.port=" + ServerProcess.freePort()));
            process.await("WFLYSRV0025");
            return new WildFly(process, deployments, port);
        }

        private static void copy(Path from, Path to) throws IOException {
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }

        /** Runs the commands on the files of the server, which does not run. */
        private static void configure(Path directory, Path base, Configuration commands)
                throws IOException, InterruptedException {
            Path script = Files.writeString(
                    directory.resolve("script.cli"), "embed-server\n" + commands + "stop-embedded-server\n");
            Path output = Files.createDirectories(directory.resolve("cli"));
            try (ServerProcess cli = ServerProcess.start(
                    output,
                    Map.of("JBOSS_HOME", HOME.toString()),
                    arguments(base, "org.jboss.as.cli", "--file=" + script))) {
                if (cli.awaitEnd() != 0) {
                    throw new IllegalStateException("WildFly refused a command: " + cli.linesWith(""));
                }
            }
        }

        private static List<String> arguments(Path base, String main, String... more) {
            List<String> arguments = new ArrayList<>(List.of(
                    "-Djboss.home.dir=" + HOME,
                    "-Djboss.server.base.dir=" + base,
                    "-jar",
                    HOME.resolve("jboss-modules.jar").toString(),
                    "-mp",
                    HOME.resolve("modules").toString(),
                    main));
            arguments.addAll(List.of(more));
            return arguments;
        }

        @Override
        public URI deploy(Path war) throws IOException, InterruptedException {
            Path copy = deployments.resolve("webapp.war");
            if (!Files.exists(copy)) {
                Files.copy(war, copy);
            }
            Files.createFile(deployments.resolve("webapp.war.dodeploy"));
            process.await("WFLYSRV0010", "WFLYCTL0013", "WFLYCTL0186");
            return URI.create("http://127.0.0.1:" + port + "/webapp");
        }

        @Override
        public void undeploy() throws IOException, InterruptedException {
            Files.delete(deployments.resolve("webapp.war.deployed"));
            process.await("WFLYSRV0009");
        }
    }

    @Test
    void embedding_wildFlySendsCommitsRollsBackAndLeavesNothingBehind() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            Configuration commands = Configuration.read("wildfly.cli")
                    .settings(internet.settings(), (name, value) -> "\"" + name + "\"=>\"" + value + "\"", ",");
            try (Server server = WildFly.start(directory, commands)) {
                ServerTable.add(
                        "WildFly",
                        "in the WAR",
                        "[wildfly.cli](servers/wildfly.cli)",
                        new ServerCheck(internet, true, true, Optional.empty())
                                .check(server, Path.of("target", "webapp.war")));
            }
        }
    }
}
