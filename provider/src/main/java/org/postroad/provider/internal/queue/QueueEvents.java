// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.MailContext;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.log.DeliveryLog;
import org.postroad.provider.internal.log.DeliveryLog.Kind;
import org.postroad.provider.internal.queue.store.AttemptRows.Rescheduling;
import org.postroad.provider.internal.queue.store.QueuedDelivery;
import org.postroad.provider.internal.queue.store.QueuedMessage;

/** Reports what happens to queued mail, to the application's listener and in the log of deliveries. Thread-safe. */
final class QueueEvents {

    private final Consumer<DeliveryEvent> listener;
    private final DeliveryLog log;
    private final boolean senderNotified;
    private final InstantSource clock;

    /**
     * @param listener does not throw
     * @param senderNotified whether the sender of a failed message receives a notice
     */
    QueueEvents(Consumer<DeliveryEvent> listener, DeliveryLog log, boolean senderNotified, InstantSource clock) {
        this.listener = listener;
        this.log = log;
        this.senderNotified = senderNotified;
        this.clock = clock;
    }

    void queued(QueuedMessage message, Envelope envelope) {
        envelope.byDomain()
                .forEach((domain, recipients) -> listener.accept(
                        new DeliveryEvent.Queued(domain, message.context(0), clock.instant(), recipients)));
    }

    /**
     * Reports a decision that is about to be written.
     *
     * @param report the attempt that it is based on
     */
    void decided(QueuedDelivery delivery, DomainReport report, RetryDecision decision) {
        Domain domain = delivery.domain();
        MailContext mail = delivery.context();
        Instant now = clock.instant();
        log(report, mail, decision);
        givenUp(domain, mail, now, decision.failed());
        if (!decision.open().isEmpty()) {
            Rescheduling next = decision.end().next();
            listener.accept(
                    next.state() == State.HELD
                            ? new DeliveryEvent.Held(
                                    domain,
                                    mail,
                                    now,
                                    decision.open().get(0).decision().explanation())
                            : new DeliveryEvent.Deferred(domain, mail, now, decision.open(), next.dueAt()));
        }
    }

    private void givenUp(Domain domain, MailContext mail, Instant now, List<RecipientReport> failed) {
        List<RecipientReport> expired = failed.stream()
                .filter(report -> report.verdict() != Verdict.FAILED)
                .toList();
        if (!expired.isEmpty()) {
            listener.accept(new DeliveryEvent.Expired(domain, mail, now, expired));
        }
        if (!failed.isEmpty()) {
            listener.accept(
                    mail.sender().isEmpty()
                            ? new DeliveryEvent.DoubleBounced(domain, mail, now, failed)
                            : new DeliveryEvent.Bounced(domain, mail, now, failed, senderNotified));
        }
    }

    private void log(DomainReport report, MailContext mail, RetryDecision decision) {
        boolean held = decision.end().next().state() == State.HELD;
        Optional<Instant> next =
                held ? Optional.empty() : Optional.of(decision.end().next().dueAt());
        decision.delivered().forEach(one -> log.log(Kind.DELIVERED, report, mail, one, Optional.empty()));
        decision.failed().forEach(one -> log.log(givenUp(mail, one), report, mail, one, Optional.empty()));
        decision.open().forEach(one -> log.log(held ? Kind.HELD : waiting(one), report, mail, one, next));
    }

    private static Kind givenUp(MailContext mail, RecipientReport recipient) {
        if (mail.sender().isEmpty()) {
            return Kind.DOUBLE_BOUNCE;
        }
        return recipient.verdict() == Verdict.FAILED ? Kind.FAILED : Kind.EXPIRED;
    }

    private static Kind waiting(RecipientReport recipient) {
        return recipient.verdict() == Verdict.IN_DOUBT ? Kind.IN_DOUBT : Kind.DEFERRED;
    }

    void held(QueuedDelivery delivery, String reason) {
        listener.accept(new DeliveryEvent.Held(delivery.domain(), delivery.context(), clock.instant(), reason));
    }

    void released(QueuedDelivery delivery) {
        listener.accept(new DeliveryEvent.Released(delivery.domain(), delivery.context(), clock.instant()));
    }

    void removed(QueuedDelivery delivery) {
        listener.accept(new DeliveryEvent.Removed(delivery.domain(), delivery.context(), clock.instant()));
    }
}
