// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jfr;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.postroad.api.BounceClass;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;

/** The events, each with its fields in words. Loaded only if the module {@code jdk.jfr} is there. */
final class JfrSpans {

    /** Whether an event is on is a static fact of its class, which only an object tells. */
    private static final DnsEvent ANY_DNS = new DnsEvent();

    private static final DialEvent ANY_DIAL = new DialEvent();
    private static final TlsHandshakeEvent ANY_TLS_HANDSHAKE = new TlsHandshakeEvent();
    private static final TransactionEvent ANY_TRANSACTION = new TransactionEvent();
    private static final QueueAttemptEvent ANY_QUEUE_ATTEMPT = new QueueAttemptEvent();

    private static final String OK = "ok";

    private JfrSpans() {}

    @Name("org.postroad.Dns")
    @Label("DNS question")
    @Description("A question to the resolver; answers from the cache have no event")
    @Category("Postroad")
    @StackTrace(false)
    @Threshold("1 ms")
    static final class DnsEvent extends Event {

        @Label("Name")
        String name = "";

        @Label("Record Type")
        String recordType = "";

        @Label("Result")
        @Description("found, no data, no such name, or the cause of a failure")
        String result = "";

        @Label("Records")
        int records;
    }

    @Name("org.postroad.Dial")
    @Label("Dial")
    @Description("Opening a TCP connection to one address")
    @Category("Postroad")
    @StackTrace(false)
    @Threshold("0 ms")
    static final class DialEvent extends Event {

        @Label("Host")
        String host = "";

        @Label("Address")
        String address = "";

        @Label("Port")
        int port;

        @Label("Family")
        String family = "";

        @Label("Result")
        @Description("ok, or the class of the exception")
        String result = "";
    }

    @Name("org.postroad.TlsHandshake")
    @Label("TLS Handshake")
    @Description("A TLS handshake with the check of the certificate")
    @Category("Postroad")
    @StackTrace(false)
    @Threshold("0 ms")
    static final class TlsHandshakeEvent extends Event {

        @Label("Host")
        String host = "";

        @Label("Address")
        String address = "";

        @Label("Protocol")
        String protocol = "";

        @Label("Cipher Suite")
        String cipherSuite = "";

        @Label("Protection")
        @Description("The level of protection reached: OPPORTUNISTIC, MTA_STS, DANE, VERIFIED; NONE after a failure")
        String protection = "";

        @Label("Result")
        @Description("ok, or the class of the exception")
        String result = "";
    }

    @Name("org.postroad.Transaction")
    @Label("Transaction")
    @Description("One SMTP transaction, from MAIL to the reply after the content")
    @Category("Postroad")
    @StackTrace(false)
    @Threshold("0 ms")
    static final class TransactionEvent extends Event {

        @Label("Host")
        String host = "";

        @Label("Address")
        String address = "";

        @Label("Connection")
        @Description("The number of the connection, as in the log")
        long connection;

        @Label("Recipients")
        int recipients;

        @Label("Accepted Recipients")
        int accepted;

        @Label("Reply Code")
        @Description(
                "The reply code for the first recipient that was not accepted, or for the first one; 0: no server replied")
        int replyCode;

        @Label("Bounce Class")
        @Description("Why the first recipient that was not accepted was not; empty if all were accepted")
        String bounceClass = "";
    }

    @Name("org.postroad.QueueAttempt")
    @Label("Queue Attempt")
    @Description("An attempt of the queue to deliver a message to a domain")
    @Category("Postroad")
    @StackTrace(false)
    @Threshold("0 ms")
    static final class QueueAttemptEvent extends Event {

        @Label("Queue Id")
        String id = "";

        @Label("Domain")
        String domain = "";

        @Label("Attempt")
        @Description("The number of the attempt, from 1")
        int attempt;

        @Label("Delivered Recipients")
        int delivered;

        @Label("Deferred Recipients")
        @Description("Temporary failures and results in doubt")
        int deferred;

        @Label("Failed Recipients")
        int failed;

        @Label("Status")
        @Description(
                "The enhanced status code of the first recipient that did not get the message, or of the first one")
        String status = "";
    }

    static boolean isDnsOn() {
        return ANY_DNS.isEnabled();
    }

