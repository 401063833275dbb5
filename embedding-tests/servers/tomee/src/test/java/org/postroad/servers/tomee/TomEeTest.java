// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.tomee;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.servers.Configuration;
import org.postroad.servers.LaunchedServer;
import org.postroad.servers.Server;
import org.postroad.servers.ServerCheck;
import org.postroad.servers.ServerProcess;
import org.postroad.servers.ServerTable;
import org.postroad.servers.SmallInternet;

/** The web application in TomEE, with Geronimo Mail, OpenWebBeans and Geronimo's transaction manager. */
class TomEeTest {

    @TempDir
    Path directory;

    @Test
    @EnabledForJreRange(
            max = JRE.JAVA_17,
            disabledReason = "The embedded TomEE, a milestone, does not deploy the application on newer JDKs")
    void embedding_tomEeSendsCommitsRollsBackAndLeavesNothingBehind() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            int port = ServerProcess.freePort();
            Path resources = Configuration.read("tomee.properties")
                    .settings(internet.settings(), (name, value) -> "mail/mx." + name + "=" + value, "\n")
                    .settings(internet.settings(), (name, value) -> "mail/queue." + name + "=" + value, "\n")
                    .replace("jdbc:h2:~/mail", "jdbc:h2:mem:mail;DB_CLOSE_DELAY=-1")
                    .write(directory.resolve("resources.properties"));
            try (Server server = LaunchedServer.start(
                    TomEeLauncher.class,
                    Path.of("target", "server"),
                    List.of(),
                    directory,
                    URI.create("http://127.0.0.1:" + port + "/webapp"),
                    String.valueOf(port),
                    directory.resolve("base").toString(),
                    resources.toString())) {
                ServerCheck check = new ServerCheck(internet, true, true, Optional.of("transport"));
                ServerTable.add(
                        "TomEE (embedded)",
                        "in the WAR",
                        "[tomee.properties](servers/tomee.properties)",
                        check.check(server, Path.of("target", "webapp.war")));
            }
        }
    }
}
