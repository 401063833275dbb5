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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.Haste;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.dns.AdTrust.Standing;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** TLS-08: whose AD bit counts. */
@Timeout(300)
class AdTrustTest {

    private static final String PROBE = "postroad.alt";
    private static final String BOGUS = "dnssec-failed.test";
    private static final String SECURE = "found [192.0.2.1] SECURE";
    private static final String INSECURE = "found [192.0.2.1] INSECURE";

    private final VirtualClock clock = new VirtualClock();

    @RegisterExtension
    private final LogTap log = LogTap.of(AdTrust.class);

    // Without questions.

    @Test
    void TLS_08_theAdBitCountsWhereTheServerIsNamed() {
        DnsSettings settings = DnsSettings.DEFAULTS.withTrustAd(List.of(
                server("192.0.2.53").getAddress(),
                server("2001:db8::53").getAddress(),
                server("127.0.0.11").getAddress()));
        for (String named : List.of("192.0.2.53", "2001:db8::53", "127.0.0.11")) {
            assertThat(standing(settings, ServerList.Options.NONE, named)).isEqualTo(Standing.COUNTS);
        }
        assertThat(standing(settings, ServerList.Options.NONE, "192.0.2.54")).isEqualTo(Standing.COUNTS_FOR_NOTHING);
    }

    @Test
    void TLS_08_loopbackIsNoProof() {
        for (String loopback : List.of("127.0.0.1", "::1", "127.0.0.53", "127.0.0.11", "127.1.2.3")) {
            assertThat(standing(DnsSettings.DEFAULTS, ServerList.Options.NONE, loopback))
                    .isEqualTo(Standing.COUNTS_FOR_NOTHING);
        }
    }

    /** Docker copies the options of the host's resolv.conf into that of the container, beside the address of its own forwarder. */
    @Test
    void TLS_08_trustAdCountsForAllServersOfTheFileButDockers() {
        ServerList.Options trustAd = ServerList.Options.NONE.withTrustAd();
        for (String listed : List.of("127.0.0.1", "::1", "127.0.0.53", "192.0.2.53")) {
            assertThat(standing(DnsSettings.DEFAULTS, trustAd, listed)).isEqualTo(Standing.COUNTS);
        }
        assertThat(standing(DnsSettings.DEFAULTS, trustAd, "127.0.0.11")).isEqualTo(Standing.COUNTS_FOR_NOTHING);
    }

    @Test
    void TLS_08_onlyServersOnLoopbackAreProbedAndDockersIsNot() {
        DnsSettings settings = DnsSettings.DEFAULTS.withProbe(Optional.of(HostName.parse(PROBE)));
        for (String loopback : List.of("127.0.0.1", "::1", "127.0.0.53")) {
            assertThat(standing(settings, ServerList.Options.NONE, loopback)).isEqualTo(Standing.UNKNOWN);
        }
        for (String other : List.of("127.0.0.11", "192.0.2.53")) {
            assertThat(standing(settings, ServerList.Options.NONE, other)).isEqualTo(Standing.COUNTS_FOR_NOTHING);
        }
    }

    // With the probe.

    @Test
    void TLS_08_aServerThatAloneFindsTheProbeBogusValidates() throws Exception {
        try (ScriptedResolver resolver = ScriptedResolver.start(validatorWithAnchor());
                DnsjavaMailDns dns = dns(PROBE, resolver)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(SECURE);
            assertThat(resolver.questions())
                    .containsExactly(
                            "A postroad.alt", "A postroad.alt CD", "DS postroad.alt", "MX postroad.alt", "A mx.test");
            assertThat(log.problems()).isEmpty();
        }
    }

