// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.QueueTesting;

/**
 * A process whose clock differs much from the database's may consider live processes dead. The lease is one hour here, so that a
 * slow machine does not matter.
 */
@Timeout(300)
class ClockComparisonTest extends QueueTesting {

    private static final Duration LEASE = Duration.ofHours(1);
    private static final Timing PACE = new Timing(Duration.ofHours(1), LEASE, 20, Duration.ofSeconds(10));

    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void restoreZone() {
        TimeZone.setDefault(zone);
    }

    private static InstantSource aheadBy(Duration difference) {
        return () -> Instant.now().plus(difference);
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClockEqualToTheDatabasesCausesNoWarning(TestDatabase kind) throws Exception {
        for (String id : List.of("UTC", "Asia/Tokyo", "America/St_Johns")) {
            TimeZone.setDefault(TimeZone.getTimeZone(id));
            try (Database database = kind.open(directory)) {
                ClockComparison.check(database, InstantSource.system(), Duration.ofMinutes(10));
            }
        }
        assertThat(log.problems()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClockThatDiffersByAPartOfTheLeaseCausesAWarning(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            ClockComparison.check(database, aheadBy(Duration.ofMinutes(28)), LEASE);
            ClockComparison.check(database, aheadBy(Duration.ofMinutes(-28)), LEASE);
            assertThat(log.problems())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("WARNING The clock of this machine is "))
                    .allMatch(line -> line.contains("mail.mx.queue.lease") && line.contains("NTP"));
            assertThat(log.problems().get(0)).contains("ahead of");
            assertThat(log.problems().get(1)).contains("behind");
        }
    }

    @ParameterizedTest
    @EnumSource
    void queue_aClockThatDiffersByMoreThanHalfTheLeaseIsRefused(TestDatabase kind) throws Exception {
        try (Database database = kind.open(directory)) {
            for (int minutes : new int[] {32, -32}) {
                assertThatThrownBy(() -> ClockComparison.check(database, aheadBy(Duration.ofMinutes(minutes)), LEASE))
                        .isInstanceOf(QueueException.class)
                        .hasMessageContaining("more than half the lease")
                        .hasMessageContaining("mail.mx.queue.lease")
                        .hasMessageContaining("NTP");
            }
        }
    }

    /** A difference within the round trip of the query does not count. */
    @ParameterizedTest
    @CsvSource({"PT35M, true", "PT2H, false"})
    void queue_theTimeOfTheQueryDoesNotCountAsADifference(Duration difference, boolean opened) throws Exception {
        try (Database database = TestDatabase.H2.open(directory)) {
            boolean[] asked = {false};
            InstantSource slow = () -> {
                asked[0] = !asked[0]; // the query takes an hour; at half time, the database is behind by the difference
                return Instant.now().plus(difference).plus(asked[0] ? Duration.ofMinutes(-30) : Duration.ofMinutes(30));
            };
            if (opened) {
                ClockComparison.check(database, slow, LEASE);
            } else {
                assertThatThrownBy(() -> ClockComparison.check(database, slow, LEASE))
                        .hasMessageContaining("lease");
            }
        }
    }

    @Test
    void queue_theClockIsCheckedWhenTheQueueIsOpened() throws Exception {
        clock = aheadBy(Duration.ofMinutes(40));
        Database database = TestDatabase.H2.open(directory);
        assertThatThrownBy(() -> open(database, PACE))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("more than half the lease");
    }
}
