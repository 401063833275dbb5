// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecordType;
import org.postroad.api.TlsReport;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.engine.Discovery;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.HttpsRequest;
import org.postroad.provider.internal.mail.ReportMessage;
import org.postroad.provider.internal.tlsrpt.ReportUpload;
import org.postroad.provider.internal.tlsrpt.TlsCounts;
import org.postroad.provider.internal.tlsrpt.TlsRptRecord;

/**
 * Tells domains how TLS to their mail exchangers turned out (RFC 8460). An application sends the reports of a day once that day is
 * over, in UTC:
 *
 * <pre>{@code
 * TlsReports reports = Postroad.tlsReports(session);
 * reports.send(LocalDate.now(ZoneOffset.UTC).minusDays(1));
 * }</pre>
 *
 * <p>Counted is what Sessions with the same settings sent, with or without a queue, in this process: each process has reports of
 * its own, which RFC 8460 allows. Today and the two days before are kept, in memory; a process that ends, or
 * {@link Postroad#close}, forgets them. Counted are 10000 domains in a day, 100 policies of each, and 100 different failures of
 * each of those; what is beyond the latter is in the totals only.
 *
 * <p>A domain can name mailboxes and web servers that are not its own. So one mailbox gets at most 100 reports in a day (UTC) and one web
 * server at most 1000, for whichever domains; further ones are among the problems.
 *
 * <p>RFC 8460 §3 wants reports in mail signed by DKIM, which is not done here: {@link #message} hands one out for those who sign. What
 * is uploaded needs no signature. Thread-safe.
 */
public final class TlsReports {

