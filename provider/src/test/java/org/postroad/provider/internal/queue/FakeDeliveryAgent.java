// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.deliver.ConnectionWaits;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.MessageForms;
import org.postroad.provider.internal.log.DeliveryLog;

/** Returns a scripted report for each delivery, and records its arguments. */
public final class FakeDeliveryAgent implements DeliveryAgent {

    public static final IpAddress ADDRESS = IpAddress.parse("192.0.2.1");

    private static final HostName HOST = HostName.parse("mx.test");
    private static final RemoteMta REMOTE = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HOST, ADDRESS, 25);

    /** Arguments of a delivery. */
    public record Handed(
            Optional<Mailbox> sender,
            List<Mailbox> recipients,
            String content,
            RetryHints way,
            ConnectionWaits waits) {}

    private final List<Handed> handed = Collections.synchronizedList(new ArrayList<>());
    private volatile Script script = mail -> says(250, "2.0.0 ok").apply(mail);

    /** Makes the report of a delivery. */
    @FunctionalInterface
    public interface Script {
        DomainReport answer(Handed mail) throws InterruptedException;
    }

    public void answers(Script next) {
        script = next;
    }

    public List<Handed> handed() {
        synchronized (handed) {
            return List.copyOf(handed);
        }
    }

    @Override
    public DomainReport deliver(MailObject mail, RetryHints way) throws InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ((MessageForms) mail.content()).original().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Handed one = new Handed(
                mail.envelope().sender(),
                mail.envelope().mailboxes(),
                out.toString(StandardCharsets.UTF_8),
                way,
                mail.waits());
        handed.add(one);
        return script.answer(one);
    }

    @Override
    public String destinationKey(Domain domain) {
        return "mx.test";
    }

    final List<DeliveryEvent> told = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void notifyListener(DeliveryEvent event) {
        synchronized (told) {
            told.add(event);
            told.notifyAll();
        }
    }

    /** Waits until so many events were sent to the listener. */
    public void awaitTold(int count) throws InterruptedException {
        synchronized (told) {
            while (told.size() < count) {
                told.wait();
            }
        }
    }

    @Override
    public DeliveryLog log() {
        return new DeliveryLog(false);
    }

    @Override
    public Host localHost() {
        return HostName.parse("self.test");
    }

    /** Returns a script that gives this reply to every recipient: to RCPT, or to the end of data in case of success. */
    public static Function<Handed, DomainReport> says(int code, String text) {
        Reply reply = new Reply(code, List.of(text));
        Outcome outcome = code < 300 ? new Outcome.Accepted(reply, false) : new Outcome.Refused(reply);
        Verdict verdict = code < 300 ? Verdict.DELIVERED : code < 500 ? Verdict.DEFERRED : Verdict.FAILED;
        Stage stage = code < 300 ? Stage.END_OF_DATA : Stage.RCPT;
        return mail -> report(mail, verdict, reply.status(), stage, outcome);
    }

    /** Returns the report of a destination that does not answer. */
    public static DomainReport isDown(Handed mail) {
        return report(
                mail,
                Verdict.DEFERRED,
                EnhancedStatus.NO_ANSWER_4_4_1,
                Stage.CONNECT,
                new Outcome.NoAnswer("connection refused"));
    }

    /** Returns the report of a delivery whose connection was lost after the end of the message. */
    public static DomainReport isInDoubt(Handed mail) {
        return report(
                mail,
                Verdict.IN_DOUBT,
                EnhancedStatus.BAD_CONNECTION_4_4_2,
                Stage.END_OF_DATA,
                new Outcome.InDoubt("connection reset"));
    }

    private static DomainReport report(
            Handed mail, Verdict verdict, EnhancedStatus status, Stage stage, Outcome outcome) {
        RecipientReport.DecidedBy by = new RecipientReport.DecidedBy(REMOTE, stage, outcome, TlsSummary.NONE);
        List<RecipientReport> reports = mail.recipients().stream()
                .map(mailbox -> new RecipientReport(
                        mailbox,
                        verdict,
                        status,
                        new RecipientReport.Decision("TRY-02", outcome.describe()),
                        Optional.of(by)))
                .toList();
        List<RecipientOutcome> outcomes = mail.recipients().stream()
                .map(mailbox -> new RecipientOutcome(mailbox, stage, outcome))
                .toList();
        Attempt attempt = new Attempt(REMOTE, Instant.EPOCH, Duration.ZERO, TlsSummary.NONE, outcomes);
        return new DomainReport(mail.recipients().get(0).domain(), List.of(), List.of(), List.of(attempt), reports);
    }
}
