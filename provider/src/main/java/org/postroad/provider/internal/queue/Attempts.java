// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.QueuedMail;
import org.postroad.api.RecipientReport;
import org.postroad.api.SuppressedAddress;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.dsn.MessageId;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.Bounces;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.Envelope;

/** One attempt at one delivery: takes the message from its table, has it delivered, and says what that means. Thread-safe. */
final class Attempts {

    /** Attempts that a notice tells of. */
    private static final int MAX_HISTORY = 50;

    private final Database database;
    private final Courier courier;
    private final QueueSettings settings;
    private final Notices notices;
    private final Witness witness;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Is told what became of deliveries; quick, and throws nothing. */
    interface Witness {
        void judged(QueuedDelivery delivery, Judgement judgement);
    }

    Attempts(Database database, Courier courier, QueueSettings settings, Witness witness, Surroundings surroundings) {
        this.database = database;
        this.courier = courier;
        this.settings = settings;
        this.witness = witness;
        this.clock = surroundings.clock();
        this.random = surroundings.random();
        this.notices = new Notices(courier.self(), settings.admission().lifetime(), random);
    }

    /**
     * An attempt that is over and not yet written; to be closed.
     *
     * @param tried whether it says something about the destination: not where we could not handle the message ourselves
     */
    record Over(
            QueuedDelivery delivery,
            DomainReport report,
            boolean tried,
            Judgement judgement,
            Instant at,
            List<Notices.Notice> notices,
            List<SuppressedAddress> suppressed)
            implements AutoCloseable {

        /** Whether it is the end for somebody, or somebody is told that it is not. */
        boolean isDecisive() {
            return !judgement.failed().isEmpty() || !judgement.delayed().isEmpty();
        }

        /** Within the caller's transaction. What others took over is theirs to speak of. */
        boolean write(Connection connection) throws SQLException {
            boolean ours = QueueStore.end(connection, delivery, judgement.ending(), at);
            if (ours) {
                for (Notices.Notice notice : notices) {
                    notice.add(connection);
                }
                for (SuppressedAddress address : suppressed) {
                    Suppression.add(connection, address);
                }
            }
            return ours;
        }

        @Override
        public void close() {
            notices.forEach(notice -> remove(notice::close));
        }
    }

    /** Tries. An interrupt ends it soon; what it came to is judged all the same. */
    Over attempt(QueuedDelivery delivery) {
        return withContent(delivery, original -> {
            MessageForms forms = new MessageForms(original, SpoolSettings.DEFAULTS);
            try {
                return judged(delivery, deliver(delivery, forms), original);
            } finally {
                remove(forms::close);
            }
        });
    }

