// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.PATIENCE;
import static org.postroad.provider.internal.dns.DnsTesting.SILENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.DnsTesting.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsAnswer.Failed;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.dns.AdTrust.AdBitTrust;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** TLS-08: which servers' AD bit counts. */
@Timeout(300)
class AdTrustTest {

    private static final String PROBE = "probe.unsigned.test";
    private static final String BOGUS = "dnssec-failed.test";
    private static final String SECURE = "found [192.0.2.1] SECURE";
    private static final String UNPROVED = "failed SERVER_FAILURE";
    private static final String INSECURE = "found [192.0.2.1] INSECURE";

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    private final LogTap log = LogTap.of(AdTrust.class);

    // Without queries.

    @Test
    void TLS_08_theAdBitOfAConfiguredServerCounts() {
        DnsSettings settings = DnsSettings.DEFAULTS.withTrustAd(List.of(
                server("192.0.2.53").getAddress(),
                server("2001:db8::53").getAddress(),
                server("127.0.0.11").getAddress()));
        for (String named : List.of("192.0.2.53", "2001:db8::53", "127.0.0.11")) {
            assertThat(standing(settings, ServerList.Options.NONE, named)).isEqualTo(AdBitTrust.COUNTS);
        }
        assertThat(standing(settings, ServerList.Options.NONE, "192.0.2.54")).isEqualTo(AdBitTrust.DOES_NOT_COUNT);
    }

    @Test
    void TLS_08_theAdBitOnLoopbackDoesNotCount() {
        for (String loopback : List.of("127.0.0.1", "::1", "127.0.0.53", "127.0.0.11", "127.1.2.3")) {
            assertThat(standing(DnsSettings.DEFAULTS, ServerList.Options.NONE, loopback))
                    .isEqualTo(AdBitTrust.DOES_NOT_COUNT);
        }
    }

    /** Docker copies the options of the host's resolv.conf into that of the container, along with the address of its own forwarder. */
    @Test
    void TLS_08_trustAdAppliesToAllServersOfTheFileExceptDockers() {
        ServerList.Options trustAd = ServerList.Options.NONE.withTrustAd();
        for (String listed : List.of("127.0.0.1", "::1", "127.0.0.53", "192.0.2.53")) {
            assertThat(standing(DnsSettings.DEFAULTS, trustAd, listed)).isEqualTo(AdBitTrust.COUNTS);
        }
        assertThat(standing(DnsSettings.DEFAULTS, trustAd, "127.0.0.11")).isEqualTo(AdBitTrust.DOES_NOT_COUNT);
    }

    /** To an IPv4-mapped address, the system sends over IPv4. */
    @Test
    void TLS_08_anIpv4MappedAddressIsTheIpv4Address() {
        ServerList.Options trustAd = ServerList.Options.NONE.withTrustAd();
        assertThat(standing(DnsSettings.DEFAULTS, trustAd, "::ffff:127.0.0.11")).isEqualTo(AdBitTrust.DOES_NOT_COUNT);
        DnsSettings probe = DnsSettings.DEFAULTS.withProbe(Optional.of(HostName.parse(PROBE)));
        assertThat(standing(probe, ServerList.Options.NONE, "::ffff:127.0.0.1")).isEqualTo(AdBitTrust.UNPROVED);
        assertThat(standing(probe, trustAd, "::ffff:127.0.0.11")).isEqualTo(AdBitTrust.DOES_NOT_COUNT);
        for (List<String> same :
                List.of(List.of("192.0.2.53", "::ffff:192.0.2.53"), List.of("::ffff:192.0.2.53", "192.0.2.53"))) {
            DnsSettings trusted =
                    DnsSettings.DEFAULTS.withTrustAd(List.of(server(same.get(0)).getAddress()));
            assertThat(standing(trusted, ServerList.Options.NONE, same.get(1))).isEqualTo(AdBitTrust.COUNTS);
        }
    }

    @Test
    void TLS_08_onlyServersOnLoopbackExceptDockersAreProbed() {
        DnsSettings settings = DnsSettings.DEFAULTS.withProbe(Optional.of(HostName.parse(PROBE)));
        for (String loopback : List.of("127.0.0.1", "::1", "127.0.0.53")) {
            assertThat(standing(settings, ServerList.Options.NONE, loopback)).isEqualTo(AdBitTrust.UNPROVED);
        }
        for (String other : List.of("127.0.0.11", "192.0.2.53")) {
            assertThat(standing(settings, ServerList.Options.NONE, other)).isEqualTo(AdBitTrust.DOES_NOT_COUNT);
        }
    }

    // With the probe.

