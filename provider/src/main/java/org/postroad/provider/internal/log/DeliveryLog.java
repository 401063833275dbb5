// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.log;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.DomainReport;
import org.postroad.api.MailContext;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.Verdict;

/**
 * Writes one line for each recipient at the end of each attempt. Thread-safe.
 *
 * <p>A line begins with the stable id of its kind and a word; then come {@code key=value} pairs. Values with characters other than visible
 * ASCII are quoted and escaped, so that a line is always one line. Text of servers is not logged, because it often contains addresses.
 *
 * @param addresses whether the address of the recipient is logged, and not only the domain
 */
public record DeliveryLog(boolean addresses) {

    /** The name of the logger. */
    public static final String LOGGER = "org.postroad.delivery";

    private static final System.Logger LOG = System.getLogger(LOGGER);

    /** The kinds of lines. Their ids never change. */
    public enum Kind {
        DELIVERED("PR-101", "delivered", System.Logger.Level.INFO),
        DEFERRED("PR-102", "deferred", System.Logger.Level.INFO),
        IN_DOUBT("PR-103", "in-doubt", System.Logger.Level.INFO),
        HELD("PR-104", "held", System.Logger.Level.INFO),
        FAILED("PR-201", "failed", System.Logger.Level.WARNING),
        EXPIRED("PR-202", "expired", System.Logger.Level.WARNING),
        DOUBLE_BOUNCE("PR-203", "double-bounce", System.Logger.Level.WARNING);

        private final String id;
        private final String word;
        private final System.Logger.Level level;

        Kind(String id, String word, System.Logger.Level level) {
            this.id = id;
            this.word = word;
            this.level = level;
        }

        String id() {
            return id;
        }

        String word() {
            return word;
        }

        /** Returns the kind of a recipient for which no further attempt is planned. */
        static Kind of(Verdict verdict) {
            return switch (verdict) {
                case DELIVERED, QUEUED -> DELIVERED;
                case DEFERRED -> DEFERRED;
                case IN_DOUBT -> IN_DOUBT;
                case FAILED -> FAILED;
            };
        }
    }

    /** Logs the results of a direct send to one domain. */
    public void direct(DomainReport report, MailContext mail) {
        for (RecipientReport recipient : report.recipients()) {
            log(Kind.of(recipient.verdict()), report, mail, recipient, Optional.empty());
        }
    }

    /**
     * Logs the result for one recipient.
     *
     * @param report of the attempt
     * @param next when the next attempt is due
     */
    public void log(
            Kind kind, DomainReport report, MailContext mail, RecipientReport recipient, Optional<Instant> next) {
        if (LOG.isLoggable(kind.level)) {
            LOG.log(kind.level, line(kind, report, mail, recipient, next));
        }
    }

    private String line(
            Kind kind, DomainReport report, MailContext mail, RecipientReport recipient, Optional<Instant> next) {
        LogLine line = new LogLine(kind.id, kind.word)
                .with("queue", mail.queueId())
                .with("message-id", mail.messageId())
                .with("domain", report.domain());
        if (addresses) {
            line.with("to", recipient.recipient());
        }
        line.with("attempt", mail.attempt());
        recipient.decidedBy().ifPresent(by -> {
            line.with("host", by.remote().host())
                    .with("address", by.remote().address())
                    .with("port", by.remote().port());
            contact(report, recipient, by).ifPresent(contact -> addContact(line, contact));
            line.with("tls", by.tls().level());
        });
        return line.with("status", recipient.status())
                .with("reply", recipient.reply().map(reply -> reply.code()))
                .with("class", recipient.bounceClass().map(Enum::name))
                .with("rule", recipient.decision().rule())
                .with("next", next.map(due -> due.truncatedTo(ChronoUnit.MILLIS)))
                .toString();
    }

    /** Returns the contact that decided. */
    private static Optional<Attempt> contact(DomainReport report, RecipientReport recipient, DecidedBy by) {
        Predicate<Attempt> decided = attempt -> attempt.remote().equals(by.remote())
                && attempt.outcomes().stream()
                        .anyMatch(outcome -> outcome.recipient().equals(recipient.recipient())
                                && outcome.outcome().equals(by.outcome()));
        return report.attempts().stream().filter(decided).reduce((one, later) -> later);
    }

    private static void addContact(LogLine line, Attempt contact) {
        contact.connection().ifPresent(use -> line.with("connection", use.number()));
        line.with("ms", contact.duration().toMillis())
                .with(
                        "stages",
                        contact.connection()
                                .filter(use -> !use.stages().isEmpty())
                                .map(DeliveryLog::stages));
    }

    /** Returns for example {@code CONNECT:12,GREETING:3}, in milliseconds. */
    private static String stages(ConnectionUse use) {
        return use.stages().entrySet().stream()
                .map(stage -> stage.getKey().name() + ":" + stage.getValue().toMillis())
                .collect(Collectors.joining(","));
    }
}
