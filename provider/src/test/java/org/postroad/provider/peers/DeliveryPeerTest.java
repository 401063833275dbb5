// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Deliveries that succeed: what the servers stored. */
@Tag("peers")
@ExtendWith(PeerLabExtension.class)
class DeliveryPeerTest {

    @Test
    void ADDR_02_anIpv4SenderReachesADualStackHostOverIpv4(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderIpv4().send(mail, "from4@dual.example"));

        StoredMessage stored = lab.dual().awaitMessageFor("from4@dual.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.trace()).contains("Return-Path: <" + Sender.FROM + ">");
        assertThat(stored.received()).singleElement().asString().contains("from send4.example", "[45.0.2.104]");
    }

    @Test
    void ADDR_02_anIpv6SenderReachesADualStackHostOverIpv6(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderIpv6().send(mail, "from6@dual.example"));

        StoredMessage stored = lab.dual().awaitMessageFor("from6@dual.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received())
                .singleElement()
                .asString()
                .contains("from send6.example", "[IPv6:2a00:45:2::106]");
    }

    @Test
    void ADDR_02_anIpv6SenderReachesAnIpv6Host(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderIpv6().send(mail, "six@v6.example"));

        assertThat(lab.ipv6().awaitMessageFor("six@v6.example").content()).isEqualTo(mail.stored());
    }

    @Test
    void ADDR_02_aDualStackSenderReachesHostsOfEitherFamilyWithOneMessage(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderDual().send(mail, "both@v4.example", "both@v6.example", "both@dual.example"));

        StoredMessage overIpv4 = lab.ipv4().awaitMessageFor("both@v4.example");
        StoredMessage overIpv6 = lab.ipv6().awaitMessageFor("both@v6.example");
        assertThat(overIpv4.content()).isEqualTo(mail.stored());
        assertThat(overIpv4.received()).singleElement().asString().contains("[45.0.2.110]");
        assertThat(overIpv6.content()).isEqualTo(mail.stored());
        assertThat(overIpv6.received()).singleElement().asString().contains("[IPv6:2a00:45:2::110]");
        assertThat(lab.dual().awaitMessageFor("both@dual.example").content()).isEqualTo(mail.stored());
    }

    @Test
    void ORDER_01_aDomainWithoutMxIsItsOwnHost(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderIpv6().send(mail, "someone@implicit.example"));

        assertThat(lab.dual().awaitMessageFor("someone@implicit.example").content())
                .isEqualTo(mail.stored());
    }

    @Test
    void ORDER_02_anUnreachableIpv6HostIsFollowedByTheNextMxOverIpv4(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderDual().send(mail, "dead@fallback.example"));

        StoredMessage stored = lab.ipv4().awaitMessageFor("dead@fallback.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).singleElement().asString().contains("[45.0.2.110]");
    }

    @Test
    void ORDER_04_anMxOfTheOtherFamilyIsSkipped(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        assertSent(lab.senderIpv4().send(mail, "passed@fallback.example"));

        assertThat(lab.ipv4().awaitMessageFor("passed@fallback.example").content())
                .isEqualTo(mail.stored());
    }

    @Test
    void smtp_postfixStoresADifficultMessageAsItWas(PeerLab lab) {
        LabMessage mail = LabMessage.difficult();

        assertSent(lab.senderDual().send(mail, "difficult@dual.example"));

        assertThat(lab.dual().awaitMessageFor("difficult@dual.example").content())
                .isEqualTo(mail.stored());
    }

    @Test
    void smtp_eximStoresADifficultMessageAsItWas(PeerLab lab) {
        LabMessage mail = LabMessage.difficult();

        assertSent(lab.senderIpv4().send(mail, "difficult@v4.example"));

        StoredMessage stored = lab.ipv4().awaitMessageFor("difficult@v4.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).singleElement().asString().contains("(Exim");
    }

    @Test
    void smtp_eximAcceptsAMessageWithLinesThatWereTooLong(PeerLab lab) throws Exception {
        assertSent(lab.senderIpv4().send(LabMessage.longLines(), "long@v4.example"));

        String stored = lab.ipv4().awaitMessageFor("long@v4.example").content();
        assertThat(stored.lines()).allMatch(line -> line.length() <= 998);
        MimeMessage read = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(stored.getBytes(StandardCharsets.ISO_8859_1)));
        assertThat(read.getHeader("References")[0].split("\\s+")).hasSize(61);
        try (InputStream content = read.getInputStream()) {
            assertThat(new String(content.readAllBytes(), StandardCharsets.ISO_8859_1).stripTrailing())
                    .isEqualTo(LabMessage.LONG_LINE.stripTrailing());
        }
    }

    @Test
    void smtp_eximRefusesLongLinesThatMustNotBeChanged(PeerLab lab) {
        SendResult result = lab.senderIpv4().send(LabMessage.longLines().signed(), "signed@v4.example");

        assertThat(result.validUnsent()).as(result.toString()).containsExactly("signed@v4.example");
        assertThat(result.about("signed@v4.example")).startsWith("FAILED 5.");
    }

    @Test
    void tls_isUsedIfTheServerOffersIt(PeerLab lab) {
        LabMessage mail = LabMessage.plain();
        Sender stranger = lab.senderIpv4().trusting(lab.strangersTrustStore());

        assertSent(stranger.send(mail, "opportunistic@dual.example"));

        StoredMessage stored = lab.dual().awaitMessageFor("opportunistic@dual.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).singleElement().asString().contains("with ESMTPS", "using TLSv1.3");
    }

    @Test
    void TRY_02_aBadRecipientDoesNotAffectTheOthers(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        SendResult result = lab.senderDual()
                .send(mail, "good@dual.example", "nobody@dual.example", "good@v4.example", "good@v6.example");

        assertThat(result.validSent())
                .as(result.toString())
                .containsExactly("good@dual.example", "good@v4.example", "good@v6.example");
        assertThat(result.invalid()).containsExactly("nobody@dual.example");
        assertThat(result.validUnsent()).isEmpty();
        assertThat(result.about("nobody@dual.example")).startsWith("FAILED 5.1.1 TRY-02 mxdual.example[");
        assertThat(lab.dual().awaitMessageFor("good@dual.example").content()).isEqualTo(mail.stored());
        assertThat(lab.ipv4().awaitMessageFor("good@v4.example").content()).isEqualTo(mail.stored());
        assertThat(lab.ipv6().awaitMessageFor("good@v6.example").content()).isEqualTo(mail.stored());
    }

    /** Exim ends the session after the first transaction. */
    @Test
    void TRY_11_eximGetsTheRemainingRecipientsOnNewConnections(PeerLab lab) {
        String[] recipients = recipients("v4.example");

        assertSent(lab.senderIpv4().send(LabMessage.plain(), recipients));

        assertThat(recipients)
                .allSatisfy(recipient ->
                        assertThat(lab.ipv4().awaitMessageFor(recipient)).isNotNull());
    }

    @Test
    void TRY_08_postfixGetsTheRemainingRecipientsInFurtherTransactions(PeerLab lab) {
        String[] recipients = recipients("dual.example");

        assertSent(lab.senderIpv4().send(LabMessage.plain(), recipients));

        assertThat(recipients)
                .allSatisfy(recipient ->
                        assertThat(lab.dual().awaitMessageFor(recipient)).isNotNull());
    }

    private static String[] recipients(String domain) {
        return IntStream.range(0, 8).mapToObj(i -> "many" + i + "@" + domain).toArray(String[]::new);
    }

    /** Exim replies 421 to the second MAIL, although no message was sent in the first transaction. */
    @Test
    void TRY_09_eximAcceptsTheMessageAfterAnUnknownUser(PeerLab lab) {
        assertSentAfterUnknownUser(lab.senderIpv4(), lab.ipv4(), "v4.example");
    }

    /** Postfix replies 421 to RSET, because of too many errors. */
    @Test
    void TRY_09_postfixAcceptsTheMessageAfterAnUnknownUser(PeerLab lab) {
        assertSentAfterUnknownUser(lab.senderIpv4(), lab.dual(), "dual.example");
    }

    private static void assertSentAfterUnknownUser(Sender sender, MailServer server, String domain) {
        SendResult result =
                sender.send(LabMessage.plain(), "nobody@" + domain, SendMain.THEN, "after-nobody@" + domain);

        assertThat(result.invalid()).as(result.toString()).containsExactly("nobody@" + domain);
        assertThat(result.validUnsent()).as(result.toString()).isEmpty();
        assertThat(server.awaitMessageFor("after-nobody@" + domain)).isNotNull();
    }

    @Test
    void END_01_greylistedMailIsDeferredAndDeliveredTheSecondTime(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        SendResult first = lab.senderIpv4().send(mail, "patient@grey.example");

        assertThat(first.validUnsent()).as(first.toString()).containsExactly("patient@grey.example");
        assertThat(first.about("patient@grey.example")).startsWith("DEFERRED 4.7.1 END-01 mxdual.example[45.0.2.25]");
        assertThat(lab.dual().messagesFor("patient@grey.example")).isEmpty();

        assertSent(lab.senderIpv4().send(mail, "patient@grey.example"));

        assertThat(lab.dual().awaitMessageFor("patient@grey.example").content()).isEqualTo(mail.stored());
    }

    private static void assertSent(SendResult result) {
        assertThat(result.isSent()).as(result.toString()).isTrue();
    }
}