    @Test
    void TLS_08_aServerThatIsTheOnlyOneToFindTheProbeBogusValidates() throws Exception {
        try (ScriptedResolver resolver = ScriptedResolver.start(validatorWithAnchor());
                DnsjavaMailDns dns = dns(PROBE, resolver)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(SECURE);
            assertThat(resolver.questions())
                    .containsExactly(
                            "A probe.unsigned.test",
                            "A probe.unsigned.test CD",
                            "DS probe.unsigned.test",
                            "MX probe.unsigned.test",
                            "A mx.test");
            assertThat(log.problems()).isEmpty();
        }
    }

    /** Docker's forwarder, or dnsmasq with proxy-dnssec, in front of an upstream validator. */
    @Test
    void TLS_08_aForwarderDoesNotShowThatItValidates() throws Exception {
        try (ScriptedResolver outside = ScriptedResolver.start(validator());
                ScriptedResolver forwarder = ScriptedResolver.start(ScriptedResolver.forwarder(outside.address()));
                DnsjavaMailDns dns = dns(PROBE, forwarder)) {
            String server = ServerList.show(forwarder.address());
            String why = server + " has not shown that it validates (dns.probe)";
            String finding = ": A of probe.unsigned.test. is NXDOMAIN and not SERVFAIL";
            for (String name : List.of("mx.test", "mx.unsigned.test")) {
                assertThat(ask(dns, name, RecordType.A).failure().orElseThrow())
                        .isEqualTo(new Failed<>(Cause.SERVER_FAILURE, why + finding));
            }
            assertThat(log.problems())
                    .as("once")
                    .containsExactly("WARNING " + server
                            + " is not queried, because dns.probe has not shown that it validates" + finding);
        }
    }

    /** A name that is bogus for every validator is bogus through a forwarder too, and therefore proves nothing. */
    @Test
    void TLS_08_aProbeThatIsBogusForAllServersProvesNothing() throws Exception {
        try (ScriptedResolver outside = ScriptedResolver.start(validator());
                ScriptedResolver forwarder = ScriptedResolver.start(ScriptedResolver.forwarder(outside.address()))) {
            for (InetSocketAddress server : List.of(outside.address(), forwarder.address())) {
                ValidationProbe.Finding finding = probe(server, BOGUS);
                assertThat(finding.verdict()).isEqualTo(ValidationProbe.Verdict.NO_FINDING);
                assertThat(finding.why()).endsWith("is in a signed zone, so that others may find it bogus as well");
            }
        }
    }

    /** Default behaviour of systemd-resolved and dnsmasq: even if they are named, nothing is secure. */
    @Test
    void TLS_08_aForwarderThatClearsTheBitIsInsecure() throws Exception {
        try (ScriptedResolver outside = ScriptedResolver.start(validator());
                ScriptedResolver stub =
                        ScriptedResolver.start(ScriptedResolver.forwarderThatClearsAd(outside.address()));
                DnsjavaMailDns named = new DnsjavaMailDns(DnsTesting.trusting(settings(stub)));
                DnsjavaMailDns probed = dns(PROBE, stub)) {
            assertThat(kind(ask(named, "mx.test", RecordType.A))).isEqualTo(INSECURE);
            assertThat(kind(ask(probed, "mx.test", RecordType.A))).isEqualTo(UNPROVED);
        }
    }

