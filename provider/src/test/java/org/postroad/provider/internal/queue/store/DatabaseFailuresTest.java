// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.provider.LogTap;

/** What operators see of a failure of the database. */
class DatabaseFailuresTest {

    @RegisterExtension
    final LogTap log = LogTap.open();

    /** As PostgreSQL reports it through pgbouncer in transaction mode. */
    @ParameterizedTest
    @ValueSource(strings = {"26000", "42P05"})
    void queue_lostStatementsNameTheSetting(String state) {
        RuntimeException failure =
                new RuntimeException("failed", new SQLException("prepared statement \"S_1\" does not exist", state));
        assertThat(DatabaseFailures.describe(failure)).startsWith("failed (").contains("prepareThreshold=0");
        DatabaseFailures.log(DatabaseFailuresTest.class, "Trying again", failure);
        assertThat(log.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem)
                        .startsWith("WARNING Trying again: failed")
                        .contains("prepareThreshold=0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void queue_retriedConflictsCauseNoWarning(String state) {
        DatabaseFailures.log(
                DatabaseFailuresTest.class, "Trying again", new SQLException("could not serialize access", state));
        assertThat(log.problems()).isEmpty();
    }

    @Test
    void queue_otherFailuresAreLoggedUnchanged() {
        DatabaseFailures.log(DatabaseFailuresTest.class, "Trying again", new SQLException("no route to host", "08001"));
        assertThat(log.problems()).containsExactly(Level.WARNING + " Trying again");
        assertThat(DatabaseFailures.describe(new SQLException("no route to host", "08001")))
                .isEqualTo("no route to host");
    }
}
