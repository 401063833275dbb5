// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Security;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.sts.StsPolicies;
import org.postroad.provider.internal.tls.PeerAuthentication;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.provider.internal.tls.RequiredProtection;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsLadder;
import org.postroad.spi.MailDns;

/** Which published policies are looked up for an address, how often and for how long, and what they lead to. */
class TlsPolicyLookupTest {

    private static final Domain DOMAIN = Domain.parse("example.test");

    private final VirtualClock clock = new VirtualClock();
    private final List<HostName> asked = new ArrayList<>();

    /** Does not answer TXT questions: uses up all available time, and answers that ran out of time are not cached. */
    private final MailDns silent = new MailDns() {
        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) {
            asked.add(name);
            clock.advance(deadline.remaining());
            return new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "silence");
        }
    };

    /** Regardless of the number of hosts. */
    @Test
    void TLS_11_aFailingLookupUsesItsShareOfTheTimeOnce() throws Exception {
        StsPolicies policies = new StsPolicies(silent, clock, Optional.empty());
        Deadline send = Deadline.after(Duration.ofSeconds(24), clock);
        List<Lookup<String>> lookups = new ArrayList<>();
        TlsPreferences.StsSource source = (domain, host, deadline) -> {
            policies.find(
                    domain,
                    (owner, limit) -> {
                        throw new AssertionError("nothing is announced");
                    },
                    deadline,
                    lookups::add);
            return new TlsPreferences.StsLookup(
                    PublishedTlsPolicies.PublishedSts.ABSENT, lookups.stream().findFirst(), Optional.empty());
        };
        TlsPreferences policy = new TlsPreferences(StartTls.OPPORTUNISTIC, true, false, source, TlsDemand.NONE);
        TlsPolicyLookup inquiry = new TlsPolicyLookup(
                DOMAIN,
                policy,
                new DaneInquiry.TlsQuestions() {
                    @Override
                    public <R> Lookup<R> ask(HostName name, RecordType<R> type) {
                        throw new AssertionError("DANE is switched off");
                    }
                },
                said -> {},
                send);
        for (int i = 1; i <= 10; i++) {
            RemoteMta remote = new RemoteMta(
                    RemoteMta.Role.MAIL_EXCHANGER,
                    HostName.parse("mx" + i + ".example.test"),
                    IpAddress.parse("192.0.2." + i),
                    25);
            inquiry.decide(remote, List.of(), List.of());
        }
        assertThat(asked).containsExactly(HostName.parse("_mta-sts.example.test"));
        assertThat(send.remaining()).isEqualTo(Duration.ofSeconds(16));
    }

    private static final HostName HOST = HostName.parse("mx1.example.test");
    private static final TlsResult.Policy STS_POLICY =
            new TlsResult.Policy(TlsResult.Type.STS, HostName.parse("example.test"));
    private static final TlsFailure FAILURE = new TlsFailure(TlsFailure.Type.VALIDATION_FAILURE, "no");
    private static final TlsaRecord USABLE = new TlsaRecord(3, 1, 1, "ab".repeat(32));
    private static final TlsaRecord UNUSABLE = new TlsaRecord(1, 1, 1, "ab".repeat(32));
    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));
    private static final IpAddress SOURCE = IpAddress.parse("198.51.100.1");

    private final List<String> questions = new ArrayList<>();
    private final List<TlsPreferences.StsLookup> heard = new ArrayList<>();

    /** Answers each host alike, and records who asked. */
    private TlsPreferences.StsSource sts(PublishedTlsPolicies.PublishedSts answer) {
        return new TlsPreferences.StsSource() {
            @Override
            public TlsPreferences.StsLookup lookUp(Domain domain, HostName host, Deadline deadline) {
                questions.add("sts " + host);
                return new TlsPreferences.StsLookup(answer, Optional.empty(), Optional.empty());
            }

            @Override
            public void prepare(Domain domain, Deadline deadline) {
                questions.add("prepare " + domain);
            }
        };
    }

    private static TlsPreferences preferences(StartTls own, TlsPreferences.StsSource sts, TlsDemand demand) {
        return new TlsPreferences(own, true, true, sts, demand);
    }

    private TlsPolicyLookup lookup(String domain, TlsPreferences preferences, DnsAnswer<TlsaRecord> tlsa) {
        return new TlsPolicyLookup(
                Domain.parse(domain),
                preferences,
                new DaneInquiry.TlsQuestions() {
                    @Override
                    @SuppressWarnings("unchecked") // asked for TLSA records only
                    public <R> Lookup<R> ask(HostName name, RecordType<R> type) {
                        questions.add(type + " " + name);
                        return new Lookup<>(name, type, (DnsAnswer<R>) tlsa);
                    }
                },
                heard::add,
                LATER);
    }

    private TlsPolicyLookup lookup(TlsPreferences.StsSource sts, TlsaRecord... records) {
        return lookup("example.test", preferences(StartTls.OPPORTUNISTIC, sts, TlsDemand.NONE), tlsa(records));
    }

    private static DnsAnswer<TlsaRecord> tlsa(TlsaRecord... records) {
        return records.length == 0
                ? new DnsAnswer.NoData<>(Duration.ZERO, Security.SECURE)
                : new DnsAnswer.Found<>(List.of(records), new DnsName("x"), Duration.ZERO, Security.SECURE);
    }

    private static RemoteMta mx(HostName host, int number) {
        return new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, host, IpAddress.parse("192.0.2." + number), 25);
    }

    /** An answer with an address, whose alias chain ends at this name. */
    private static List<DnsAnswer.Found<IpAddress>> address(String end, Security security) {
        return List.of(new DnsAnswer.Found<>(
                List.of(IpAddress.parse("192.0.2.1")), new DnsName(end), Duration.ZERO, security));
    }

    private static final List<DnsAnswer.Found<IpAddress>> SIGNED = address(HOST.text(), Security.SECURE);
    private static final List<DnsAnswer.Found<IpAddress>> UNSIGNED = address(HOST.text(), Security.INSECURE);

    private static Lookup<?> mxAnswer(String name, String end, Security security) {
        return new Lookup<>(
                HostName.parse(name),
                RecordType.MX,
                new DnsAnswer.Found<>(
                        List.of(new MxRecord(10, new DnsName(HOST.text()))),
                        new DnsName(end),
                        Duration.ZERO,
                        security));
    }

    @Test
    void mtasts_thePolicyIsAskedOncePerHost() throws Exception {
        TlsPolicyLookup lookup = lookup(sts(new PublishedTlsPolicies.PublishedSts.Enforce(STS_POLICY, true)));
        HostName other = HostName.parse("mx2.example.test");
        TlsLadder.Decision enforced = new TlsLadder.Protect(new RequiredProtection(
                StartTls.REQUIRED, new PeerAuthentication.Certificate(), TlsSummary.Level.MTA_STS));
        assertThat(lookup.decide(mx(HOST, 1), UNSIGNED, List.of())).isEqualTo(enforced);
        assertThat(lookup.decide(mx(HOST, 2), UNSIGNED, List.of())).isEqualTo(enforced);
        assertThat(lookup.decide(mx(other, 3), List.of(), List.of())).isEqualTo(enforced);
        assertThat(questions).containsExactly("sts " + HOST, "sts " + other);
        assertThat(heard).hasSize(2);
    }

    private static Stream<PublishedTlsPolicies.PublishedSts> noPolicies() {
        return Stream.of(
                PublishedTlsPolicies.PublishedSts.ABSENT,
                new PublishedTlsPolicies.PublishedSts.PolicyUnavailable(STS_POLICY, FAILURE));
    }

    @ParameterizedTest
    @MethodSource("noPolicies")
    void TLS_11_aDomainWithoutPolicyIsAskedOnce(PublishedTlsPolicies.PublishedSts none) throws Exception {
        TlsPolicyLookup lookup = lookup(sts(none));
        lookup.decide(mx(HOST, 1), UNSIGNED, List.of());
        HostName other = HostName.parse("mx2.example.test");
        assertThat(lookup.decide(mx(other, 2), List.of(), List.of())).isInstanceOf(TlsLadder.Protect.class);
        assertThat(questions).containsExactly("sts " + HOST);
        assertThat(lookup.resultWithoutSession(mx(other, 2)).flatMap(TlsResult::failure))
                .isEqualTo(
                        none instanceof PublishedTlsPolicies.PublishedSts.PolicyUnavailable
                                ? Optional.of(FAILURE)
                                : Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "OPPORTUNISTIC, NONE, true, true",
        "DISABLED, NONE, true, false",
        "OPPORTUNISTIC, WAIVED, true, false",
        "OPPORTUNISTIC, NONE, false, false",
    })
    void mtasts_thePolicyIsPreparedOnceWhereItIsObserved(
            StartTls own, TlsDemand demand, boolean lookedUp, boolean prepared) {
        TlsPreferences.StsSource source =
                lookedUp ? sts(PublishedTlsPolicies.PublishedSts.ABSENT) : TlsPreferences.StsSource.NONE;
        TlsPolicyLookup lookup = lookup("example.test", preferences(own, source, demand), tlsa());
        List<Runnable> tasks = new ArrayList<>();
        lookup.prepare(tasks::add);
        lookup.prepare(tasks::add);
        tasks.forEach(Runnable::run);
        assertThat(tasks).hasSize(prepared ? 1 : 0);
        assertThat(questions).isEqualTo(prepared ? List.of("prepare example.test") : List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "RELAY, mx1.example.test, example.test",
        "MAIL_EXCHANGER, 192.0.2.1, example.test",
        "MAIL_EXCHANGER, mx1.example.test, [192.0.2.1]"
    })
    void policies_nothingIsLookedUpForARelayOrAnAddress(RemoteMta.Role role, String host, String domain)
            throws Exception {
        TlsPolicyLookup lookup = lookup(
                domain,
                preferences(StartTls.OPPORTUNISTIC, sts(PublishedTlsPolicies.PublishedSts.ABSENT), TlsDemand.NONE),
                tlsa(USABLE));
        RemoteMta remote = new RemoteMta(
                role,
                Character.isDigit(host.charAt(0)) ? IpAddress.parse(host) : HostName.parse(host),
                IpAddress.parse("192.0.2.1"),
                25);
        assertThat(lookup.decide(remote, SIGNED, List.of()))
                .isEqualTo(new TlsLadder.Protect(RequiredProtection.unauthenticated(StartTls.OPPORTUNISTIC)));
        assertThat(questions).isEmpty();
        assertThat(lookup.result(remote, SOURCE, Optional.of(FAILURE))).isEmpty();
        assertThat(lookup.resultWithoutSession(remote)).isEmpty();
    }

    @Test
    void TLS_06_anAddressIsLookedUpOnce() throws Exception {
        TlsPolicyLookup lookup = lookup(sts(PublishedTlsPolicies.PublishedSts.ABSENT), USABLE);
        TlsLadder.Decision first = lookup.decide(mx(HOST, 1), SIGNED, List.of());
        assertThat(lookup.decide(mx(HOST, 1), UNSIGNED, List.of())).isEqualTo(first);
        assertThat(questions).containsExactly("TLSA _25._tcp." + HOST, "sts " + HOST);
        assertThat(lookup.decide(mx(HOST, 2), UNSIGNED, List.of())).isNotEqualTo(first);
    }

    @Test
    void TLS_08_aHostThatIsSkippedNeedsNoPolicy() throws Exception {
        TlsPolicyLookup lookup = lookup(
                "example.test",
                preferences(StartTls.OPPORTUNISTIC, sts(PublishedTlsPolicies.PublishedSts.ABSENT), TlsDemand.NONE),
                new DnsAnswer.Failed<>(DnsAnswer.Cause.BOGUS, "signature expired"));
        assertThat(lookup.decide(mx(HOST, 1), SIGNED, List.of())).isInstanceOf(TlsLadder.SkipHost.class);
        assertThat(questions).containsExactly("TLSA _25._tcp." + HOST);
        assertThat(lookup.resultWithoutSession(mx(HOST, 1)).orElseThrow()).satisfies(result -> {
            assertThat(result.policy().type()).isEqualTo(TlsResult.Type.TLSA);
            assertThat(result.source()).isEmpty();
            assertThat(result.failure().orElseThrow().type()).isEqualTo(TlsFailure.Type.DNSSEC_INVALID);
        });
    }

    @Test
    void tlsrpt_theFailureOfTheSessionIsReportedBeforeThatOfThePolicy() throws Exception {
        TlsPolicyLookup lookup = lookup(sts(PublishedTlsPolicies.PublishedSts.ABSENT), UNUSABLE);
        RemoteMta remote = mx(HOST, 1);
        lookup.decide(remote, SIGNED, List.of());
        TlsResult own = lookup.result(remote, SOURCE, Optional.of(FAILURE)).orElseThrow();
        assertThat(own.failure()).contains(FAILURE);
        assertThat(own.source()).contains(SOURCE);
        assertThat(own.policy().lines()).containsExactly(UNUSABLE.toString());
        assertThat(lookup.result(remote, SOURCE, Optional.empty())
                        .orElseThrow()
                        .failure()
                        .orElseThrow()
                        .type())
                .isEqualTo(TlsFailure.Type.TLSA_INVALID);
    }

    /** RFC 7672 §3.2.2: the names that a certificate may carry for a DANE-TA record, apart from that of the records. */
    @ParameterizedTest
    @CsvSource({
        // domain, the name of the MX answer, the end of its aliases, its security, the names
        "example.test, example.test, example.test, SECURE, example.test",
        "example.test, example.test, end.test, SECURE, example.test end.test",
        "example.test, example.test, end.test, INSECURE, ''",
        "example.test, other.test, end.test, SECURE, ''",
        "mx1.example.test, other.test, end.test, SECURE, mx1.example.test",
    })
    void TLS_07_theNamesOfTheDomainCountIfDnssecProvesThem(
            String domain, String asked, String end, Security security, String names) throws Exception {
        TlsPolicyLookup lookup = lookup(
                domain,
                preferences(StartTls.OPPORTUNISTIC, sts(PublishedTlsPolicies.PublishedSts.ABSENT), TlsDemand.NONE),
                tlsa(USABLE));
        TlsLadder.Protect protect =
                (TlsLadder.Protect) lookup.decide(mx(HOST, 1), SIGNED, List.of(mxAnswer(asked, end, security)));
        Set<HostName> expected = new HashSet<>(Set.of(HOST));
        Stream.of(names.split(" "))
                .filter(name -> !name.isEmpty())
                .map(HostName::parse)
                .forEach(expected::add);
        assertThat(protect.protection().proof()).isEqualTo(new PeerAuthentication.Dane(Set.of(USABLE), expected));
    }

    /** The host is the end of an alias that is the domain. */
    @Test
    void TLS_07_aDomainWithoutMxRecordsIsItsOwnHost() throws Exception {
        TlsPolicyLookup lookup = lookup(
                HOST.text(),
                preferences(StartTls.OPPORTUNISTIC, sts(PublishedTlsPolicies.PublishedSts.ABSENT), TlsDemand.NONE),
                tlsa(USABLE));
        TlsLadder.Protect protect =
                (TlsLadder.Protect) lookup.decide(mx(HOST, 1), address("end.test", Security.SECURE), List.of());
        assertThat(protect.protection().proof())
                .isEqualTo(new PeerAuthentication.Dane(Set.of(USABLE), Set.of(HOST, HostName.parse("end.test"))));
    }

    @ParameterizedTest
    @CsvSource({
        // domain, the name of the MX answer, its security, whether the host is proved to belong to the domain
        "example.test, example.test, SECURE, true",
        "example.test, example.test, INSECURE, false",
        "example.test, other.test, SECURE, false",
        "mx1.example.test, other.test, INSECURE, true",
    })
    void TLS_13_mailThatRequiresTlsGoesToHostsThatDnssecProves(
            String domain, String asked, Security security, boolean proved) throws Exception {
        TlsPolicyLookup lookup = lookup(
                domain,
                preferences(StartTls.OPPORTUNISTIC, sts(PublishedTlsPolicies.PublishedSts.ABSENT), TlsDemand.REQUIRED),
                tlsa(USABLE));
        assertThat(lookup.decide(mx(HOST, 1), SIGNED, List.of(mxAnswer(asked, "end.test", security))))
                .isInstanceOf(proved ? TlsLadder.Protect.class : TlsLadder.SkipHost.class);
    }

    @Test
    void TLS_13_onlyTheAnswerWithMxRecordsProves() throws Exception {
        TlsPolicyLookup lookup = lookup(
                "example.test",
                preferences(StartTls.OPPORTUNISTIC, sts(PublishedTlsPolicies.PublishedSts.ABSENT), TlsDemand.REQUIRED),
                tlsa(USABLE));
        Lookup<IpAddress> addresses = new Lookup<>(HostName.parse("example.test"), RecordType.A, SIGNED.get(0));
        assertThat(lookup.decide(mx(HOST, 1), SIGNED, List.of(addresses))).isInstanceOf(TlsLadder.SkipHost.class);
    }

    @ParameterizedTest
    @CsvSource({
        "REQUIRED, MAIL_EXCHANGER, true",
        "REQUIRED, RELAY, false",
        "NONE, MAIL_EXCHANGER, false",
    })
    void requiretls_onlyAMailExchangerReturnsMailForLackOfTls(TlsDemand demand, RemoteMta.Role role, boolean returned) {
        TlsPreferences preferences = preferences(StartTls.OPPORTUNISTIC, TlsPreferences.StsSource.NONE, demand);
        RemoteMta remote = new RemoteMta(role, HOST, IpAddress.parse("192.0.2.1"), 25);
        assertThat(preferences.statusIfUnauthenticated(remote).isPresent()).isEqualTo(returned);
    }
}
