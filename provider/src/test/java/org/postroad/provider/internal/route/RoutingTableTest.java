// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The 126 cells of ALGORITHM: 3 senders, with and without MX, 7 destinations, 3 relays; each cell has one outcome. */
class RoutingTableTest {

    /**
     * A and AAAA: {@code found}, {@code none}, {@code fails} (temporarily). The last three columns: the outcome without a relay, with one
     * that answers, with one that does not answer. {@code v4} and {@code v6}: delivered over that family by the domain's own host.
     */
    private static final String TABLE = """
            sender | MX  | A     | AAAA  | none  | ok    | dead
            v4     | no  | found | none  | v4    | v4    | v4
            v4     | no  | none  | found | 5.4.4 | relay | 4.4.1
            v4     | no  | found | found | v4    | v4    | v4
            v4     | no  | none  | none  | 5.1.2 | 5.1.2 | 5.1.2
            v4     | no  | found | fails | v4    | v4    | v4
            v4     | no  | fails | found | 4.4.3 | 4.4.3 | 4.4.3
            v4     | no  | fails | fails | 4.4.3 | 4.4.3 | 4.4.3
            v4     | yes | found | none  | v4    | v4    | v4
            v4     | yes | none  | found | 5.4.4 | relay | 4.4.1
            v4     | yes | found | found | v4    | v4    | v4
            v4     | yes | none  | none  | 5.4.3 | 5.4.3 | 5.4.3
            v4     | yes | found | fails | v4    | v4    | v4
            v4     | yes | fails | found | 4.4.3 | 4.4.3 | 4.4.3
            v4     | yes | fails | fails | 4.4.3 | 4.4.3 | 4.4.3
            v6     | no  | found | none  | 5.4.4 | relay | 4.4.1
            v6     | no  | none  | found | v6    | v6    | v6
            v6     | no  | found | found | v6    | v6    | v6
            v6     | no  | none  | none  | 5.1.2 | 5.1.2 | 5.1.2
            v6     | no  | found | fails | 4.4.3 | 4.4.3 | 4.4.3
            v6     | no  | fails | found | v6    | v6    | v6
            v6     | no  | fails | fails | 4.4.3 | 4.4.3 | 4.4.3
            v6     | yes | found | none  | 5.4.4 | relay | 4.4.1
            v6     | yes | none  | found | v6    | v6    | v6
            v6     | yes | found | found | v6    | v6    | v6
            v6     | yes | none  | none  | 5.4.3 | 5.4.3 | 5.4.3
            v6     | yes | found | fails | 4.4.3 | 4.4.3 | 4.4.3
            v6     | yes | fails | found | v6    | v6    | v6
            v6     | yes | fails | fails | 4.4.3 | 4.4.3 | 4.4.3
            dual   | no  | found | none  | v4    | v4    | v4
            dual   | no  | none  | found | v6    | v6    | v6
            dual   | no  | found | found | v4    | v4    | v4
            dual   | no  | none  | none  | 5.1.2 | 5.1.2 | 5.1.2
            dual   | no  | found | fails | v4    | v4    | v4
            dual   | no  | fails | found | v6    | v6    | v6
            dual   | no  | fails | fails | 4.4.3 | 4.4.3 | 4.4.3
            dual   | yes | found | none  | v4    | v4    | v4
            dual   | yes | none  | found | v6    | v6    | v6
            dual   | yes | found | found | v4    | v4    | v4
            dual   | yes | none  | none  | 5.4.3 | 5.4.3 | 5.4.3
            dual   | yes | found | fails | v4    | v4    | v4
            dual   | yes | fails | found | v6    | v6    | v6
            dual   | yes | fails | fails | 4.4.3 | 4.4.3 | 4.4.3
            """;

    private static final List<String> RELAYS = List.of("none", "ok", "dead");

    static Stream<Arguments> cells() {
        return TABLE.lines()
                .skip(1)
                .map(RoutingTableTest::columns)
                .flatMap(row -> Stream.of(0, 1, 2)
                        .map(relay -> Arguments.of(row[0], row[1], row[2], row[3], RELAYS.get(relay), row[4 + relay])));
    }

    private static String[] columns(String line) {
        return line.strip().split("\\s*\\|\\s*");
    }

    @ParameterizedTest(name = "{0} sender, MX {1}, A {2}, AAAA {3}, relay {4}: {5}")
    @MethodSource("cells")
    void END_eachOfThe126CellsHasItsResult(
            String sender, String mx, String a, String aaaa, String relay, String outcome) {
        Simulation simulation =
                new Simulation(zone(mx, a, aaaa)).families(sender).relay(relay);
        assertThat(simulation.cell()).isEqualTo(outcome);
    }

    private static String zone(String mx, String a, String aaaa) {
        List<String> lines = new ArrayList<>();
        String host = mx.equals("yes") ? "m" : "d";
        if (mx.equals("yes")) {
            lines.add("MX 10 m");
        }
        record(lines, "A", host, a, "4.1");
        record(lines, "AAAA", host, aaaa, "6.1");
        return String.join(";", lines);
    }

    private static void record(List<String> lines, String type, String host, String state, String address) {
        if (!state.equals("none")) {
            lines.add(type + " " + host + " " + (state.equals("found") ? address : "FAIL"));
        }
    }

    @Test
    void END_theTableHasEveryCellExactlyOnce() {
        List<String> keys = cells().map(cell -> String.join(
                        " ",
                        Stream.of(cell.get()).limit(5).map(Object::toString).toList()))
                .toList();
        assertThat(keys).hasSize(3 * 2 * 7 * 3).doesNotHaveDuplicates();
    }
}