    private DomainReport deliver(QueuedDelivery delivery, MessageForms forms) {
        try {
            return courier.deliver(
                    new MailObject(envelope(delivery), forms),
                    new Courier.Way(delivery.attempts() > 1, delivery.hint()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return deferred(delivery, "The delivery was cancelled before it began");
        }
    }

    /** The same, where the destination is known not to answer: with the report of another message. */
    Over withoutTrying(QueuedDelivery delivery, DomainReport other) {
        DomainReport report = forOthers(other, delivery.mailboxes());
        return withContent(delivery, original -> judged(delivery, report, original));
    }

    /** The end of a delivery that somebody wants out of the queue. */
    Over dropped(QueuedDelivery delivery, boolean tell) {
        List<RecipientReport> reports = new ArrayList<>();
        for (Mailbox mailbox : delivery.mailboxes()) {
            reports.add(new RecipientReport(
                    mailbox,
                    Verdict.FAILED,
                    EnhancedStatus.UNDEFINED_5_0_0,
                    new RecipientReport.Decision("RETRY-01", "Taken out of the queue by its operator"),
                    Optional.empty()));
        }
        DomainReport report = DomainReport.untouched(delivery.domain(), reports);
        Instant now = clock.instant();
        if (!tell) {
            Judgement judgement = Judgement.of(delivery, report, settings.retrying(), now, random);
            return new Over(delivery, report, true, judgement, now, List.of(), List.of());
        }
        return withContent(delivery, original -> judged(delivery, report, original));
    }

    /** What holds for all to a destination that does not answer. */
    private static DomainReport forOthers(DomainReport report, List<Mailbox> others) {
        RecipientReport one = report.recipients().get(0);
        List<RecipientReport> reports = others.stream()
                .map(mailbox ->
                        new RecipientReport(mailbox, one.verdict(), one.status(), one.decision(), one.decidedBy()))
                .toList();
        return report.with(reports);
    }

    /** With the message at hand; where it cannot be read, nothing is tried. */
    private Over withContent(QueuedDelivery delivery, Function<SpooledMessage, Over> work) {
        SpooledMessage original;
        try {
            original = content(delivery.message());
        } catch (IOException e) {
            return unread(delivery, e);
        }
        try {
            return work.apply(original);
        } finally {
            remove(original::close);
        }
    }

    /** A temporary file. */
    private interface Temporary {
        void remove() throws IOException;
    }

    /** What an attempt came to is not to be lost over a file that remains. */
    private static void remove(Temporary file) {
        try {
            file.remove();
        } catch (IOException e) {
            System.getLogger(Attempts.class.getName())
                    .log(System.Logger.Level.WARNING, "A temporary file of the queue remains", e);
        }
    }

    private Over judged(QueuedDelivery delivery, DomainReport report, SpooledMessage original) {
        Instant now = clock.instant();
        boolean brokenOff = Thread.currentThread().isInterrupted()
                && report.recipients().stream().allMatch(recipient -> recipient.verdict() == Verdict.DEFERRED);
        Judgement judgement = brokenOff
                ? Judgement.postponed(delivery, report, now)
                : Judgement.of(delivery, report, settings.retrying(), now, random);
        List<Notices.Notice> due;
        try {
            due = settings.bounces() == Bounces.SENDER
                    ? notices.about(
                            new Notices.Occasion(delivery, judgement, report, () -> history(delivery), now), original)
                    : List.of();
        } catch (IOException e) {
            logTrouble("The sender of the message " + delivery.message().id() + " could not be told of it", e);
            judgement = judgement.untold(delivery, later(delivery, now));
            due = List.of();
        }
        if (settings.bounces() == Bounces.LISTENER && !judgement.failed().isEmpty()) {
            courier.tell(undeliverable(delivery, judgement));
        }
        witness.judged(delivery, judgement);
        return new Over(delivery, report, true, judgement, now, due, unknownMailboxes(judgement, now));
    }

    /** Those to whom no further mail is taken. */
    private List<SuppressedAddress> unknownMailboxes(Judgement judgement, Instant now) {
        return settings.admission().suppress()
                ? judgement.failed().stream()
                        .filter(report -> report.decidedBy()
                                .filter(by -> ErrorPolicy.isUnknownMailbox(by.stage(), by.outcome()))
                                .isPresent())
                        .map(report -> new SuppressedAddress(
                                report.recipient(), now, report.decision().explanation()))
                        .toList()
                : List.of();
    }

    private static DeliveryEvent.Undeliverable undeliverable(QueuedDelivery delivery, Judgement judgement) {
        QueuedMessage message = delivery.message();
        return new DeliveryEvent.Undeliverable(
                delivery.domain(),
                new DeliveryEvent.Undelivered(
                        message.id(),
                        message.sender(),
                        message.envelopeId(),
                        message.labels().messageId().map(MessageId::text),
                        judgement.failed()));
    }

    /** Our own trouble is nobody's fault: the delivery waits. */
    private Over unread(QueuedDelivery delivery, IOException e) {
        logTrouble("The message " + delivery.message().id() + " could not be handled", e);
        DomainReport report = deferred(delivery, "The queue could not handle the message: " + e.getMessage());
        Instant now = clock.instant();
        Judgement judgement = Judgement.postponed(delivery, report, later(delivery, now));
        return new Over(delivery, report, false, judgement, now, List.of(), List.of());
    }

    private Instant later(QueuedDelivery delivery, Instant now) {
        return now.plus(settings.retrying().schedule().after(delivery.attempts(), random));
    }

    private static void logTrouble(String what, IOException e) {
        System.getLogger(Attempts.class.getName()).log(System.Logger.Level.ERROR, what, e);
    }

    private List<QueuedMail.PastAttempt> history(QueuedDelivery delivery) throws IOException {
        try {
            return database.read(connection ->
                    QueueStore.history(connection, delivery.message().id(), delivery.domain(), MAX_HISTORY));
        } catch (SQLException e) {
            throw new IOException("The history could not be read: " + e.getMessage(), e);
        }
    }

    private SpooledMessage content(QueuedMessage message) throws IOException {
        return MessageSpool.restore(
                out -> {
                    try {
                        database.read(connection -> QueueStore.writeContent(connection, message.id(), out));
                    } catch (SQLException e) {
                        throw new IOException("The message could not be read from the queue: " + e.getMessage(), e);
                    }
                },
                message.facts(),
                SpoolSettings.DEFAULTS);
    }

    private static Envelope envelope(QueuedDelivery delivery) {
        QueuedMessage message = delivery.message();
        return new Envelope(
                message.sender(), delivery.recipients(), message.returned(), message.envelopeId(), message.tls());
    }

    private static DomainReport deferred(QueuedDelivery delivery, String why) {
        List<RecipientReport> reports = new ArrayList<>();
        for (Mailbox mailbox : delivery.mailboxes()) {
            reports.add(new RecipientReport(
                    mailbox,
                    Verdict.DEFERRED,
                    EnhancedStatus.MAIL_SYSTEM_4_3_0,
                    new RecipientReport.Decision("RETRY-01", why),
                    Optional.empty()));
        }
        return DomainReport.untouched(delivery.domain(), reports);
    }
}
