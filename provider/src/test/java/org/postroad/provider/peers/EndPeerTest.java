// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deliveries that fail, and those that only the external relay can make. */
@Tag("peers")
@ExtendWith(PeerLabExtension.class)
class EndPeerTest {

    @Test
    void END_01_noHostAnsweredAndTheOtherMxIsOfTheOtherFamily(PeerLab lab) {
        SendResult result = lab.senderIpv6().send(LabMessage.plain(), "dead6@fallback.example");

        assertThat(result.validUnsent()).as(result.toString()).containsExactly("dead6@fallback.example");
        assertThat(result.about("dead6@fallback.example"))
                .startsWith("DEFERRED 4.4.1 END-01 deadv6.example[2a00:45:2::dead]");
    }

    @Test
    void END_04_anIpv4SenderCannotReachAnIpv6Host(PeerLab lab) {
        assertFailed(lab.senderIpv4(), "far@v6.example", "5.4.4 END-04");
        assertThat(lab.ipv6().messagesFor("far@v6.example")).isEmpty();
    }

    @Test
    void END_04_anIpv6SenderCannotReachAnIpv4Host(PeerLab lab) {
        assertFailed(lab.senderIpv6(), "far@v4.example", "5.4.4 END-04");
        assertThat(lab.ipv4().messagesFor("far@v4.example")).isEmpty();
    }

    @Test
    void END_04_theRelayAcceptsAnIpv4SendersMailToAnIpv6Host(PeerLab lab) {
        LabMessage mail = LabMessage.plain();
        Sender sender = lab.senderIpv4().with("mail.mx.relay", lab.relayUrl());

        SendResult result = sender.send(mail, "relayed@v6.example");

        assertThat(result.isSent()).as(result.toString()).isTrue();
        StoredMessage stored = lab.ipv6().awaitMessageFor("relayed@v6.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).hasSize(2);
        assertThat(stored.received().get(0)).contains("from relay.example", "[IPv6:2a00:45:2::87]");
        assertThat(stored.received().get(1))
                .contains("from send4.example", "[45.0.2.104]", "using TLSv1.3")
                .contains("(Authenticated sender: postroad@relay.example)", "with ESMTPSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"scram-sha-256", "plain", "login"})
    void RELAY_04_theRelayAuthenticatesUsByEachMechanism(String mechanism, PeerLab lab) {
        Sender sender = lab.senderIpv4().with("mail.mx.relay", lab.relayUrl() + ";auth=" + mechanism);
        String recipient = "by-" + mechanism + "@v6.example";

        SendResult result = sender.send(LabMessage.plain(), recipient);

        assertThat(result.isSent()).as(result.toString()).isTrue();
        assertThat(lab.ipv6().awaitMessageFor(recipient).received().get(1))
                .contains("(Authenticated sender: postroad@relay.example)");
    }

    @Test
    void RELAY_03_onlyTheUnreachableDomainGoesToTheRelay(PeerLab lab) {
        LabMessage mail = LabMessage.plain();
        Sender sender = lab.senderIpv4().with("mail.mx.relay", lab.relayUrl());

        SendResult result = sender.send(mail, "mixed@v6.example", "mixed@dual.example");

        assertThat(result.isSent()).as(result.toString()).isTrue();
        assertThat(lab.ipv6().awaitMessageFor("mixed@v6.example").received()).hasSize(2);
        assertThat(lab.dual().awaitMessageFor("mixed@dual.example").received())
                .singleElement()
                .asString()
                .contains("from send4.example");
    }

    @Test
    void RELAY_04_noPasswordIsSentToARelayWithTheWrongCertificate(PeerLab lab) {
        Sender sender = lab.senderIpv4().with("mail.mx.relay", lab.relayUrl()).trusting(lab.strangersTrustStore());

        SendResult result = sender.send(LabMessage.plain(), "unproven@v6.example");

        assertThat(result.validUnsent()).as(result.toString()).containsExactly("unproven@v6.example");
        assertThat(result.about("unproven@v6.example")).startsWith("DEFERRED 4.");
        assertThat(lab.ipv6().messagesFor("unproven@v6.example")).isEmpty();
    }

    @Test
    void LOOKUP_02_withoutAnAnsweringResolverMailIsDeferred(PeerLab lab) {
        SendResult result =
                lab.whileResolverIsStopped(() -> lab.senderIpv4().send(LabMessage.plain(), "unheard@dual.example"));

        assertThat(result.validUnsent()).as(result.toString()).containsExactly("unheard@dual.example");
        assertThat(result.about("unheard@dual.example")).isEqualTo("DEFERRED 4.4.3 LOOKUP-02 -");
    }

    @Test
    void END_05_mxHostsWithoutAddressAre543(PeerLab lab) {
        assertFailed(lab.senderDual(), "someone@noaddress.example", "5.4.3 END-05");
    }

    @Test
    void END_06_aNameWithNeitherMxNorAddressIs512(PeerLab lab) {
        assertInvalid(lab.senderDual(), "someone@nohost.example", "5.1.2 END-06");
    }

    @Test
    void LOOKUP_03_aDomainThatDoesNotExistIs512(PeerLab lab) {
        assertInvalid(lab.senderDual(), "someone@unknown.example", "5.1.2 LOOKUP-03");
    }

    @Test
    void LOOKUP_07_aNullMxIs5110(PeerLab lab) {
        assertInvalid(lab.senderDual(), "someone@null.example", "5.1.10 LOOKUP-07");
    }

    private static void assertFailed(Sender sender, String recipient, String statusAndRule) {
        SendResult result = sender.send(LabMessage.plain(), recipient);
        assertThat(result.validUnsent()).as(result.toString()).containsExactly(recipient);
        assertThat(result.about(recipient)).isEqualTo("FAILED " + statusAndRule + " -");
    }

    private static void assertInvalid(Sender sender, String recipient, String statusAndRule) {
        SendResult result = sender.send(LabMessage.plain(), recipient);
        assertThat(result.invalid()).as(result.toString()).containsExactly(recipient);
        assertThat(result.about(recipient)).isEqualTo("FAILED " + statusAndRule + " -");
    }
}
