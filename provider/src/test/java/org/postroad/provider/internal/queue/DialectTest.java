// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables are written down once for each database, to be read; they must not come apart. */
class DialectTest {

    /** What is made, and its columns and keys, without their types. */
    private static List<String> shape(Dialect dialect) {
        List<String> shape = new ArrayList<>();
        for (String statement : dialect.schema()) {
            statement.lines().map(String::strip).forEach(line -> {
                boolean whole = line.startsWith("CREATE")
                        || line.startsWith("INSERT")
                        || line.startsWith("PRIMARY")
                        || line.startsWith("FOREIGN");
                shape.add(whole ? line : line.replaceAll(" .*", ""));
            });
        }
        return shape;
    }

    @ParameterizedTest
    @EnumSource
    void queue_everyDatabaseHasTheSameTables(Dialect dialect) {
        assertThat(shape(dialect))
                .contains("CREATE TABLE postroad_delivery (", "domain")
                .isEqualTo(shape(Dialect.SQLITE));
    }
}
