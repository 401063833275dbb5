// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.tomcat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.servers.Configuration;
import org.postroad.servers.LaunchedServer;
import org.postroad.servers.Server;
import org.postroad.servers.ServerCheck;
import org.postroad.servers.ServerProcess;
import org.postroad.servers.ServerTable;
import org.postroad.servers.SmallInternet;

/** The web application in Tomcat, with Jakarta Mail and H2 in the server. */
class TomcatTest {

    private static final Path WAR = Path.of("target", "webapp.war");

    @TempDir
    Path directory;

    @Test
    void embedding_tomcatSendsAndLeavesNothingBehind() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            int port = ServerProcess.freePort();
            Path context = Configuration.read("tomcat-webapp.xml")
                    .settings(internet.settings(), (name, value) -> name + "=\"" + value + "\"", "\n")
                    .replace("jdbc:h2:~/mail", "jdbc:h2:mem:mail;DB_CLOSE_DELAY=-1")
                    .replace("docBase=\"webapp.war\"", "docBase=\"" + WAR.toAbsolutePath() + "\"")
                    .write(directory.resolve("webapp.xml"));
            try (Server server = LaunchedServer.start(
                    TomcatLauncher.class,
                    Path.of("target", "server"),
                    List.of(
                            "--add-opens=java.base/java.lang=ALL-UNNAMED",
                            "--add-opens=java.rmi/sun.rmi.transport=ALL-UNNAMED"),
                    directory,
                    URI.create("http://127.0.0.1:" + port + "/webapp"),
                    String.valueOf(port),
                    directory.resolve("base").toString(),
                    context.toString())) {
                ServerCheck check = new ServerCheck(internet, false, true, Optional.empty());
                ServerCheck.Result result = check.check(server, WAR);
                assertThat(server.process().linesWith("failed to stop"))
                        .as("threads that Tomcat finds when the application has stopped")
                        .isEmpty();
                ServerTable.add("Tomcat", "in the WAR", "[tomcat-webapp.xml](servers/tomcat-webapp.xml)", result);
            }
        }
    }
}
