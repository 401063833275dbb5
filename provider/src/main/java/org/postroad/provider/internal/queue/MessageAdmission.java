// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.postroad.api.QueueOptions;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.store.QueueException;
import org.postroad.provider.internal.queue.store.QueueIds;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/**
 * Checks whether a message may be queued, and gives it an id and the time at which it expires. Thread-safe.
 *
 * @param settings which messages are accepted
 * @param clock the current time
 * @param random distinguishes the ids of messages queued in the same millisecond
 */
record MessageAdmission(QueueSettings.Admission settings, InstantSource clock, RandomGenerator random) {

    /** @throws QueueException if the message is too big, or its times are not possible */
    QueuedMessage admit(Envelope envelope, SpooledMessage content, QueuedMessage.Labels labels, QueueOptions options) {
        long limit = settings.maxSize();
        if (content.facts().size() > limit) {
            throw new QueueException("The message has " + content.facts().size() + " octets; the queue takes at most "
                    + limit + " (mail.mx.queue.maxsize)");
        }
        Instant now = clock.instant();
        return new QueuedMessage(
                QueueIds.next(now, random),
                now,
                expiry(options, now),
                envelope.sender(),
                envelope.returned(),
                envelope.id(),
                envelope.tls(),
                labels,
                content.facts());
    }

    private Instant expiry(QueueOptions options, Instant now) {
        Instant limit = now.plus(QueueOptions.MAX_AHEAD);
        options.sendAt().ifPresent(at -> checkAhead("sent", at, limit));
        options.giveUpBy().ifPresent(at -> {
            checkAhead("given up", at, limit);
            if (!at.isAfter(now)) {
                throw new QueueException("The message would be given up at " + at + ", which has passed");
            }
        });
        Instant start = options.sendAt().filter(now::isBefore).orElse(now);
        return options.giveUpBy().orElseGet(() -> start.plus(settings.lifetime()));
    }

    private static void checkAhead(String what, Instant at, Instant limit) {
        if (at.isAfter(limit)) {
            throw new QueueException("The message would be " + what + " at " + at + ", but a message is " + what
                    + " at most " + QueueOptions.MAX_AHEAD.toDays() + " days after it is queued");
        }
    }
}
