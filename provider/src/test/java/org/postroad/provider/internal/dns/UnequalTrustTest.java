// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.PATIENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.DnsTesting.trusting;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Failed;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** TLS-08: an answer of a server whose AD bit does not count never replaces that of a server whose AD bit counts. */
@Timeout(300)
class UnequalTrustTest {

    private static final String TLSA = "_25._tcp.mx.test";

    /** Used where the test only asserts that no useful answer arrives. */
    private static final Duration BRIEF = Duration.ofMillis(50);

    private final FakeDnsServer validator =
            FakeDnsServer.start("mx.test. A 192.0.2.1\n" + TLSA + ". TLSA 3 1 1 00ff\n");

    /** An attacker on the path to this server answers in its place. */
    private final FakeDnsServer other = FakeDnsServer.start("mx.test. A 203.0.113.1\nmx.test. MX 10 evil.test.\n");

    @BeforeEach
    void theMachineHasTwoLoopbackAddresses() {
        Assumptions.assumeFalse(other.transcript().lines().contains("dns: no IPv6 on this machine"));
        other.faultForAll(DnsFault.AUTHENTIC);
    }

    @AfterEach
    void close() {
        validator.close();
        other.close();
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "SERVFAIL",
                "SERVFAIL_BOGUS",
                "REFUSED",
                "FORMERR",
                "NOTIMP",
                "DROP",
                "LAME",
                "WRONG_ID",
                "WRONG_QUESTION",
                "GARBAGE",
                "CUT_RDATA",
                "TRUNCATED_EVERYWHERE",
                "TRUNCATED_TCP_SILENT",
                "TRUNCATED_TCP_CLOSES"
            })
    void TLS_08_ifTheValidatorFailsNoOtherServerAnswers(DnsFault fault) throws Exception {
        validator.faultForAll(fault);
        List<InetSocketAddress> both = List.of(validator.address(Family.IPV4), other.address(Family.IPV6));
        for (List<InetSocketAddress> order : List.of(both, List.of(both.get(1), both.get(0)))) {
            DnsSettings settings =
                    trusting(DnsSettings.DEFAULTS.withServers(order).withTimeouts(BRIEF, BRIEF));
            try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
                for (RecordType<?> type :
                        List.of(RecordType.TLSA, RecordType.MX, RecordType.A, RecordType.AAAA, RecordType.TXT)) {
                    String name = type == RecordType.TLSA ? TLSA : "mx.test";
                    Failed<?> failed = dns.query(HostName.parse(name), type, Deadline.after(PATIENCE))
                            .failure()
                            .orElseThrow();
                    assertThat(failed.detail())
                            .endsWith("; " + ServerList.show(other.address(Family.IPV6))
                                    + " is not queried, because its AD bit does not count");
                }
            }
        }
        assertThat(other.questions()).isZero();
    }

    /** Also if the other server comes first: its answer would otherwise be final. */
    @Test
    void TLS_08_theValidatorIsQueriedAtAnyPosition() throws Exception {
        validator.faultForAll(DnsFault.AUTHENTIC);
        DnsSettings settings = trusting(DnsSettings.DEFAULTS
                .withServers(List.of(other.address(Family.IPV6), validator.address(Family.IPV4)))
                .withTimeouts(PATIENCE, PATIENCE));
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
        }
    }

    /** Servers of equal trust can replace one another. */
    @Test
    void TLS_08_anotherValidatorAnswersForOneThatFails() throws Exception {
        try (FakeDnsServer second = FakeDnsServer.start("mx.test. A 192.0.2.2\n")) {
            second.faultForAll(DnsFault.AUTHENTIC);
            for (DnsFault fault : List.of(DnsFault.SERVFAIL, DnsFault.SERVFAIL_BOGUS, DnsFault.REFUSED)) {
                validator.faultForAll(fault);
                try (DnsjavaMailDns dns = new DnsjavaMailDns(trusting(DnsTesting.settings(validator, second)))) {
                    assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("found [192.0.2.2] SECURE");
                }
            }
        }
    }

    /**
     * Only a secure answer overrides a bogus one of another validator: an answer that is not secure may come from a server that does not
     * validate everything.
     */
    @Test
    void TLS_08_aBogusAnswerOfOneValidatorIsNotInsecureByAnother() throws Exception {
        validator.faultForAll(DnsFault.SERVFAIL_BOGUS);
        try (FakeDnsServer second = FakeDnsServer.start("mx.test. A 192.0.2.2\n");
                DnsjavaMailDns dns = new DnsjavaMailDns(trusting(DnsTesting.settings(validator, second)))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("failed BOGUS");
            assertThat(kind(ask(dns, TLSA, RecordType.TLSA))).isEqualTo("failed BOGUS");
        }
    }

    /** options trust-ad applies to all servers of a file, including one that does not validate. */
    @Test
    void TLS_08_aServerThatDoesNotValidateDoesNotReplaceAValidator() throws Exception {
        String hostsZone = "mx.test. A 192.0.2.2\nother.test. A 192.0.2.3\n";
        try (FakeDnsServer second = FakeDnsServer.start(hostsZone);
                DnsjavaMailDns dns = new DnsjavaMailDns(trusting(DnsTesting.settings(validator, second)))) {
            validator.fault("mx.test", RecordType.A, DnsFault.AUTHENTIC, 1);
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
            validator.faultForAll(DnsFault.SERVFAIL);
            assertThat(ask(dns, TLSA, RecordType.TLSA).failure().orElseThrow().detail())
                    .endsWith("does not set the AD bit, not even for the root: it does not validate");
            assertThat(kind(ask(dns, "mx.test", RecordType.A)))
                    .as("secure a moment ago")
                    .isEqualTo("failed SERVER_FAILURE");
            assertThat(kind(ask(dns, "other.test", RecordType.A)))
                    .as("not known to be secure")
                    .isEqualTo("found [192.0.2.3] INSECURE");
        }
    }

    /** A server that validates reports the root as secure, so its insecure answers are accepted. */
    @Test
    void TLS_08_aServerThatReportsTheRootAsSecureIsTrustedForInsecureAnswers() throws Exception {
        try (FakeDnsServer second = FakeDnsServer.start(". SOA ns.test. a.test. 1 2 3 4 5\nmx.test. A 192.0.2.2\n");
                DnsjavaMailDns dns = new DnsjavaMailDns(trusting(DnsTesting.settings(validator, second)))) {
            second.fault(".", new RecordType<>("SOA", Type.SOA, String.class), DnsFault.AUTHENTIC);
            validator.faultForAll(DnsFault.SERVFAIL);
            for (int i = 0; i < 3; i++) {
                assertThat(kind(ask(dns, TLSA, RecordType.TLSA))).isEqualTo("no such name");
            }
            assertThat(second.transcript().linesOf("dns: SOA")).as("kept").hasSize(1);
        }
    }

    /** Two servers to be probed, only one of which validates. */
    @Test
    void TLS_08_onlyServersThatShowedThatTheyValidateAnswer() throws Exception {
        String probe = "probe.unsigned.test";
        Function<Message, Optional<Message>> validates = ScriptedResolver.validator(Optional.of(probe), "");
        Function<Message, Optional<Message>> forwards = ScriptedResolver.validator(Optional.empty(), "");
        try (ScriptedResolver first = ScriptedResolver.start(forwards);
                ScriptedResolver second = ScriptedResolver.start(validates)) {
            DnsSettings settings = DnsSettings.DEFAULTS
                    .withProbe(Optional.of(HostName.parse(probe)))
                    .withTimeouts(PATIENCE, PATIENCE);
            try (DnsjavaMailDns both =
                            new DnsjavaMailDns(settings.withServers(List.of(first.address(), second.address())));
                    DnsjavaMailDns one = new DnsjavaMailDns(settings.withServers(List.of(first.address())))) {
                assertThat(kind(ask(both, "mx.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
                assertThat(kind(ask(one, "mx.test", RecordType.A))).isEqualTo("failed SERVER_FAILURE");
            }
            assertThat(first.questions()).as("the probe only").containsExactly("A " + probe, "A " + probe);
        }
    }

    /** A server whose AD bit counts must answer each message of an alias chain. */
    @Test
    void TLS_08_noOtherServerAnswersForTheTargetOfAnAlias() throws Exception {
        validator.zone("alias.test. CNAME mx.test.\nmx.test. A 192.0.2.1\n");
        validator.fault("alias.test", RecordType.A, DnsFault.AUTHENTIC);
        validator.fault("mx.test", RecordType.A, DnsFault.SERVFAIL);
        DnsSettings settings = trusting(DnsSettings.DEFAULTS
                .withServers(List.of(validator.address(Family.IPV4), other.address(Family.IPV6)))
                .withTimeouts(PATIENCE, PATIENCE));
        try (DnsjavaMailDns dns = new DnsjavaMailDns(settings)) {
            assertThat(kind(ask(dns, "alias.test", RecordType.A))).isEqualTo("failed SERVER_FAILURE");
        }
        assertThat(other.questions()).isZero();
    }

    /** The AD bit of the final message counts, not that of an earlier one. */
    @Test
    void TLS_08_theBitOfAnIntermediateMessageDoesNotCount() throws Exception {
        validator.faultForAll(DnsFault.TRUNCATED); // the correct answer over TCP, without AD
        try (DnsjavaMailDns dns = new DnsjavaMailDns(trusting(DnsTesting.settings(validator)))) {
            assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo("found [192.0.2.1] INSECURE");
        }
        try (ScriptedResolver beforeEdns = ScriptedResolver.start(query -> {
                    boolean edns = query.getOPT() != null;
                    Message answer = ScriptedResolver.reply(query, edns ? Rcode.FORMERR : Rcode.NXDOMAIN);
                    if (edns) {
                        answer.getHeader().setFlag(Flags.AD);
                    }
                    return Optional.of(answer);
                });
                DnsExchange exchange = new DnsExchange()) {
            DnsSettings settings = trusting(DnsSettings.DEFAULTS.withServers(List.of(beforeEdns.address())));
            Nameservers servers = new Nameservers(
                    settings,
                    () -> new ServerList(settings.servers(), ""),
                    exchange,
                    Deadline.MONOTONIC,
                    new SecureRandom());
            assertThat(servers.ask(Chain.from(SignedZone.name("mx.test.")), Type.A, Deadline.after(PATIENCE))
                            .secure())
                    .isFalse();
        }
    }
}