    /** Docker's and dnsmasq's with proxy-dnssec, in front of somebody who validates outside. */
    @Test
    void TLS_08_aForwarderDoesNotValidate() throws Exception {
        try (ScriptedResolver outside = ScriptedResolver.start(validator());
                ScriptedResolver forwarder =
                        ScriptedResolver.start(ScriptedResolver.forwarder(outside.address()));
                DnsjavaMailDns dns = dns(PROBE, forwarder)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(INSECURE);
            assertThat(log.problems())
                    .containsExactly("WARNING " + Nameservers.show(forwarder.address())
                            + " does not validate (dns.probe), so its AD bit does not count, and there is no DANE: A of"
                            + " postroad.alt. is NXDOMAIN and not SERVFAIL");
        }
    }

    /** A name that is bogus for everybody is bogus through a forwarder as well, and so shows nothing. */
    @Test
    void TLS_08_aProbeThatIsBogusForEverybodyProvesNothing() throws Exception {
        try (ScriptedResolver outside = ScriptedResolver.start(validator());
                ScriptedResolver forwarder =
                        ScriptedResolver.start(ScriptedResolver.forwarder(outside.address()))) {
            for (InetSocketAddress server : List.of(outside.address(), forwarder.address())) {
                ValidationProbe.Finding finding = probe(server, BOGUS);
                assertThat(finding.verdict()).isEqualTo(ValidationProbe.Verdict.NO_FINDING);
                assertThat(finding.why()).endsWith("the name must not exist");
            }
        }
    }

    /** As systemd-resolved and dnsmasq do it, unless they are told otherwise: they never say that anything is secure. */
    @Test
    void TLS_08_aForwarderThatClearsTheBitIsInsecureAnyway() throws Exception {
        try (ScriptedResolver outside = ScriptedResolver.start(validatorWithAnchor());
                ScriptedResolver stub =
                        ScriptedResolver.start(ScriptedResolver.forwarderThatClearsAd(outside.address()));
                DnsjavaMailDns dns = dns(PROBE, stub);
                DnsjavaMailDns named = new DnsjavaMailDns(DnsTesting.trusting(settings(stub)))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(INSECURE);
            assertThat(kind(ask(named, "mx.test", RecordType.A))).isEqualTo(INSECURE);
            assertThat(probe(stub.address(), PROBE).why())
                    .isEqualTo("that postroad.alt. does not exist is not authentic (DS is NXDOMAIN);"
                            + " others may find it bogus");
        }
    }

    /** Who sits between the validator and the Internet can make the probe fail, but not end in another verdict. */
    @Test
    void TLS_08_whoBreaksTheProbeDoesNotSwitchDaneOff() throws Exception {
        List<Function<Message, Optional<Message>>> attacks = List.of(
                broken(query -> query.getHeader().getFlag(Flags.CD), Rcode.SERVFAIL),
                broken(query -> query.getHeader().getFlag(Flags.CD), Rcode.NOERROR),
                broken(query -> query.getQuestion().getType() == Type.DS, Rcode.SERVFAIL),
                broken(query -> query.getQuestion().getName().toString().startsWith(PROBE), Rcode.SERVFAIL),
                broken(query -> query.getQuestion().getName().toString().startsWith(PROBE), Rcode.REFUSED));
        for (Function<Message, Optional<Message>> attack : attacks) {
            try (ScriptedResolver resolver = ScriptedResolver.start(attack);
                    DnsjavaMailDns dns = dns(PROBE, resolver)) {
                assertThat(ask(dns, "mx.test", RecordType.A).failure().orElseThrow().detail())
                        .isEqualTo(Nameservers.show(resolver.address())
                                + " says that this is secure, but whether it validates could not be found out (dns.probe)");
            }
        }
        assertThat(log.problems()).hasSize(attacks.size()).allMatch(line -> line.contains("could not be found out"));
    }

