// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.postroad.api.Printable;
import org.postroad.provider.internal.queue.store.AttemptRows;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.RetryingDatabase;
import org.postroad.provider.internal.smtp.Fence;

/**
 * The claim of one attempt to its delivery (RETRY-04). It holds if the row still has the number of this attempt and the lease of
 * the visit was renewed recently: then no other process has taken over, and none will before the message is sent. If the lease is
 * old, because this process was suspended or the database was unavailable, the claim waits for the next heartbeat, which shows
 * whether this process still holds the lease.
 *
 * <p>Not thread-safe.
 */
final class DeliveryClaim implements Fence.Claim {

    /** How long a check of the row remains valid while the lease is fresh. */
    static final Duration KNOWN = Duration.ofSeconds(1);

    /** Pause between checks of a lease that is not fresh. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Limit of checks of a lease that is not fresh: one minute with the pauses. */
    private static final int MAX_CHECKS = 600;

    private final QueuedDelivery delivery;
    private final DestinationLease lease;
    private final RetryingDatabase retrying;
    private final InstantSource clock;
    private Instant heldAt = Instant.MIN;

    DeliveryClaim(QueuedDelivery delivery, DestinationLease lease, RetryingDatabase retrying, InstantSource clock) {
        this.delivery = delivery;
        this.lease = lease;
        this.retrying = retrying;
        this.clock = clock;
    }

    @Override
    public Optional<String> refusal() {
        Instant now = clock.instant();
        boolean known = !now.isBefore(heldAt) && now.isBefore(heldAt.plus(KNOWN));
        if (known && lease.isFresh()) {
            return Optional.empty();
        }
        try {
            return check();
        } catch (SQLException e) {
            return Optional.of(
                    "Not sent, because the queue cannot be read, and so another process may have taken over this delivery: "
                            + Printable.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("Not sent, because the delivery was cancelled");
        }
    }

    /** Checks the row before the lease: a lease that is fresh afterwards covers the check of the row. */
    private Optional<String> check() throws SQLException, InterruptedException {
        for (int looks = 0; looks < MAX_CHECKS; looks++) {
            Instant now = clock.instant();
            if (!retrying.read(connection -> AttemptRows.isClaimed(connection, delivery))) {
                return Optional.of("Not sent, because another process has taken over this delivery");
            }
            if (lease.isFresh()) {
                heldAt = now;
                return Optional.empty();
            }
            if (!retrying.pause(PAUSE)) {
                break;
            }
        }
        return Optional.of(
                "Not sent, because the lease on the destination was not renewed in time, and so another process may have taken"
                        + " over this delivery");
    }
}
