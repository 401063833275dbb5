// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.DeliveryReport;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.MessageWarning;
import org.postroad.api.MtaStsResult;
import org.postroad.api.MxRecord;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecipientReport.DecidedBy;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.RecordType;
import org.postroad.api.RefusedAddress;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsaRecord;
import org.postroad.api.Verdict;

/** Reports for tests. */
final class SampleReport {

    private static final Instant START = Instant.parse("2026-03-01T08:30:00.250Z");
    private static final HostName DOMAIN = HostName.parse("example.org");
    private static final HostName MX = HostName.parse("mx.example.org");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::25");
    private static final IpAddress IPV4 = IpAddress.parse("192.0.2.25");
    private static final Mailbox ANNA = Mailbox.parse("anna@example.org");
    private static final Mailbox BEN = Mailbox.parse("ben@example.org");

    private static final ConnectionUse CONNECTION = new ConnectionUse(
            7,
            0,
            Map.of(
                    Stage.CONNECT, Duration.ofMillis(12),
                    Stage.GREETING, Duration.ofMillis(300),
                    Stage.EHLO, Duration.ofMillis(24),
                    Stage.STARTTLS, Duration.ofMillis(38),
                    Stage.MAIL, Duration.ofMillis(12),
                    Stage.RCPT, Duration.ofMillis(14),
                    Stage.DATA, Duration.ofMillis(20),
                    Stage.END_OF_DATA, Duration.ofMillis(420)));

    private SampleReport() {}

