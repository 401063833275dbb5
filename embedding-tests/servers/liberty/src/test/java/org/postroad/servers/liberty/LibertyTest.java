// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.liberty;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

/** The web application in Open Liberty. */
class LibertyTest {

    @TempDir
    Path directory;

    /** Liberty with the server {@code mail}, to which WARs in a directory are deployed. */
    private record Liberty(ServerProcess process, Path home, int port) implements Server {

        static Liberty start(Path directory, Configuration configuration) throws IOException, InterruptedException {
            Path home = Files.createDirectories(directory.resolve("servers").resolve("mail"));
            Files.createDirectories(home.resolve("dropins"));
            Files.createDirectories(home.resolve("lib"));
            try (Stream<Path> jars = Files.list(Path.of("target", "server"))) {
                for (Path jar : jars.filter(
                                file -> file.getFileName().toString().startsWith("h2-"))
                        .toList()) {
                    Files.copy(jar, home.resolve("lib").resolve("h2.jar"));
                }
            }
            int port = ServerProcess.freePort();
            configuration
                    .replace("httpPort=\"9080\"", "httpPort=\"" + port + "\"")
                    .write(home.resolve("server.xml"));
            Path installation = Path.of("target", "distribution", "wlp").toAbsolutePath();
            Path tools = installation.resolve("bin").resolve("tools");
            String options = Runtime.version().feature() >= 24 ? "java24.options" : "java9.options";
            ServerProcess process = ServerProcess.start(
                    directory,
                    Map.of("WLP_USER_DIR", directory.toString()),
                    List.of(
                            "@" + installation.resolve("lib/platform/java").resolve(options), // as bin/server does
                            "-javaagent:" + tools.resolve("ws-javaagent.jar"),
                            "-jar",
                            tools.resolve("ws-server.jar").toString(),
                            "mail"));
            process.await("CWWKF0011I");
            return new Liberty(process, home, port);
        }

        private Path deployed() {
            return home.resolve("dropins").resolve("webapp.war");
        }

        @Override
        public URI deploy(Path war) throws IOException, InterruptedException {
            Path copy = Files.copy(war, home.resolve("webapp.war"), StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, deployed(), StandardCopyOption.ATOMIC_MOVE);
            process.await("CWWKZ0001I", "CWWKZ0012I", "CWWKZ0002E");
            return URI.create("http://127.0.0.1:" + port + "/webapp");
        }

        @Override
        public void undeploy() throws IOException, InterruptedException {
            Files.delete(deployed());
            process.await("CWWKZ0009I");
        }
    }

    @Test
    void embedding_libertySendsCommitsRollsBackAndLeavesNothingBehind() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            Configuration configuration = Configuration.read("liberty-server.xml")
                    .settings(
                            internet.settings(),
                            (name, value) -> "<property name=\"" + name + "\" value=\"" + value + "\"/>",
                            "\n    ")
                    .replace("jdbc:h2:~/mail", "jdbc:h2:mem:mail;DB_CLOSE_DELAY=-1");
            try (Server server = Liberty.start(directory, configuration)) {
                ServerTable.add(
                        "Open Liberty",
                        "in the WAR",
                        "[liberty-server.xml](servers/liberty-server.xml)",
                        new ServerCheck(internet, true, true, Optional.empty())
                                .check(server, Path.of("target", "webapp.war")));
            }
        }
    }
}