    /** An attacker between the validator and the Internet can make the probe fail, but nothing else. */
    @Test
    void TLS_08_aServerThatFailsOnTheProbeDoesNotSwitchDaneOff() throws Exception {
        List<Function<Message, Optional<Message>>> attacks = List.of(
                broken(query -> query.getHeader().getFlag(Flags.CD), Rcode.SERVFAIL),
                broken(query -> query.getQuestion().getType() == Type.DS, Rcode.SERVFAIL),
                broken(AdTrustTest::isOfTheProbe, Rcode.SERVFAIL),
                broken(AdTrustTest::isOfTheProbe, Rcode.REFUSED),
                broken(AdTrustTest::isOfTheProbe, Rcode.NXDOMAIN),
                broken(query -> query.getQuestion().getType() == Type.MX, Rcode.NOERROR));
        for (Function<Message, Optional<Message>> attack : attacks) {
            try (ScriptedResolver resolver = ScriptedResolver.start(attack);
                    DnsjavaMailDns dns = dns(PROBE, resolver)) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("failed SERVER_FAILURE");
            }
        }
        assertThat(log.problems()).hasSize(attacks.size()).allMatch(line -> line.contains("has not shown"));
    }

    @Test
    void TLS_08_findingsAreKeptAndOnlyReplacedByFindings() throws Exception {
        AtomicReference<Function<Message, Optional<Message>>> now = new AtomicReference<>(validatorWithAnchor());
        try (ScriptedResolver resolver = ScriptedResolver.start(
                        query -> Objects.requireNonNull(now.get()).apply(query));
                DnsjavaMailDns dns = dns(PROBE, resolver)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(SECURE);
            now.set(validator());
            clock.advance(AdTrust.VALIDATES_KEPT.minusNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("kept").isEqualTo(SECURE);

            now.set(broken(AdTrustTest::isOfTheProbe, Rcode.REFUSED));
            clock.advance(Duration.ofNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("no finding").isEqualTo(SECURE);

            now.set(validator());
            clock.advance(AdTrust.NO_FINDING_PAUSE.minusNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("paused").isEqualTo(SECURE);
            clock.advance(Duration.ofNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A)))
                    .as("a forwarder now")
                    .isEqualTo(UNPROVED);

            now.set(validatorWithAnchor());
            clock.advance(AdTrust.DOES_NOT_KEPT.minusNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("kept").isEqualTo(UNPROVED);
            clock.advance(Duration.ofNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("mended").isEqualTo(SECURE);
        }
    }

    @Test
    void TLS_08_anUnansweredProbeLeavesTimeForTheQuery() throws Exception {
        GrowingTimeout.of(SILENCE, all -> {
            AtomicReference<Function<Message, Optional<Message>>> now = new AtomicReference<>(validatorWithAnchor());
            try (ScriptedResolver resolver = ScriptedResolver.start(
                            query -> Objects.requireNonNull(now.get()).apply(query));
                    DnsjavaMailDns dns = new DnsjavaMailDns(
                            settings(resolver)
                                    .withProbe(Optional.of(HostName.parse(PROBE)))
                                    .withTimeouts(all, PATIENCE),
                            clock,
                            new SecureRandom())) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(SECURE);
                now.set(query -> isOfTheProbe(query)
                        ? Optional.empty()
                        : validatorWithAnchor().apply(query));
                clock.advance(AdTrust.VALIDATES_KEPT);
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(SECURE);
            }
        });
    }

    @Test
    void TLS_08_anAdBitOnLoopbackThatDoesNotCountIsLoggedOnce() throws Exception {
        try (ScriptedResolver resolver = ScriptedResolver.start(validator());
                DnsjavaMailDns dns = new DnsjavaMailDns(settings(resolver))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(INSECURE);
            assertThat(kind(ask(dns, "mx2.test", RecordType.A))).isEqualTo(INSECURE);
            assertThat(log.problems())
                    .containsExactly("WARNING " + ServerList.show(resolver.address())
                            + " sets the AD bit, which is ignored, so DANE is off: a forwarder on loopback may only"
                            + " pass it on. If the server validates, list it in dns.trustad or add options trust-ad to"
                            + " resolv.conf");
        }
    }

    private static boolean isOfTheProbe(Message query) {
        return query.getQuestion().getName().toString().startsWith(PROBE);
    }

    private static Function<Message, Optional<Message>> validator() {
        return ScriptedResolver.validator(Optional.empty(), BOGUS);
    }

    private static Function<Message, Optional<Message>> validatorWithAnchor() {
        return ScriptedResolver.validator(Optional.of(PROBE), BOGUS);
    }

    /** A validator with the trust anchor that returns this response code for some queries. */
    private static Function<Message, Optional<Message>> broken(Predicate<Message> questions, int rcode) {
        return query -> questions.test(query)
                ? Optional.of(ScriptedResolver.reply(query, rcode))
                : validatorWithAnchor().apply(query);
    }

    private static AdBitTrust standing(DnsSettings settings, ServerList.Options options, String address) {
        InetSocketAddress server = server(address);
        try (DnsExchange exchange = new DnsExchange()) {
            return new AdTrust(settings, exchange, new VirtualClock())
                    .of(server, new ServerList(List.of(server), "", options));
        }
    }

    private static ValidationProbe.Finding probe(InetSocketAddress server, String name) throws InterruptedException {
        try (DnsExchange exchange = new DnsExchange()) {
            return new ValidationProbe(exchange, false).probe(server, HostName.parse(name), Deadline.after(PATIENCE));
        }
    }

    private static DnsSettings settings(ScriptedResolver resolver) throws IOException {
        return DnsSettings.DEFAULTS.withServers(List.of(resolver.address())).withTimeouts(PATIENCE, PATIENCE);
    }

    private DnsjavaMailDns dns(String probe, ScriptedResolver resolver) throws IOException {
        return new DnsjavaMailDns(
                settings(resolver).withProbe(Optional.of(HostName.parse(probe))), clock, new SecureRandom());
    }
}
