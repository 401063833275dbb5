// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postroad.api.QueueShape.Counts;
import org.postroad.api.QueueShape.Reason;
import org.postroad.api.QueueShape.Row;

/** The shape of a queue as text and JSON. */
class QueueShapeTest {

    private static final Domain ONE = Domain.parse("one.test");
    private static final Counts OF_ONE = new Counts(List.of(1203L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L), 0, 0, 20);
    private static final Counts ALL = new Counts(List.of(1203L, 0L, 0L, 0L, 11L, 0L, 0L, 0L, 0L, 46L), 46, 5, 20);
    private static final QueueShape SHAPE = new QueueShape(
            Instant.parse("2030-01-01T00:00:00Z"),
            List.of(new Row(ONE, OF_ONE)),
            ALL,
            5,
            List.of(new Reason(
                    BounceClass.GREYLISTING, new EnhancedStatus(4, 7, 1), "451 4.7.1 try later", 11, Optional.of(ONE))),
            2);

    @Test
    void shape_theOthersAreTheRestOfTheTotal() {
        assertThat(SHAPE.others()).isEqualTo(new Counts(List.of(0L, 0L, 0L, 0L, 11L, 0L, 0L, 0L, 0L, 46L), 46, 5, 0));
        assertThat(SHAPE.others().deliveries()).isEqualTo(57);
        assertThat(SHAPE.total().deliveries()).isEqualTo(1260);
    }

    @Test
    void shape_isATable() {
        assertThat(SHAPE).hasToString("""
                                    T    5 10 20 40 80 160 320 640 1280 1280+ held later now
                           TOTAL 1260 1203  0  0  0 11   0   0   0    0    46   46     5  20
                        one.test 1203 1203  0  0  0  0   0   0   0    0     0    0     0  20
                        4 others   57    0  0  0  0 11   0   0   0    0    46   46     5   0

                        Last failures:
                          11 greylisting 4.7.1: 451 4.7.1 try later (one.test)
                          2 for other reasons""");
    }

    @Test
    void shape_isJson() {
        assertThat(SHAPE.toJson())
                .isEqualTo(
                        "{\"version\":1,\"at\":\"2030-01-01T00:00:00Z\",\"ageLimitsMinutes\":[5,10,20,40,80,160,320,640,1280],"
                                + "\"total\":{\"deliveries\":1260,\"byAge\":[1203,0,0,0,11,0,0,0,0,46],\"held\":46,\"future\":5,\"inProgress\":20},"
                                + "\"rows\":[{\"domain\":\"one.test\",\"deliveries\":1203,\"byAge\":[1203,0,0,0,0,0,0,0,0,0],\"held\":0,\"future\":0,"
                                + "\"inProgress\":20}],"
                                + "\"others\":{\"deliveries\":57,\"byAge\":[0,0,0,0,11,0,0,0,0,46],\"held\":46,\"future\":5,\"inProgress\":0},"
                                + "\"domains\":5,"
                                + "\"reasons\":[{\"bounceClass\":\"GREYLISTING\",\"status\":\"4.7.1\",\"text\":\"451 4.7.1 try later\",\"deliveries\":11,"
                                + "\"example\":\"one.test\"}],\"otherReasons\":2}");
    }

    @Test
    void shape_countsHaveOneNumberForEachGroupOfAges() {
        assertThatThrownBy(() -> new Counts(List.of(1L), 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There are 10 groups of ages, not 1");
        assertThat(Counts.none().byAge()).hasSize(10).containsOnly(0L);
    }
}