    private static final Logger LOGGER = System.getLogger(TlsReports.class.getName());

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
     * @param mailed to whom it was sent
     * @param uploaded who took it over the web
     * @param problems why somebody who wants it, or may want it, did not get it
     */
    public record Sent(TlsReport report, List<Mailbox> mailed, List<URI> uploaded, List<String> problems) {
        public Sent {
            mailed = List.copyOf(mailed);
            uploaded = List.copyOf(uploaded);
            problems = List.copyOf(problems);
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
     * Sends the reports of a day to those who want them, one after the other. Those who want mail get it through {@code mxqueue} where that
     * is the Session's protocol for internet mail ({@code mail.transport.protocol.rfc822}), else through {@code mx}; web servers
     * get a POST, the way that mail goes: with the same DNS and connector, from the same addresses, to none that is refused. Waits for
     * DNS, for the mail, and for each web server up to a minute.
     *
     * @throws IllegalArgumentException if the day is not over, or not kept any more; nothing was sent
     */
    public List<Sent> send(LocalDate day) {
        if (!day.isBefore(counts.today())) {
            throw new IllegalArgumentException("The day " + day + " is not over; reports are sent of days before "
                    + counts.today() + " (days are in UTC)");
        }
        return of(day).stream().map(this::send).toList();
    }

    /** The same for one report: the way to try again what had a problem. Who has it already knows it by its id. */
    public Sent send(TlsReport report) {
        Dispatch dispatch = new Dispatch(report);
        try (Discovery implementations = discovery()) {
            TlsRptRecord record = record(report.domain(), implementations);
            dispatch.mail(record.mailboxes());
            dispatch.upload(record.uploads(), implementations);
            dispatch.leaveOut(record.others());
        } catch (MessagingException e) {
            dispatch.problems.add(Printable.describe(e));
        } catch (LinkageError e) {
            dispatch.problems.add(String.valueOf(BrokenClassPathException.of(e).getMessage()));
        }
        return new Sent(report, dispatch.mailed, dispatch.uploaded, dispatch.problems);
    }

    /** A report on its way. */
    private final class Dispatch {

        private final TlsReport report;
        private final List<Mailbox> mailed = new ArrayList<>();
        private final List<URI> uploaded = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        Dispatch(TlsReport report) {
            this.report = report;
        }

        void mail(List<Mailbox> wanted) {
            List<Mailbox> recipients = withinLimit(wanted, problems::add);
            if (recipients.isEmpty()) {
                return;
            }
            boolean queued = MxQueueProvider.PROTOCOL.equals(session.getProperty("mail.transport.protocol.rfc822"));
            try (Transport transport = session.getTransport(queued ? new MxQueueProvider() : new MxProvider())) {
                MimeMessage message = message(report, recipients);
                transport.connect();
                transport.sendMessage(message, message.getAllRecipients());
                mailed.addAll(recipients);
            } catch (SendFailedException e) {
                mailed.addAll(mailboxes(e.getValidSentAddresses()));
                problems.add(e instanceof MxSendFailedException ours ? ours.getMessage() : Printable.describe(e));
            } catch (MessagingException e) {
                problems.add(Printable.describe(e));
            }
        }

        private static List<Mailbox> mailboxes(Address @Nullable [] addresses) {
            return addresses == null
                    ? List.of()
                    : Arrays.stream(addresses)
                            .map(address -> Mailbox.parse(address.toString()))
                            .toList();
        }

        void upload(List<HttpsRequest.Target> targets, Discovery implementations) throws MessagingException {
            if (targets.isEmpty()) {
                return;
            }
            HttpsClient web = PostroadTransport.read(() -> engine.https(implementations.plugins()));
            for (HttpsRequest.Target target : targets) {
                if (!counts.takeUpload(target.host())) {
                    problems.add("It is wanted at " + target + ", which has had " + TlsCounts.MAX_UPLOADS_A_DAY
                            + " reports today, the most that one web server gets");
                    continue;
                }
                try {
                    ReportUpload.upload(web, target, report);
                    uploaded.add(URI.create(target.toString()));
                } catch (IOException e) {
                    problems.add("It is wanted at " + target + ": " + Printable.describe(e));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    problems.add("It is wanted at " + target + ": the thread was interrupted");
                }
            }
        }

        void leaveOut(List<String> others) {
            others.forEach(other -> problems.add(
                    "It is wanted at " + other + ", which is no mailbox, and no web server on the usual port"));
        }
    }

    /**
     * A report as mail to those who want it so, not sent; empty where nobody does, or may get one more today. It counts as mailed. Waits for
     * DNS.
     *
     * @throws MessagingException if DNS does not say who wants it; later it may
     */
    public Optional<MimeMessage> message(TlsReport report) throws MessagingException {
        try (Discovery implementations = discovery()) {
            List<Mailbox> mailboxes = withinLimit(
                    record(report.domain(), implementations).mailboxes(),
                    problem -> LOGGER.log(Level.WARNING, problem));
            return mailboxes.isEmpty() ? Optional.empty() : Optional.of(message(report, mailboxes));
        }
    }

    private List<Mailbox> withinLimit(List<Mailbox> wanted, Consumer<String> problems) {
        List<Mailbox> within = new ArrayList<>();
        for (Mailbox mailbox : wanted) {
            if (counts.takeMail(mailbox)) {
                within.add(mailbox);
            } else {
                problems.accept("It is wanted by " + mailbox + ", who has had " + TlsCounts.MAX_MAILS_A_DAY
                        + " reports today, the most that one mailbox gets");
            }
        }
        return within;
    }

    private MimeMessage message(TlsReport report, List<Mailbox> recipients) throws MessagingException {
        return ReportMessage.of(session, report, counts.reporter().contact(), recipients, Date.from(Instant.now()));
    }

    private Discovery discovery() throws MessagingException {
        return PostroadTransport.read(() -> new Discovery(session.getProperties()));
    }

    /** Who wants the reports of that domain; nobody, where it does not say so. */
    private TlsRptRecord record(HostName domain, Discovery implementations) throws MessagingException {
        if (!domain.hasRoomFor(TlsRptRecord.LABEL)) {
            return TlsRptRecord.NOBODY;
        }
        HostName name = domain.prefixedWith(TlsRptRecord.LABEL);
        Deadline deadline = Deadline.after(engine.settings().dns().timeout());
        try {
            DnsAnswer<String> answer = engine.dns(implementations.plugins()).query(name, RecordType.TXT, deadline);
            if (answer instanceof DnsAnswer.Failed<String> failed) {
                throw new MessagingException("Who wants reports cannot be read at " + name + ": " + failed.reason());
            }
            return TlsRptRecord.parse(answer.recordsOrNone());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted while " + name + " was asked", e);
        }
    }
}
