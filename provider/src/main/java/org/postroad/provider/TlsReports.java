// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.RecordType;
import org.postroad.api.TlsReport;
import org.postroad.provider.internal.engine.Discovery;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.mail.ReportMessage;
import org.postroad.provider.internal.tlsrpt.TlsCounts;
import org.postroad.provider.internal.tlsrpt.TlsRptRecord;

/**
 * Tells domains how TLS to their mail exchangers turned out (RFC 8460). An application mails the reports of a day once that day is
 * over, in UTC:
 *
 * <pre>{@code
 * TlsReports reports = Postroad.tlsReports(session);
 * reports.mail(LocalDate.now(ZoneOffset.UTC).minusDays(1));
 * }</pre>
 *
 * <p>Counted is what Sessions with the same settings sent, with or without a queue, in this process: each process has reports of
 * its own, which RFC 8460 allows. Today and the two days before are kept, in memory; a process that ends, or
 * {@link Postroad#close}, forgets them. Counted are 10000 domains in a day, 100 policies of each, and 100 different failures of
 * each of those; what is beyond the latter is in the totals only.
 *
 * <p>RFC 8460 §5.3 wants reports signed by DKIM, which is not done here: {@link #message} hands one out for those who sign. Thread-safe.
 */
public final class TlsReports {

    private final Session session;
    private final Engine engine;
    private final TlsCounts counts;

    private TlsReports(Session session, Engine engine, TlsCounts counts) {
        this.session = session;
        this.engine = engine;
        this.counts = counts;
    }

    static TlsReports of(Session session) throws MessagingException {
        Engine engine = PostroadTransport.read(() -> Postroad.engine(session.getProperties()));
        TlsCounts counts = engine.tlsCounts()
                .orElseThrow(
                        () -> new MessagingException("Nothing is counted for TLS reports; set mail.mx.tlsrpt.contact"
                                + " to the mailbox that they come from"));
        return new TlsReports(session, engine, counts);
    }

    /**
     * What became of a report.
     *
     * @param recipients to whom it was sent; none: to nobody
     * @param problem why somebody who wants it, or may want it, did not get it; empty: there was none
     */
    public record Mailed(TlsReport report, List<Mailbox> recipients, Optional<String> problem) {
        public Mailed {
            recipients = List.copyOf(recipients);
        }
    }

    /**
     * The reports of a day, one for each domain that anything was counted of, whether or not it wants to have one; those of today are not
     * complete yet.
     *
     * @throws IllegalArgumentException if the day is not kept any more, or in the future
     */
    public List<TlsReport> of(LocalDate day) {
        return counts.reports(day);
    }

    /**
     * Mails the reports of a day to those who want them, one after the other: through {@code mxqueue} where that is the Session's
     * protocol for internet mail ({@code mail.transport.protocol.rfc822}), else through {@code mx}. Waits for DNS and for the mail.
     *
     * @throws IllegalArgumentException if the day is not over, or not kept any more; nothing was sent
     */
    public List<Mailed> mail(LocalDate day) {
        if (!day.isBefore(counts.today())) {
            throw new IllegalArgumentException("The day " + day + " is not over; reports are mailed of days before "
                    + counts.today() + " (days are in UTC)");
        }
        return of(day).stream().map(this::mail).toList();
    }

    /** The same for one report: the way to try again what had a problem. */
    public Mailed mail(TlsReport report) {
        try {
            TlsRptRecord record = record(report.domain());
            if (!record.mailboxes().isEmpty()) {
                send(message(report, record.mailboxes()));
            }
            return new Mailed(report, record.mailboxes(), unserved(record));
        } catch (SendFailedException e) {
            return new Mailed(report, sent(e), Optional.of(e.toString()));
        } catch (MessagingException e) {
            return new Mailed(report, List.of(), Optional.of(e.toString()));
        }
    }

    private void send(MimeMessage message) throws MessagingException {
        boolean queued = MxQueueProvider.PROTOCOL.equals(session.getProperty("mail.transport.protocol.rfc822"));
        try (Transport transport = session.getTransport(queued ? new MxQueueProvider() : new MxProvider())) {
            transport.connect();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static List<Mailbox> sent(SendFailedException failure) {
        Address[] sent = failure.getValidSentAddresses();
        return sent == null
                ? List.of()
                : Arrays.stream(sent)
                        .map(address -> Mailbox.parse(address.toString()))
                        .toList();
    }

    /**
     * A report as mail to those who want it, not sent; empty where nobody does. Waits for DNS.
     *
     * @throws MessagingException if DNS does not say who wants it; later it may
     */
    public Optional<MimeMessage> message(TlsReport report) throws MessagingException {
        List<Mailbox> mailboxes = record(report.domain()).mailboxes();
        return mailboxes.isEmpty() ? Optional.empty() : Optional.of(message(report, mailboxes));
    }

    private MimeMessage message(TlsReport report, List<Mailbox> recipients) throws MessagingException {
        return ReportMessage.of(session, report, counts.reporter().contact(), recipients, Date.from(Instant.now()));
    }

    /** Who wants the reports of that domain; nobody, where it does not say so. */
    private TlsRptRecord record(HostName domain) throws MessagingException {
        if (!domain.hasRoomFor(TlsRptRecord.LABEL)) {
            return TlsRptRecord.NOBODY;
        }
        HostName name = domain.prefixedWith(TlsRptRecord.LABEL);
        Deadline deadline = Deadline.after(engine.settings().dns().timeout());
        try (Discovery implementations = PostroadTransport.read(() -> new Discovery(session.getProperties()))) {
            DnsAnswer<String> answer = engine.dns(implementations.plugins()).query(name, RecordType.TXT, deadline);
            if (answer instanceof DnsAnswer.Failed<String> failed) {
                throw new MessagingException("Who wants reports cannot be read at " + name + ": " + failed.describe());
            }
            return TlsRptRecord.parse(answer.recordsOrNone());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted while " + name + " was asked", e);
        }
    }

    private static Optional<String> unserved(TlsRptRecord record) {
        return record.others().isEmpty()
                ? Optional.empty()
                : Optional.of("It is wanted at " + String.join(", ", record.others()) + ", and only mailed");
    }
}
