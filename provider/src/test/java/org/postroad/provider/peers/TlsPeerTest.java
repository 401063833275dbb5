// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.provider.peers.PostTlsFinger.Verdict;

/**
 * Published TLS policies of destinations: TLSA records in zones signed by ldns, hosts that use OpenSSL, and MTA-STS policies served by
 * nginx.
 */
@Tag("peers")
@ExtendWith(PeerLabExtension.class)
class TlsPeerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    match.signed.test             | sent DANE
                    rollover.signed.test          | sent DANE
                    expired.signed.test           | sent DANE
                    authority.signed.test         | sent DANE
                    mismatch.signed.test          | DEFERRED 4.7.5
                    other-name.signed.test        | DEFERRED 4.7.5
                    expired-authority.signed.test | DEFERRED 4.7.5
                    stripped.signed.test          | DEFERRED 4.7.4
                    bogus.test                    | DEFERRED 4.4.3
                    unusable.signed.test          | sent OPPORTUNISTIC
                    insecure.test                 | sent OPPORTUNISTIC
                    nothing.signed.test           | sent OPPORTUNISTIC
                    alias-away.signed.test          | sent DANE
                    alias-away-mismatch.signed.test | DEFERRED 4.7.5
                    alias-away-nothing.signed.test  | sent OPPORTUNISTIC
                    alias-away-twice.signed.test    | sent DANE
                    alias-away-implicit.signed.test | DEFERRED 4.7.5
                    alias-within.signed.test        | sent DANE
                    alias-within-first.signed.test  | sent DANE
                    sni.signed.test                 | sent DANE
                    names.signed.test               | sent DANE
                    names-alias.signed.test         | DEFERRED 4.7.5
                    nothing-stripped.signed.test  | sent NONE
                    """)
    void dane_thePublishedRecordsDecide(String domain, String outcome, PeerLab lab) {
        assertThat(lab.finger().look(domain)).isEqualTo(verdict(outcome));
        assertOutcome(lab, lab.trustingTheResolver(), "ad@" + domain, outcome);
        assertOutcome(lab, lab.trustingTheRootKey(), "validated@" + domain, outcome);
    }

    /** RFC 7672 §3.1.2, RFC 7671 §9, RFC 8446 §4.4.2: Postfix has the same result. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ordered          | sent DANE
                    unordered        | sent DANE
                    extra            | sent DANE
                    doubled          | sent DANE
                    bare-key         | sent DANE
                    bare-certificate | sent DANE
                    bad-name         | sent DANE
                    agile-whole      | sent DANE
                    agile-other      | sent DANE
                    not-sent         | DEFERRED 4.7.5
                    only-bad-name    | DEFERRED 4.7.5
                    constrained      | DEFERRED 4.7.5
                    stranger         | DEFERRED 4.7.5
                    itself           | DEFERRED 4.7.5
                    clients          | DEFERRED 4.7.5
                    over             | DEFERRED 4.7.5
                    forged           | DEFERRED 4.7.5
                    agile            | DEFERRED 4.7.5
                    agile-own        | DEFERRED 4.7.5
                    """)
    void dane_unusualChainsAreJudgedAsByPostfix(String chain, String outcome, PeerLab lab) {
        String domain = chain + ".signed.test";
        assertThat(lab.finger().look(domain)).isEqualTo(verdict(outcome));
        assertOutcome(lab, lab.trustingTheResolver(), "chain@" + domain, outcome);
    }

    /** Other implementations accept these chains. The JDK has limits that applications cannot change, so the report names them. */
    @ParameterizedTest
    @CsvSource({"large, jdk.tls.maxHandshakeMessageSize", "long, jdk.tls.maxCertificateChainLength"})
    void dane_aRefusalByTheJdkIsNamed(String chain, String property, PeerLab lab) {
        String domain = chain + ".signed.test";
        assertThat(lab.finger().look(domain)).isEqualTo(Verdict.VERIFIED);
        SendResult result = lab.trustingTheResolver().send(LabMessage.plain(), "chain@" + domain);
        assertThat(result.about("chain@" + domain)).startsWith("DEFERRED 4.7.5");
        assertThat(result.toString()).contains(property);
    }

    /** Compares the result with that of posttls-finger. */
    private static Verdict verdict(String outcome) {
        return switch (outcome) {
            case "sent DANE" -> Verdict.VERIFIED;
            case "DEFERRED 4.4.3" -> Verdict.NOT_KNOWN;
            default -> outcome.startsWith("DEFERRED") ? Verdict.NOT_VERIFIED : Verdict.NOTHING_TO_VERIFY;
        };
    }

    /**
     * A DNAME that leads out of the signed zone. If the alias made of it is queried, unbound considers it bogus, so that Postfix defers the
     * mail, and so do we with that resolver. With local validation, the alias is proved to be insecure at its target.
     */
    @Test
    void TLS_06_anAliasMadeOfADnameIsJudgedAsByTheValidator(PeerLab lab) {
        String domain = "alias-away-tree.signed.test";
        assertThat(lab.finger().look(domain)).isEqualTo(Verdict.NOT_KNOWN);
        assertOutcome(lab, lab.trustingTheResolver(), "ad@" + domain, "DEFERRED 4.4.3");
        assertOutcome(lab, lab.trustingTheRootKey(), "validated@" + domain, "sent OPPORTUNISTIC");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    sts.signed.test            | sent MTA_STS
                    sts-testing.signed.test    | sent OPPORTUNISTIC
                    sts-other-host.signed.test | DEFERRED 4.7.5
                    sts-other-name.signed.test | DEFERRED 4.7.5
                    sts-stripped.signed.test   | DEFERRED 4.7.4
                    """)
    void sts_thePolicyDecides(String domain, String outcome, PeerLab lab) {
        assertOutcome(lab, lab.trustingTheResolver(), "policy@" + domain, outcome);
    }

    private static void assertOutcome(PeerLab lab, Sender sender, String recipient, String outcome) {
        SendResult result = sender.send(LabMessage.plain(), recipient);
        List<String> protections = result.protections(recipient.substring(recipient.indexOf('@') + 1));
        String seen = result.isSent()
                ? "sent " + protections.get(protections.size() - 1)
                : result.about(recipient).replaceAll("^(\\S+ \\S+) .*", "$1");
        assertThat(seen).as(result.toString()).isEqualTo(outcome);
        if (result.isSent()) {
            lab.tls().awaitMessageFor(recipient);
        } else {
            assertThat(lab.tls().messagesFor(recipient)).isEmpty();
        }
    }
}
