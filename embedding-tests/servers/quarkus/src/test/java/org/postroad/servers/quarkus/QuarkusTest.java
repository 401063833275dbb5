// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.quarkus;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.servers.FrameworkCheck;
import org.postroad.servers.ServerProcess;
import org.postroad.servers.ServerTable;
import org.postroad.servers.SmallInternet;

/** The MicroProfile application in Quarkus. */
class QuarkusTest {

    @TempDir
    Path directory;

    @Test
    void embedding_quarkusSendsCommitsAndRollsBack() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            int port = ServerProcess.freePort();
            ServerTable.add(
                    "Quarkus (JVM mode)",
                    "a dependency",
                    "`mail.mx.queue.datasource=cdi`",
                    new FrameworkCheck(directory, "Listening on", "", true)
                            .check(
                                    internet,
                                    port,
                                    List.of(
                                            "-Dquarkus.http.host=127.0.0.1",
                                            "-Dquarkus.http.port=" + port,
                                            "-jar",
                                            Path.of("target", "quarkus-app", "quarkus-run.jar")
                                                    .toAbsolutePath()
                                                    .toString())));
        }
    }
}