    static boolean isDialOn() {
        return ANY_DIAL.isEnabled();
    }

    static boolean isTlsHandshakeOn() {
        return ANY_TLS_HANDSHAKE.isEnabled();
    }

    static boolean isTransactionOn() {
        return ANY_TRANSACTION.isEnabled();
    }

    static boolean isQueueAttemptOn() {
        return ANY_QUEUE_ATTEMPT.isEnabled();
    }

    static FlightSpan<DnsAnswer<?>> dns(HostName name, RecordType<?> type) {
        DnsEvent event = new DnsEvent();
        event.begin();
        return answer -> {
            event.end();
            if (event.shouldCommit()) {
                event.name = name.toString();
                event.recordType = type.toString();
                event.result = answer.fold(
                        found -> "found",
                        noData -> "no data",
                        noSuchName -> "no such name",
                        failed -> failed.cause().name().toLowerCase(Locale.ROOT));
                event.records = answer.recordsOrNone().size();
                event.commit();
            }
        };
    }

    static FlightSpan<Object> dial(RemoteMta remote) {
        DialEvent event = new DialEvent();
        event.begin();
        return result -> {
            event.end();
            if (event.shouldCommit()) {
                event.host = remote.host().toString();
                event.address = remote.address().toString();
                event.port = remote.port();
                event.family = remote.family().toString();
                event.result = result(result);
                event.commit();
            }
        };
    }

    private static String result(Object result) {
        return result instanceof Exception failure ? failure.getClass().getName() : OK;
    }

    static FlightSpan<Object> tlsHandshake(RemoteMta remote) {
        TlsHandshakeEvent event = new TlsHandshakeEvent();
        event.begin();
        return result -> {
            event.end();
            if (event.shouldCommit()) {
                event.host = remote.host().toString();
                event.address = remote.address().toString();
                TlsSummary tls = result instanceof TlsSummary reached ? reached : TlsSummary.NONE;
                tls.handshake().ifPresent(handshake -> {
                    event.protocol = handshake.protocol();
                    event.cipherSuite = handshake.cipherSuite();
                });
                event.protection = tls.level().name();
                event.result = result(result);
                event.commit();
            }
        };
    }

    static FlightSpan<List<RecipientOutcome>> transaction(RemoteMta remote, long connection, int recipients) {
        TransactionEvent event = new TransactionEvent();
        event.begin();
        return outcomes -> {
            event.end();
            if (event.shouldCommit()) {
                event.host = remote.host().toString();
                event.address = remote.address().toString();
                event.connection = connection;
                event.recipients = recipients;
                event.accepted = count(outcomes, outcome -> outcome.outcome() instanceof Outcome.Accepted);
                first(outcomes, outcome -> !(outcome.outcome() instanceof Outcome.Accepted))
                        .ifPresent(outcome -> {
                            event.replyCode = outcome.outcome()
                                    .serverReply()
                                    .map(reply -> reply.code())
                                    .orElse(0);
                            event.bounceClass =
                                    outcome.bounceClass().map(BounceClass::name).orElse("");
                        });
                event.commit();
            }
        };
    }

    /** Returns the first element that matches, else the first one. */
    private static <E> Optional<E> first(List<E> all, Predicate<E> wanted) {
        return all.stream().filter(wanted).findFirst().or(() -> all.stream().findFirst());
    }

    private static <E> int count(List<E> all, Predicate<E> wanted) {
        return (int) all.stream().filter(wanted).count();
    }

    static FlightSpan<List<RecipientReport>> queueAttempt(String id, Domain domain, int attempt) {
        QueueAttemptEvent event = new QueueAttemptEvent();
        event.begin();
        return reports -> {
            event.end();
            if (event.shouldCommit()) {
                event.id = id;
                event.domain = domain.toString();
                event.attempt = attempt;
                event.delivered = count(reports, report -> report.verdict() == Verdict.DELIVERED);
                event.failed = count(reports, report -> report.verdict() == Verdict.FAILED);
                event.deferred = reports.size() - event.delivered - event.failed;
                first(reports, report -> report.verdict() != Verdict.DELIVERED)
                        .ifPresent(report -> event.status = report.status().toString());
                event.commit();
            }
        };
    }
}
