// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.postroad.api.Printable;
import org.postroad.provider.internal.smtp.Fence;

/**
 * The claim of one attempt on its delivery (RETRY-04). It holds where the row still has the number of this attempt, and the lease of the
 * visit was renewed lately: then no other process has taken over, and none will before the message is sent. Where the lease is old, because
 * this process was stopped or the database was away, it waits for the next heartbeat, which shows whether the lease is still its own.
 *
 * <p>Used by one thread at a time.
 */
final class DeliveryClaim implements Fence.Claim {

    /** For this long an answer of the database holds, as long as the lease is fresh. */
    static final Duration KNOWN = Duration.ofSeconds(1);

    /** Between looks at a lease that is not fresh. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** Looks at a lease that is not fresh; with the pauses, they take a minute. */
    private static final int MAX_LOOKS = 600;

    private final QueuedDelivery delivery;
    private final Lease lease;
    private final Patience patience;
    private final InstantSource clock;
    private Instant heldAt = Instant.MIN;

    DeliveryClaim(QueuedDelivery delivery, Lease lease, Patience patience, InstantSource clock) {
        this.delivery = delivery;
        this.lease = lease;
        this.patience = patience;
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
            return look();
        } catch (SQLException e) {
            return Optional.of(
                    "Not sent, because the queue cannot be read, and so another process may have taken over this delivery: "
                            + Printable.describe(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("Not sent, because the delivery was cancelled");
        }
    }

    /** The row first: a lease that is fresh after that covers it. */
    private Optional<String> look() throws SQLException, InterruptedException {
        for (int looks = 0; looks < MAX_LOOKS; looks++) {
            Instant now = clock.instant();
            if (!patience.read(connection -> QueueStore.isClaimed(connection, delivery))) {
                return Optional.of("Not sent, because another process has taken over this delivery");
            }
            if (lease.isFresh()) {
                heldAt = now;
                return Optional.empty();
            }
            if (!patience.pause(PAUSE)) {
                break;
            }
        }
        return Optional.of(
                "Not sent, because the lease on the destination was not renewed in time, and so another process may have taken"
                        + " over this delivery");
    }
}
