// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.DestinationPace.Waiting;

/** The pace of a destination as text and JSON. */
class DestinationPaceTest {

    private static final Domain DOMAIN = Domain.parse("example.org");

    @Test
    void pace_isOneLine() {
        DestinationPace pace = new DestinationPace(
                DOMAIN,
                new Waiting(1203, 20, 0, 0),
                1,
                240,
                Map.of(Limit.CONCURRENCY, 0.94, Limit.DATABASE, 0.06),
                Limit.CONCURRENCY,
                List.of("mail.mx.queue.concurrency=20"),
                Optional.empty());
        assertThat(pace)
                .hasToString("example.org: 1,203 due, 20 in progress, 240 finished in the last minute,"
                        + " 94 % of the time waiting for a free place (mail.mx.queue.concurrency=20)");
        assertThat(pace.toJson())
                .isEqualTo(
                        "{\"version\":1,\"domain\":\"example.org\",\"due\":1203,\"inProgress\":20,\"scheduled\":0,\"held\":0,"
                                + "\"processes\":1,\"finishedInLastMinute\":240,\"binding\":\"CONCURRENCY\","
                                + "\"settings\":[\"mail.mx.queue.concurrency=20\"],"
                                + "\"shares\":[{\"limit\":\"CONCURRENCY\",\"permille\":940},{\"limit\":\"DATABASE\",\"permille\":60}]}");
    }

    @Test
    void pace_aBackOffHasItsEnd() {
        DestinationPace pace = new DestinationPace(
                DOMAIN,
                new Waiting(0, 0, 5, 1),
                0,
                0,
                Map.of(),
                Limit.BACK_OFF,
                Limit.BACK_OFF.settings(),
                Optional.of(Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(pace)
                .hasToString(
                        "example.org: 0 due, 0 in progress, 5 scheduled, 1 held, backing off, because it did not answer,"
                                + " until 2030-01-01T00:00:00Z (mail.mx.queue.schedule)");
        assertThat(pace.toJson()).contains("\"retryAt\":\"2030-01-01T00:00:00Z\",\"shares\":[]");
    }
}
