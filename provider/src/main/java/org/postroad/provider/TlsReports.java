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
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.HttpsRequest;
import org.postroad.provider.internal.jakarta.ReportMessage;
import org.postroad.provider.internal.tlsrpt.ReportUpload;
import org.postroad.provider.internal.tlsrpt.TlsCounts;
import org.postroad.provider.internal.tlsrpt.TlsRptRecord;

/**
 * Creates and sends reports to domains about TLS with their mail exchangers (RFC 8460). An application sends the reports of a day once
 * that day is over, in UTC:
 *
 * <pre>{@code
 * TlsReports reports = Postroad.tlsReports(session);
 * reports.send(LocalDate.now(ZoneOffset.UTC).minusDays(1));
 * }</pre>
 *
 * <p>The counts cover what Sessions with equal {@code mail.mx.*} settings sent in this process, with or without a queue. Each process has
 * reports of its own, which RFC 8460 allows. Today and the two days before are kept in memory; the end of the process or
 * {@link Postroad#close} discards them. Up to 10000 domains are counted in a day, 100 policies of each, and 100 different failures of each
 * policy; further failures are in the totals only.
 *
 * <p>A domain can name mailboxes and web servers that are not its own. Therefore one mailbox gets at most 100 reports in a day (UTC) and
 * one web server at most 1000, for all domains together; a report beyond that is listed as a problem.
 *
 * <p>RFC 8460 §3 requires a DKIM signature on mailed reports, which is not added here; {@link #message} returns a message for applications
 * that sign. Uploaded reports need no signature. Thread-safe.
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
        Engine engine = Engines.engine(Engines.properties(session));
        TlsCounts counts = engine.tlsCounts()
                .orElseThrow(
                        () -> new MessagingException("Nothing is counted for TLS reports; set mail.mx.tlsrpt.contact"
                                + " to the mailbox that they come from"));
        return new TlsReports(session, engine, counts);
    }

    /**
     * Result of sending a report.
     *
     * @param report the report
     * @param mailed the mailboxes to which it was sent
     * @param uploaded the URLs to which it was uploaded
     * @param problems human-readable reasons why a receiver named by the domain did not get it, or why the receivers are unknown
     */
    public record Dispatch(TlsReport report, List<Mailbox> mailed, List<URI> uploaded, List<String> problems) {
        /** Copies the lists. */
        public Dispatch {
            mailed = List.copyOf(mailed);
            uploaded = List.copyOf(uploaded);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Returns the reports of a day, one for each counted domain, whether or not the domain wants reports. Those of today are not complete
     * yet.
     *
     * @param day in UTC: today or one of the two days before
     * @return the reports, in the order in which mail was first sent to the domains
     * @throws IllegalArgumentException if the day is no longer kept, or in the future
     */
    public List<TlsReport> of(LocalDate day) {
        return counts.reports(day);
    }

    /**
     * Sends the reports of a day to the receivers that the domains name, one after the other. Mail goes through {@code mxqueue} if that is
     * the protocol of the Session for internet mail ({@code mail.transport.protocol.rfc822}), else through {@code mx}. Web servers get a
     * POST, with the same DNS, connector, source addresses and refused addresses as mail. Waits for DNS, for the mail, and for each web
     * server up to one minute.
     *
     * @param day in UTC: yesterday or the day before
     * @return one result for each report, including those that no receiver wants
     * @throws IllegalArgumentException if the day is not over, or no longer kept; nothing was sent
     */
    public List<Dispatch> send(LocalDate day) {
        if (!day.isBefore(counts.today())) {
            throw new IllegalArgumentException("The day " + day + " is not over; reports are sent of days before "
                    + counts.today() + " (days are in UTC)");
        }
        return of(day).stream().map(this::send).toList();
    }

    /**
     * Sends one report, for example again after a problem. Receivers that have it already recognize it by its id. Waits as
     * {@link #send(LocalDate)} does.
     *
     * @param report a report of {@link #of}
     * @return the result
     */
    public Dispatch send(TlsReport report) {
        Dispatching dispatch = new Dispatching(report);
        try (PluginDiscovery implementations = discovery()) {
            TlsRptRecord record = record(report.domain(), implementations);
            dispatch.mail(record.mailboxes());
            dispatch.upload(record.uploads(), implementations);
            dispatch.reportUnsupported(record.others());
        } catch (MessagingException e) {
            dispatch.problems.add(Printable.describe(e));
        } catch (LinkageError e) {
            dispatch.problems.add(String.valueOf(BrokenClassPathException.of(e).getMessage()));
        }
        return new Dispatch(report, dispatch.mailed, dispatch.uploaded, dispatch.problems);
    }

    /** Sends one report and collects the result. */
    private final class Dispatching {

        private final TlsReport report;
        private final List<Mailbox> mailed = new ArrayList<>();
        private final List<URI> uploaded = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();

        Dispatching(TlsReport report) {
            this.report = report;
        }

        void mail(List<Mailbox> wanted) {
            List<Mailbox> recipients = withinLimit(wanted, problems::add);
            if (recipients.isEmpty()) {
                return;
            }
            boolean queued = MxQueueTransport.PROTOCOL.equals(session.getProperty("mail.transport.protocol.rfc822"));
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

        void upload(List<HttpsRequest.HttpsTarget> targets, PluginDiscovery implementations) throws MessagingException {
            if (targets.isEmpty()) {
                return;
            }
            HttpsClient web = Engines.read(() -> engine.https(implementations.plugins()));
            for (HttpsRequest.HttpsTarget target : targets) {
                if (!counts.tryCountUpload(target.host())) {
                    problems.add("Not uploaded to " + target + ": it already got " + TlsCounts.MAX_UPLOADS_A_DAY
                            + " reports today, the daily limit");
                    continue;
                }
                try {
                    ReportUpload.upload(web, target, report);
                    uploaded.add(URI.create(target.toString()));
                } catch (IOException e) {
                    problems.add("Upload to " + target + " failed: " + Printable.describe(e));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    problems.add("Upload to " + target + " failed: the thread was interrupted");
                }
            }
        }

        void reportUnsupported(List<String> others) {
            others.forEach(
                    other -> problems.add(other + " is not used: only mailto and https on port 443 are supported"));
        }
    }

    /**
     * Returns a report as a message to the mailboxes that the domain names, without sending it. It counts as mailed for the daily limit; a
     * mailbox beyond that limit is left out and logged. Waits for DNS.
     *
     * @param report a report of {@link #of}
     * @return empty if the domain names no mailbox, or none that may get another report today
     * @throws MessagingException if the receivers cannot be looked up now
     */
    public Optional<MimeMessage> message(TlsReport report) throws MessagingException {
        try (PluginDiscovery implementations = discovery()) {
            List<Mailbox> mailboxes = withinLimit(
                    record(report.domain(), implementations).mailboxes(),
                    problem -> LOGGER.log(Level.WARNING, problem));
            return mailboxes.isEmpty() ? Optional.empty() : Optional.of(message(report, mailboxes));
        }
    }

    private List<Mailbox> withinLimit(List<Mailbox> wanted, Consumer<String> problems) {
        List<Mailbox> within = new ArrayList<>();
        for (Mailbox mailbox : wanted) {
            if (counts.tryCountMail(mailbox)) {
                within.add(mailbox);
            } else {
                problems.accept("Not mailed to " + mailbox + ": it already got " + TlsCounts.MAX_MAILS_A_DAY
                        + " reports today, the daily limit");
            }
        }
        return within;
    }

    private MimeMessage message(TlsReport report, List<Mailbox> recipients) throws MessagingException {
        return ReportMessage.of(session, report, counts.reporter().contact(), recipients, Date.from(Instant.now()));
    }

    private PluginDiscovery discovery() throws MessagingException {
        return Engines.read(() -> new PluginDiscovery(Engines.properties(session)));
    }

    /** Looks up the receivers of the reports of a domain; none if it has no TLSRPT record. */
    private TlsRptRecord record(HostName domain, PluginDiscovery implementations) throws MessagingException {
        if (!domain.hasRoomFor(TlsRptRecord.LABEL)) {
            return TlsRptRecord.NONE;
        }
        HostName name = domain.prefixedWith(TlsRptRecord.LABEL);
        Deadline deadline = Deadline.after(engine.settings().dns().timeout());
        try {
            DnsAnswer<String> answer = engine.dns(implementations.plugins()).query(name, RecordType.TXT, deadline);
            if (answer instanceof DnsAnswer.Failed<String> failed) {
                throw new MessagingException(
                        "The receivers of reports cannot be looked up at " + name + ": " + failed.reason());
            }
            return TlsRptRecord.parse(answer.recordsOrNone());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MessagingException("The thread was interrupted while " + name + " was asked", e);
        }
    }
}
