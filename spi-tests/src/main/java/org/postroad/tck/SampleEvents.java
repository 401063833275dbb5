// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.MxRecord;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RefusedAddress;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsSummary;
import org.postroad.api.Verdict;

/**
 * Sample events of deliveries to one domain.
 *
 * @param domain the recipient domain
 */
record SampleEvents(Domain domain) {

    private static final Duration TTL = Duration.ofMinutes(5);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final MailContext MAIL = MailContext.direct(
            Optional.of(Mailbox.parse("me@sender.test")), Optional.of("order-4711"), Optional.of("<1@sender.test>"));

    static SampleEvents of(String domain) {
        return new SampleEvents(Domain.parse(domain));
    }

    /** Returns lookups of the domain's MX records and of the addresses of its host. */
    List<DeliveryEvent> lookups() {
        return List.of(
                lookedUp(RecordType.MX, found(new MxRecord(10, new DnsName("mx.example.test")))),
                lookedUp(RecordType.AAAA, found(IpAddress.parse("2001:db8::1"))),
                lookedUp(RecordType.A, found(IpAddress.parse("192.0.2.1"))));
    }

    /** Returns a lookup for each kind of DNS answer, and for each cause of failure. */
    List<DeliveryEvent> lookupsOfEachKind() {
        List<DeliveryEvent> events = new ArrayList<>(lookups());
        events.add(lookedUp(RecordType.A, new DnsAnswer.NoData<>(TTL, Security.SECURE)));
        events.add(lookedUp(RecordType.MX, new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.UNKNOWN)));
        for (DnsAnswer.Cause cause : DnsAnswer.Cause.values()) {
            events.add(lookedUp(RecordType.AAAA, new DnsAnswer.Failed<>(cause, "the server 192.0.2.53 said so")));
        }
        return events;
    }

    private static <R> DnsAnswer<R> found(R record) {
        return new DnsAnswer.Found<>(List.of(record), new DnsName("example.test"), TTL, Security.INSECURE);
    }

    <R> DeliveryEvent lookedUp(RecordType<R> type, DnsAnswer<R> answer) {
        return new DeliveryEvent.LookedUp(
                domain, MAIL, START, new Lookup<>(HostName.parse("example.test"), type, answer));
    }

    /** Returns one dial for each role of an MTA: to a host with a name, and to an address. */
    List<DeliveryEvent> dials() {
        return Arrays.stream(RemoteMta.Role.values())
                .filter(RemoteMta.Role::isMta)
                .<DeliveryEvent>map(role -> new DeliveryEvent.Connecting(domain, MAIL, START, remote(role)))
                .toList();
    }

    private static RemoteMta remote(RemoteMta.Role role) {
        return role == RemoteMta.Role.MAIL_EXCHANGER
                ? new RemoteMta(role, HostName.parse("mx.example.test"), IpAddress.parse("2001:db8::1"), 25)
                : new RemoteMta(role, IpAddress.parse("192.0.2.1"), IpAddress.parse("192.0.2.1"), 587);
    }

    /** Returns a contact with this outcome and level of protection. */
    DeliveryEvent attempted(Outcome outcome, TlsSummary.Level level) {
        return new DeliveryEvent.Attempted(domain, MAIL, START, attempt(outcome, level));
    }

    private Attempt attempt(Outcome outcome, TlsSummary.Level level) {
        return new Attempt(
                        remote(RemoteMta.Role.MAIL_EXCHANGER),
                        START,
                        Duration.ofMillis(7),
                        new TlsSummary(
                                level, level == TlsSummary.Level.NONE ? "no TLS" : "TLSv1.3 TLS_AES_256_GCM_SHA384"),
                        List.of(new RecipientOutcome(recipient(), stage(outcome), outcome)))
                .withConnection(new ConnectionUse(
                        7, 0, Map.of(Stage.CONNECT, Duration.ofMillis(2), Stage.EHLO, Duration.ofMillis(5))));
    }

    private static Stage stage(Outcome outcome) {
        return outcome.fold(
                accepted -> Stage.END_OF_DATA,
                refused -> Stage.RCPT,
                noAnswer -> Stage.CONNECT,
                badConnection -> Stage.EHLO,
                inDoubt -> Stage.END_OF_DATA,
                unfit -> Stage.STARTTLS);
    }

    /** Returns outcomes of each kind. */
    static List<Outcome> outcomes() {
        return List.of(
                new Outcome.Accepted(new Reply(250, List.of("2.0.0 queued as 4711")), true),
                new Outcome.Refused(new Reply(451, List.of("4.7.1 greylisted", "try again in 5 minutes"))),
                new Outcome.Refused(new Reply(550, List.of("5.1.1 no such user"))),
                new Outcome.NoAnswer("Connection refused"),
                new Outcome.BadConnection("the server closed the connection"),
                new Outcome.InDoubt("the connection was lost after the end of data"),
                new Outcome.HostUnsuitable(
                        EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, "the certificate is for another host"));
    }

    /** Returns a contact for each outcome and each level of protection. */
    List<DeliveryEvent> attempts() {
        return outcomes().stream()
                .flatMap(outcome -> Arrays.stream(TlsSummary.Level.values()).map(level -> attempted(outcome, level)))
                .toList();
    }

    /** Returns, for each kind of policy, a successful session and each failure without a connection. */
    List<DeliveryEvent> tlsResults() {
        RemoteMta host = remote(RemoteMta.Role.MAIL_EXCHANGER);
        List<TlsResult> results = new ArrayList<>();
        for (TlsResult.Type type : TlsResult.Type.values()) {
            TlsResult.Policy policy = new TlsResult.Policy(type, HostName.parse("example.test"));
            results.add(new TlsResult(policy, host, Optional.of(IpAddress.parse("2001:db8::2")), Optional.empty()));
            for (TlsFailure.Type failure : TlsFailure.Type.values()) {
                results.add(new TlsResult(
                        policy,
                        host,
                        Optional.empty(),
                        Optional.of(new TlsFailure(failure, "the certificate has expired"))));
            }
        }
        return results.stream()
                .<DeliveryEvent>map(result -> new DeliveryEvent.TlsConcluded(domain, MAIL, START, result))
                .toList();
    }

    /** Returns selections with no relay, one relay, and two relays of which one has credentials. */
    List<DeliveryEvent> relays() {
        Relay open = Relay.parse("smtp://relay.example.test");
        Relay secured = Relay.parse("smtps://user:secret@[2001:db8::25]:465");
        return List.of(
                new DeliveryEvent.RelaysSelected(domain, MAIL, START, List.of()),
                new DeliveryEvent.RelaysSelected(domain, MAIL, START, List.of(open)),
                new DeliveryEvent.RelaysSelected(domain, MAIL, START, List.of(secured, open)));
    }

    /** Returns the end of a delivery with this verdict, decided by the contact with this outcome or by none. */
    DeliveryEvent concluded(Verdict verdict, Optional<Outcome> outcome) {
        EnhancedStatus status = switch (verdict) {
            case DELIVERED, QUEUED -> EnhancedStatus.SUCCESS_2_0_0;
            case FAILED -> EnhancedStatus.UNABLE_TO_ROUTE_5_4_4;
            case DEFERRED -> EnhancedStatus.NO_ANSWER_4_4_1;
            case IN_DOUBT -> EnhancedStatus.BAD_CONNECTION_4_4_2;
        };
        RecipientReport recipient = new RecipientReport(
                recipient(),
                verdict,
                status,
                new RecipientReport.Decision("TRY-01", "The last contact decided"),
                outcome.map(end -> new RecipientReport.DecidedBy(
                        remote(RemoteMta.Role.MAIL_EXCHANGER), stage(end), end, TlsSummary.NONE)));
        List<Attempt> attempts =
                outcome.stream().map(end -> attempt(end, TlsSummary.Level.NONE)).toList();
        Lookup<IpAddress> lookup =
                new Lookup<>(HostName.parse("mx.example.test"), RecordType.A, found(IpAddress.parse("192.0.2.1")));
        RefusedAddress refused =
                new RefusedAddress(HostName.parse("mx.example.test"), IpAddress.parse("10.0.0.1"), "private");
        return new DeliveryEvent.Concluded(
                domain,
                MAIL,
                START,
                new DomainReport(domain, List.of(lookup), List.of(refused), attempts, List.of(recipient)));
    }

    /** Returns the events at the start and the end of a send that never began to deliver. */
    List<DeliveryEvent> send() {
        RecipientReport deferred = new RecipientReport(
                recipient(),
                Verdict.DEFERRED,
                EnhancedStatus.MAIL_SYSTEM_4_3_0,
                new RecipientReport.Decision("END-01", "The delivery never began"),
                Optional.empty());
        return List.of(
                new DeliveryEvent.SendStarted(domain, MAIL, START, List.of(recipient()), 1),
                new DeliveryEvent.SendEnded(
                        domain, MAIL, START, DomainReport.withoutContact(domain, List.of(deferred))));
    }

    /** Returns an event of each kind that a queue sends. */
    List<DeliveryEvent> ofQueue() {
        MailContext mail = MAIL.inQueue("0MWVTBNHD28TTJRXIUQMGU31M53MQ8T6NGZ", 2);
        List<RecipientReport> failed = List.of(new RecipientReport(
                recipient(),
                Verdict.FAILED,
                EnhancedStatus.BAD_MAILBOX_5_1_1,
                new RecipientReport.Decision("TRY-02", "550 5.1.1 no such user"),
                Optional.empty()));
        List<RecipientReport> deferred = List.of(new RecipientReport(
                recipient(),
                Verdict.DEFERRED,
                EnhancedStatus.NO_ANSWER_4_4_1,
                new RecipientReport.Decision("END-01", "No host answered"),
                Optional.empty()));
        return List.of(
                new DeliveryEvent.Queued(domain, mail, START, List.of(recipient())),
                new DeliveryEvent.Deferred(domain, mail, START, deferred, START.plus(TTL)),
                new DeliveryEvent.Expired(domain, mail, START, deferred),
                new DeliveryEvent.Bounced(domain, mail, START, failed, true),
                new DeliveryEvent.Bounced(domain, mail, START, deferred, false),
                new DeliveryEvent.DoubleBounced(
                        domain,
                        MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty())
                                .inQueue("0MWVTBNHD28TTJRXIUQMGU31M53MQ8T6NGZ", 1),
                        START,
                        failed),
                new DeliveryEvent.Held(domain, mail, START, "An operator holds it"),
                new DeliveryEvent.Released(domain, mail, START),
                new DeliveryEvent.Removed(domain, mail, START));
    }

    /** Returns an event of a kind that no listener knows, as later versions have. */
    DeliveryEvent ofUnknownKind() {
        return new OfUnknownKind(domain);
    }

    private static final class OfUnknownKind extends DeliveryEvent {

        OfUnknownKind(Domain domain) {
            super(domain, MAIL, START, "something new");
        }
    }

    /** Returns a whole delivery: the first host does not answer, the second one greylists, the relay accepts the mail. */
    List<DeliveryEvent> story() {
        List<DeliveryEvent> story = new ArrayList<>(lookups());
        List<DeliveryEvent> dials = dials();
        List<Outcome> outcomes = outcomes();
        story.add(dials.get(0));
        story.add(attempted(outcomes.get(3), TlsSummary.Level.NONE));
        story.add(dials.get(0));
        story.add(attempted(outcomes.get(1), TlsSummary.Level.OPPORTUNISTIC));
        story.add(relays().get(1));
        story.add(dials.get(2));
        story.add(attempted(outcomes.get(0), TlsSummary.Level.VERIFIED));
        story.add(concluded(Verdict.DELIVERED, Optional.of(outcomes.get(0))));
        return story;
    }

    private Mailbox recipient() {
        return new Mailbox("user", domain);
    }
}
