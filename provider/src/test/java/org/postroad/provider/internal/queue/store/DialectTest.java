// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each database has a schema file of its own. All must define the same tables. */
class DialectTest {

    private static final Pattern INDEX = Pattern.compile(
            "(?:CREATE )?(?:UNIQUE )?INDEX (?:IF NOT EXISTS )?(\\w+)(?: ON \\w+)? (\\([^)]*\\))(?: WHERE .*)?,?");

    /**
     * Returns the tables with their columns and keys, without types. Indexes are at the end, because some databases create them
     * with their tables.
     */
    private static List<String> shape(Dialect dialect) {
        List<String> shape = new ArrayList<>();
        Set<String> indexes = new TreeSet<>();
        for (String statement : dialect.schema()) {
            statement.lines().map(String::strip).forEach(line -> {
                Matcher index = INDEX.matcher(line);
                if (index.matches()) {
                    indexes.add(index.group(1) + index.group(2));
                    return;
                }
                boolean whole = line.startsWith("CREATE")
                        || line.startsWith("INSERT")
                        || line.startsWith("PRIMARY")
                        || line.startsWith("FOREIGN");
                shape.add(whole ? line.replaceAll(",$| FROM DUAL", "") : line.replaceAll(" .*", ""));
            });
        }
        shape.addAll(indexes);
        return shape;
    }

    @ParameterizedTest
    @EnumSource
    void queue_everyDatabaseHasTheSameTables(Dialect dialect) {
        assertThat(shape(dialect))
                .contains(
                        "CREATE TABLE IF NOT EXISTS postroad_delivery (", "domain", "postroad_task_due(execution_time)")
                .isEqualTo(shape(Dialect.SQLITE));
    }
}
