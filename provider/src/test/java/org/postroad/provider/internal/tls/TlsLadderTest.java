// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.HostName;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedDane;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedSts;

/** The complete ladder: what is published, and the decision. */
class TlsLadderTest {

    private static final TlsResult.Policy TLSA = new TlsResult.Policy(TlsResult.Type.TLSA, HostName.parse("mx.test"));
    private static final HostName DOMAIN = HostName.parse("example.test");
    private static final TlsResult.Policy POLICY = new TlsResult.Policy(TlsResult.Type.STS, DOMAIN);

    private static final Map<String, PublishedDane> DANE = Map.of(
            "usable",
                    new PublishedDane.Usable(
                            Set.of(new TlsaRecord(3, 1, 1, "00".repeat(32))), Set.of(HostName.parse("mx.test")), TLSA),
            "unusable", new PublishedDane.Unusable(TLSA),
            "none", PublishedDane.ABSENT, // proved by DNSSEC, or in an unsigned zone
            "failed", new PublishedDane.TlsaLookupFailed(TLSA, "bogus"));

    private static final Map<String, PublishedSts> STS = Map.of(
            "enforce", new PublishedSts.Enforce(POLICY, true),
            "enforce, other hosts", new PublishedSts.Enforce(POLICY, false),
            "testing", new PublishedSts.Testing(POLICY, true),
            "testing, other hosts", new PublishedSts.Testing(POLICY, false),
            "none", PublishedSts.ABSENT, // or expired
            "not fetched",
                    new PublishedSts.PolicyUnavailable(
                            POLICY, new TlsFailure(TlsFailure.Type.STS_POLICY_FETCH_ERROR, "no answer")));

    private static <T> T named(Map<String, T> map, String name) {
        return Optional.ofNullable(map.get(name)).orElseThrow();
    }

    private static String decision(PublishedTlsPolicies published, StartTls own, TlsDemand demand) {
        return describe(TlsLadder.decide(published, own, demand, DOMAIN).decision());
    }

    private static String describe(TlsLadder.Decision decision) {
        return decision.fold(protect -> describe(protect.protection()), skipped -> "skipped " + skipped.status());
    }

    private static String describe(RequiredProtection protection) {
        String proof = protection.proof() instanceof PeerAuthentication.Dane
                ? "TLSA"
                : protection.proof() instanceof PeerAuthentication.Certificate
                        ? "certificate"
                        : protection.proof() instanceof PeerAuthentication.TestingOnly tested
                                ? tested.listed() ? "certificate noted" : "other host noted"
                                : "nothing";
        return protection.startTls() + " " + proof + " " + protection.level();
    }

    private static String ours(String dane, String sts, boolean authenticMx, StartTls own, TlsDemand demand) {
        return decision(new PublishedTlsPolicies(named(DANE, dane), named(STS, sts), authenticMx), own, demand);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    usable   | enforce              | REQUIRED TLSA DANE
                    usable   | enforce, other hosts | skipped 4.7.5
                    usable   | testing              | REQUIRED TLSA DANE
                    usable   | testing, other hosts | REQUIRED TLSA DANE
                    usable   | none                 | REQUIRED TLSA DANE
                    usable   | not fetched          | REQUIRED TLSA DANE
                    unusable | enforce              | REQUIRED certificate MTA_STS
                    unusable | enforce, other hosts | skipped 4.7.5
                    unusable | testing              | REQUIRED nothing OPPORTUNISTIC
                    unusable | testing, other hosts | REQUIRED nothing OPPORTUNISTIC
                    unusable | none                 | REQUIRED nothing OPPORTUNISTIC
                    unusable | not fetched          | REQUIRED nothing OPPORTUNISTIC
                    none     | enforce              | REQUIRED certificate MTA_STS
                    none     | enforce, other hosts | skipped 4.7.5
                    none     | testing              | OPPORTUNISTIC certificate noted OPPORTUNISTIC
                    none     | testing, other hosts | OPPORTUNISTIC other host noted OPPORTUNISTIC
                    none     | none                 | OPPORTUNISTIC nothing OPPORTUNISTIC
                    none     | not fetched          | OPPORTUNISTIC nothing OPPORTUNISTIC
                    failed   | enforce              | skipped 4.4.3
                    failed   | enforce, other hosts | skipped 4.4.3
                    failed   | testing              | skipped 4.4.3
                    failed   | testing, other hosts | skipped 4.4.3
                    failed   | none                 | skipped 4.4.3
                    failed   | not fetched          | skipped 4.4.3
                    """)
    void ladder_thePublishedPoliciesDecide(String dane, String sts, String outcome) {
        for (boolean authenticMx : new boolean[] {true, false}) {
            assertThat(ours(dane, sts, authenticMx, StartTls.OPPORTUNISTIC, TlsDemand.NONE))
                    .isEqualTo(outcome);
        }
        // Requiring TLS for all mail replaces "if offered" and weakens nothing.
        assertThat(ours(dane, sts, false, StartTls.REQUIRED, TlsDemand.NONE))
                .isEqualTo(outcome.startsWith("OPPORTUNISTIC") ? "REQUIRED" + outcome.substring(13) : outcome);
        // RFC 8689 §5.
        assertThat(ours(dane, sts, false, StartTls.OPPORTUNISTIC, TlsDemand.WAIVED))
                .isEqualTo("OPPORTUNISTIC nothing OPPORTUNISTIC");
        assertThat(ours(dane, sts, false, StartTls.REQUIRED, TlsDemand.WAIVED))
                .isEqualTo("REQUIRED nothing OPPORTUNISTIC");
        assertThat(ours(dane, sts, false, StartTls.DISABLED, TlsDemand.NONE)).isEqualTo("DISABLED nothing NONE");
    }

    /** RFC 8689 §4.2.1: the host must be the domain's, and the certificate the host's. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    usable   | enforce              | REQUIRED TLSA DANE           | REQUIRED TLSA DANE
                    usable   | enforce, other hosts | skipped 5.7.30            | skipped 5.7.30
                    usable   | testing              | REQUIRED TLSA DANE           | skipped 5.7.30
                    usable   | none                 | REQUIRED TLSA DANE           | skipped 5.7.30
                    usable   | not fetched          | REQUIRED TLSA DANE           | skipped 4.4.3
                    unusable | enforce              | REQUIRED certificate MTA_STS | REQUIRED certificate MTA_STS
                    unusable | none                 | REQUIRED certificate VERIFIED | skipped 5.7.30
                    none     | enforce              | REQUIRED certificate MTA_STS | REQUIRED certificate MTA_STS
                    none     | testing              | REQUIRED certificate VERIFIED | skipped 5.7.30
                    none     | none                 | REQUIRED certificate VERIFIED | skipped 5.7.30
                    none     | enforce, other hosts | skipped 5.7.30            | skipped 5.7.30
                    none     | not fetched          | REQUIRED certificate VERIFIED | skipped 4.4.3
                    failed   | none                 | skipped 4.4.3             | skipped 4.4.3
                    """)
    void TLS_13_aMessageWithRequireTlsNeedsAuthentication(String dane, String sts, String provedMx, String anybodysMx) {
        for (StartTls own : new StartTls[] {StartTls.OPPORTUNISTIC, StartTls.REQUIRED}) {
            assertThat(ours(dane, sts, true, own, TlsDemand.REQUIRED)).isEqualTo(provedMx);
            assertThat(ours(dane, sts, false, own, TlsDemand.REQUIRED)).isEqualTo(anybodysMx);
        }
        assertThat(ours(dane, sts, true, StartTls.DISABLED, TlsDemand.REQUIRED)).isEqualTo("skipped 5.7.30");
    }

