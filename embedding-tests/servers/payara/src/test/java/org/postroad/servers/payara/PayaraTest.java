// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.payara;

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

/** The web application in Payara Micro. */
class PayaraTest {

    @TempDir
    Path directory;

    @Test
    void embedding_payaraSendsCommitsRollsBackAndLeavesNothingBehind() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            int port = ServerProcess.freePort();
            Path commands = Configuration.read("payara.txt")
                    .settings(internet.settings(), (name, value) -> name + "=" + value.replace(":", "\\:"), ":")
                    .write(directory.resolve("commands.txt"));
            try (Server server = LaunchedServer.start(
                    PayaraLauncher.class,
                    Path.of("target", "server"),
                    List.of(),
                    directory,
                    URI.create("http://127.0.0.1:" + port + "/webapp"),
                    "--nohazelcast",
                    "--port",
                    String.valueOf(port),
                    "--rootdir",
                    directory.resolve("root").toString(),
                    "--prebootcommandfile",
                    commands.toString())) {
                ServerTable.add(
                        "Payara Micro",
                        "in the WAR",
                        "[payara.txt](servers/payara.txt)",
                        new ServerCheck(internet, true, true, Optional.empty())
                                .check(server, Path.of("target", "webapp.war")));
            }
        }
    }
}