    /** Returns the report of a send as it can happen, for {@code REPORT.md}. */
    static DeliveryReport example() {
        TlsSummary tls = tls("TLSv1.3", "TLS_AES_256_GCM_SHA384", "X25519", "0f".repeat(32), "mx.example.org");
        RemoteMta silent = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, MX, IPV6, 25);
        RemoteMta remote = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, MX, IPV4, 25);
        Outcome noAnswer = new Outcome.NoAnswer("no answer in time");
        Outcome accepted = new Outcome.Accepted(new Reply(250, List.of("2.0.0 queued as 4KbX")), true);
        Outcome refused = new Outcome.Refused(new Reply(550, List.of("5.1.1 no such user", "5.1.1 here")));
        List<Attempt> attempts = List.of(
                new Attempt(
                        silent,
                        START,
                        Duration.ofMillis(250),
                        TlsSummary.NONE,
                        List.of(
                                new RecipientOutcome(ANNA, Stage.CONNECT, noAnswer),
                                new RecipientOutcome(BEN, Stage.CONNECT, noAnswer))),
                new Attempt(
                                remote,
                                START.plusMillis(250),
                                Duration.ofMillis(840),
                                tls,
                                List.of(
                                        new RecipientOutcome(ANNA, Stage.END_OF_DATA, accepted),
                                        new RecipientOutcome(BEN, Stage.RCPT, refused)))
                        .withConnection(CONNECTION));
        List<RecipientReport> recipients = List.of(
                new RecipientReport(
                        ANNA,
                        Verdict.DELIVERED,
                        EnhancedStatus.SUCCESS_2_0_0,
                        new Decision("TRY-01", "Accepted by " + remote + ": 250 2.0.0 queued as 4KbX"),
                        Optional.of(new DecidedBy(remote, Stage.END_OF_DATA, accepted, tls))),
                new RecipientReport(
                        BEN,
                        Verdict.FAILED,
                        EnhancedStatus.BAD_MAILBOX_5_1_1,
                        new Decision("TRY-02", "Rejected by " + remote + ": 550 5.1.1 no such user / 5.1.1 here"),
                        Optional.of(new DecidedBy(remote, Stage.RCPT, refused, tls))));
        DomainReport domain = new DomainReport(
                new Domain(DOMAIN),
                List.of(
                        found(DOMAIN, RecordType.MX, new MxRecord(10, new DnsName("mx.example.org"))),
                        found(MX, RecordType.AAAA, IPV6),
                        found(MX, RecordType.A, List.of(IPV4, IpAddress.parse("10.0.0.25")))),
                List.of(new RefusedAddress(MX, IpAddress.parse("10.0.0.25"), "private")),
                attempts,
                recipients,
                Optional.of(new MtaStsResult(MtaStsResult.Kind.ENFORCE, "mx.example.org (id 20260101)")));
        return new DeliveryReport(
                List.of(domain),
                List.of(new InvalidRecipient(
                        "carl@@example.org",
                        EnhancedStatus.BAD_MAILBOX_SYNTAX_5_1_3,
                        new Decision("RFC 5321 §4.1.2", "The local part has two at signs"))),
                List.of(new MessageWarning("Message-ID", "its domain \"localhost\" is not unique; set mail.from")));
    }

    /** Returns a report that has every part that a report can have, with this text wherever a text is free. */
    static DeliveryReport everything(String text) {
        TlsSummary tls = tls(text, text, text, text, text);
        Reply ok = new Reply(250, List.of("2.0.0 " + text, text));
        RemoteMta remote = new RemoteMta(RemoteMta.Role.RELAY, MX, IPV4, 25);
        List<Outcome> outcomes = List.of(
                new Outcome.Accepted(ok, false),
                new Outcome.Refused(new Reply(550, List.of("5.1.1 " + text, text))),
                new Outcome.NoAnswer(text),
                new Outcome.BadConnection(text),
                new Outcome.InDoubt(text),
                new Outcome.HostUnsuitable(EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, text));
        Attempt attempt = new Attempt(
                        remote,
                        START,
                        Duration.ofMillis(1),
                        tls,
                        outcomes.stream()
                                .map(outcome -> new RecipientOutcome(BEN, Stage.RCPT, outcome))
                                .toList(),
                        true)
                .withConnection(CONNECTION);
        RecipientReport recipient = new RecipientReport(
                BEN,
                Verdict.FAILED,
                EnhancedStatus.BAD_MAILBOX_5_1_1,
                new Decision(text, text),
                Optional.of(new DecidedBy(remote, Stage.RCPT, outcomes.get(1), tls)));
        DomainReport domain = new DomainReport(
                new Domain(DOMAIN),
                lookups(text),
                List.of(new RefusedAddress(MX, IPV4, text)),
                List.of(attempt),
                List.of(recipient),
                Optional.of(new MtaStsResult(MtaStsResult.Kind.TESTING, text)));
        return new DeliveryReport(
                List.of(domain),
                List.of(new InvalidRecipient(text, EnhancedStatus.BAD_MAILBOX_SYNTAX_5_1_3, new Decision(text, text))),
                List.of(new MessageWarning(text, text)));
    }

    private static List<Lookup<?>> lookups(String text) {
        DnsName foreign = new DnsName(text);
        Duration ttl = Duration.ofSeconds(300);
        List<DnsAnswer.Alias> aliases =
                List.of(new DnsAnswer.Alias(new DnsName("mx.example.org"), foreign, Security.SECURE));
        List<Lookup<?>> lookups = new ArrayList<>();
        lookups.add(new Lookup<>(
                DOMAIN,
                RecordType.MX,
                new DnsAnswer.Found<>(List.of(new MxRecord(10, foreign)), foreign, ttl, Security.SECURE)
                        .withAliases(aliases)));
        lookups.add(found(MX, RecordType.TLSA, new TlsaRecord(3, 1, 1, "ab")));
        lookups.add(found(MX, RecordType.A, IPV4));
        lookups.add(found(MX, new RecordType<>(text, 16, String.class), text));
        lookups.add(found(MX, RecordType.PTR, foreign));
        lookups.add(new Lookup<>(
                MX, RecordType.AAAA, new DnsAnswer.NoData<IpAddress>(ttl, Security.SECURE).withAliases(aliases)));
        lookups.add(new Lookup<>(
                MX, RecordType.AAAA, new DnsAnswer.NoSuchName<IpAddress>(ttl, Security.SECURE).withAliases(aliases)));
        lookups.add(new Lookup<>(MX, RecordType.AAAA, new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, text)));
        return lookups;
    }

    private static <R> Lookup<R> found(HostName name, RecordType<R> type, R record) {
        return found(name, type, List.of(record));
    }

    private static <R> Lookup<R> found(HostName name, RecordType<R> type, List<R> records) {
        return new Lookup<>(
                name,
                type,
                new DnsAnswer.Found<>(records, new DnsName(name.text()), Duration.ofSeconds(3600), Security.INSECURE));
    }

    private static TlsSummary tls(String protocol, String suite, String group, String fingerprint, String name) {
        return new TlsSummary(
                TlsSummary.Level.MTA_STS,
                Optional.of(new TlsSummary.Handshake(protocol, suite, Optional.of(group), List.of(name), fingerprint)),
                "certificate of " + name);
    }
}