    /** The policy that decides is the one reported (RFC 8460 §4). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    usable   | enforce              | tlsa            |
                    usable   | enforce, other hosts | sts             | validation-failure
                    usable   | testing, other hosts | tlsa            |
                    usable   | not fetched          | tlsa            |
                    unusable | enforce              | sts             |
                    unusable | testing              | tlsa            | tlsa-invalid
                    unusable | none                 | tlsa            | tlsa-invalid
                    none     | enforce              | sts             |
                    none     | enforce, other hosts | sts             | validation-failure
                    none     | testing              | sts             |
                    none     | testing, other hosts | sts             |
                    none     | none                 | no-policy-found |
                    none     | not fetched          | sts             | sts-policy-fetch-error
                    failed   | enforce              | tlsa            | dnssec-invalid
                    failed   | none                 | tlsa            | dnssec-invalid
                    """)
    void tlsrpt_eachSessionCountsForItsPolicies(String dane, String sts, String policy, @Nullable String flaw) {
        PublishedTlsPolicies published = new PublishedTlsPolicies(named(DANE, dane), named(STS, sts), false);
        for (TlsDemand demand : new TlsDemand[] {TlsDemand.NONE, TlsDemand.REQUIRED}) {
            TlsLadder.HostDecision ruling = TlsLadder.decide(published, StartTls.OPPORTUNISTIC, demand, DOMAIN);
            TlsResult.Policy reported = ruling.policy().orElseThrow();
            assertThat(reported.type()).hasToString(policy);
            assertThat(reported.domain())
                    .hasToString(policy.equals("tlsa") ? "mx.test" : "example.test"); // RFC 8460 §1.1
            assertThat(ruling.flaw().map(failure -> failure.type().toString())).isEqualTo(Optional.ofNullable(flaw));
        }
        assertThat(TlsLadder.decide(published, StartTls.OPPORTUNISTIC, TlsDemand.WAIVED, DOMAIN)
                        .policy())
                .as("published policies are ignored")
                .isEmpty();
    }

    /** A configured next hop or an address literal. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    DISABLED      | NONE     | DISABLED nothing NONE
                    OPPORTUNISTIC | NONE     | OPPORTUNISTIC nothing OPPORTUNISTIC
                    REQUIRED      | WAIVED   | REQUIRED nothing OPPORTUNISTIC
                    DISABLED      | REQUIRED | skipped 5.7.30
                    OPPORTUNISTIC | REQUIRED | skipped 5.7.30
                    """)
    void ladder_withoutPoliciesOurOwnDefaultApplies(StartTls own, TlsDemand demand, String outcome) {
        assertThat(describe(TlsLadder.decideWithoutPolicies(own, demand))).isEqualTo(outcome);
    }
}
