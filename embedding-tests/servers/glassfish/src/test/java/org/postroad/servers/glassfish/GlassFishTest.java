// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.glassfish;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
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

/** The web application in GlassFish. */
class GlassFishTest {

    @TempDir
    Path directory;

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21, disabledReason = "GlassFish 7 is not made for later versions")
    void embedding_glassFishSendsCommitsRollsBackAndLeavesNothingBehind() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            int port = ServerProcess.freePort();
            Path commands = Configuration.read("glassfish.txt")
                    .settings(internet.settings(), (name, value) -> name + "=" + value.replace(":", "\\:"), ":")
                    .replace("jdbc\\:h2\\:~/mail", "jdbc\\:h2\\:mem\\:mail")
                    .write(directory.resolve("commands.txt"));
            try (Server server = LaunchedServer.start(
                    GlassFishLauncher.class,
                    Path.of("target", "server"),
                    List.of(
                            "--add-opens=java.base/java.lang=ALL-UNNAMED",
                            "--add-opens=java.base/jdk.internal.loader=ALL-UNNAMED",
                            "--add-opens=java.naming/javax.naming.spi=ALL-UNNAMED"),
                    directory,
                    URI.create("http://127.0.0.1:" + port + "/webapp"),
                    String.valueOf(port),
                    commands.toString())) {
                assertHoldsClassLoaders(server);
                ServerCheck check = new ServerCheck(internet, true, false, Optional.empty());
                ServerTable.add(
                        "GlassFish (embedded)",
                        "in the WAR",
                        "[glassfish.txt](servers/glassfish.txt)",
                        check.check(server, Path.of("target", "webapp.war")));
            }
        }
    }

    /** The embedded GlassFish never collects the class loader of an application. If this fails, it does, and the check can be stricter. */
    private void assertHoldsClassLoaders(Server server) throws Exception {
        Path page = directory.resolve("page.war");
        try (ZipOutputStream war = new ZipOutputStream(Files.newOutputStream(page))) {
            war.putNextEntry(new ZipEntry("index.html"));
        }
        List<Long> loaders = new ArrayList<>();
        for (int cycle = 1; cycle <= 2; cycle++) {
            server.deploy(page);
            server.undeploy();
            loaders.add(server.process().instances("org.glassfish.web.loader.WebappClassLoader"));
        }
        assertThat(loaders.get(1)).isGreaterThan(loaders.get(0));
    }
}
