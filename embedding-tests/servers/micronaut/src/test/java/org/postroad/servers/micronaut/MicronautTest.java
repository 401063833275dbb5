// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.micronaut;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.servers.FrameworkCheck;
import org.postroad.servers.ServerProcess;
import org.postroad.servers.ServerTable;
import org.postroad.servers.SmallInternet;

/** The application of Micronaut. */
class MicronautTest {

    @TempDir
    Path directory;

    @Test
    void embedding_micronautSendsDirectlyAndQueues() throws Exception {
        try (SmallInternet internet = new SmallInternet()) {
            int port = ServerProcess.freePort();
            String classPath = Path.of("target", "classes").toAbsolutePath() + File.pathSeparator
                    + Path.of("target", "server").toAbsolutePath() + File.separator + "*";
            ServerTable.add(
                    "Micronaut",
                    "a dependency",
                    "`javamail.properties.mail.transport.protocol.rfc822=mx`; a `MailQueue` bean",
                    new FrameworkCheck(directory, "Startup completed", "javamail.properties.", false)
                            .check(
                                    internet,
                                    port,
                                    List.of(
                                            "-Dmicronaut.server.port=" + port,
                                            "-cp",
                                            classPath,
                                            MailApplication.class.getName())));
        }
    }
}
