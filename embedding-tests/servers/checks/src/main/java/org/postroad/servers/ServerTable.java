// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The table of results in {@code samples/webapp/README.md}. Each check adds a row; rows are files, since each check has a JVM of its own. */
public final class ServerTable {

    private static final Path ROWS = Path.of("..", "target", "server-rows");

    private static final List<String> HEAD = List.of(
            "| Server | Version | Postroad's jar | Configuration | Direct send | Queued send | Commit / rollback | Undeployed |",
            "|---|---|---|---|---|---|---|---|");

    private ServerTable() {}

    /** Adds a row, and prints the table so far. */
    public static void add(String server, String jar, String configuration, ServerCheck.Result result)
            throws IOException {
        String row = "| "
                + String.join(
                        " | ",
                        server,
                        System.getProperty("postroad.server.version"),
                        jar,
                        configuration,
                        result.direct(),
                        result.queued(),
                        result.committed(),
                        result.undeployed())
                + " |";
        Files.createDirectories(ROWS);
        Files.writeString(ROWS.resolve(server.replaceAll("\\W+", "-")), row);
        List<String> table = new ArrayList<>(HEAD);
        try (Stream<Path> rows = Files.list(ROWS)) {
            for (Path file : rows.sorted().toList()) {
                table.add(Files.readString(file));
            }
        }
        System.out.println(String.join(System.lineSeparator(), table));
    }
}