    @Test
    void TLS_08_findingsAreKeptAndOnlyReplacedByFindings() throws Exception {
        AtomicReference<Function<Message, Optional<Message>>> now = new AtomicReference<>(validatorWithAnchor());
        try (ScriptedResolver resolver = ScriptedResolver.start(query -> now.get().apply(query));
                DnsjavaMailDns dns = dns(PROBE, resolver)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(SECURE);
            now.set(validator());
            clock.advance(AdTrust.VALIDATES_KEPT.minusNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("kept").isEqualTo(SECURE);

            now.set(broken(query -> query.getQuestion().getName().toString().startsWith(PROBE), Rcode.REFUSED));
            clock.advance(Duration.ofNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("no finding").isEqualTo(SECURE);

            now.set(validator());
            clock.advance(AdTrust.NO_FINDING_PAUSE.minusNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("paused").isEqualTo(SECURE);
            clock.advance(Duration.ofNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("a forwarder now").isEqualTo(INSECURE);

            now.set(validatorWithAnchor());
            clock.advance(AdTrust.DOES_NOT_KEPT.minusNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("kept").isEqualTo(INSECURE);
            clock.advance(Duration.ofNanos(1));
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).as("mended").isEqualTo(SECURE);
        }
    }

    @Test
    void TLS_08_aProbeThatIsNotAnsweredLeavesTimeForTheQuestion() throws Exception {
        Haste.of(SILENCE, oneTry -> {
            Function<Message, Optional<Message>> silentToTheProbe = query ->
                    query.getQuestion().getName().toString().startsWith(PROBE)
                            ? Optional.empty()
                            : Optional.of(ScriptedResolver.reply(query, Rcode.NXDOMAIN));
            try (ScriptedResolver resolver = ScriptedResolver.start(silentToTheProbe);
                    DnsjavaMailDns dns = new DnsjavaMailDns(
                            settings(resolver)
                                    .withProbe(Optional.of(HostName.parse(PROBE)))
                                    .withTimeouts(oneTry.multipliedBy(2), PATIENCE),
                            clock,
                            new SecureRandom())) {
                assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("no such name");
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
                    .containsExactly("WARNING " + Nameservers.show(resolver.address())
                            + " says that it validates (AD), which does not count, so there is no DANE: a forwarder on"
                            + " loopback may say so, too. If it validates, name it in dns.trustad, or say options trust-ad"
                            + " in resolv.conf");
        }
    }

    private static Function<Message, Optional<Message>> validator() {
        return ScriptedResolver.validator(Optional.empty(), BOGUS);
    }

    private static Function<Message, Optional<Message>> validatorWithAnchor() {
        return ScriptedResolver.validator(Optional.of(PROBE), BOGUS);
    }

    /** A validator with the anchor that says this to some questions. */
    private static Function<Message, Optional<Message>> broken(
            Predicate<Message> questions, int rcode) {
        return query -> questions.test(query)
                ? Optional.of(ScriptedResolver.reply(query, rcode))
                : validatorWithAnchor().apply(query);
    }

    private static Standing standing(DnsSettings settings, ServerList.Options options, String address) {
        InetSocketAddress server = server(address);
        try (DnsExchange exchange = new DnsExchange()) {
            return new AdTrust(settings, exchange, new VirtualClock())
                    .of(server, new ServerList(List.of(server), "", options));
        }
    }

    private static ValidationProbe.Finding probe(InetSocketAddress server, String name) throws InterruptedException {
        try (DnsExchange exchange = new DnsExchange()) {
            return new ValidationProbe(exchange)
                    .probe(server, HostName.parse(name), Deadline.after(PATIENCE));
        }
    }

    private static DnsSettings settings(ScriptedResolver resolver) throws IOException {
        return DnsSettings.DEFAULTS
                .withServers(List.of(resolver.address()))
                .withTimeouts(PATIENCE, PATIENCE);
    }

    private DnsjavaMailDns dns(String probe, ScriptedResolver resolver) throws IOException {
        return new DnsjavaMailDns(
                settings(resolver).withProbe(Optional.of(HostName.parse(probe))), clock, new SecureRandom());
    }
}
