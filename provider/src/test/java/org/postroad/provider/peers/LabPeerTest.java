// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The control experiment: the same application, servers and assertions with Angus Mail's own transport, which receives the server's
 * name. If it fails, the lab is broken, and failures of other tests mean nothing.
 */
@Tag("peers")
@ExtendWith(PeerLabExtension.class)
class LabPeerTest {

    @Test
    void lab_postfixStoresTheMessageOverIpv4(PeerLab lab) {
        LabMessage mail = LabMessage.difficult();

        SendResult result = toHost(lab.senderIpv4(), "mxdual").send(mail, "control4@dual.example");

        assertThat(result.isSent()).as(result.toString()).isTrue();
        StoredMessage stored = lab.dual().awaitMessageFor("control4@dual.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).hasSize(1).first().asString().contains("[45.0.2.104]");
    }

    @Test
    void lab_postfixStoresTheMessageOverIpv6(PeerLab lab) {
        LabMessage mail = LabMessage.plain();

        SendResult result = toHost(lab.senderIpv6(), "mxv6").send(mail, "control6@v6.example");

        assertThat(result.isSent()).as(result.toString()).isTrue();
        StoredMessage stored = lab.ipv6().awaitMessageFor("control6@v6.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).hasSize(1).first().asString().contains("[IPv6:2a00:45:2::106]");
    }

    @Test
    void lab_eximStoresTheMessage(PeerLab lab) {
        LabMessage mail = LabMessage.difficult();

        SendResult result = toHost(lab.senderDual(), "mxv4").send(mail, "control@v4.example");

        assertThat(result.isSent()).as(result.toString()).isTrue();
        StoredMessage stored = lab.ipv4().awaitMessageFor("control@v4.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).hasSize(1).first().asString().contains("[45.0.2.110]", "(Exim");
    }

    @Test
    void lab_relayRefusesUnauthenticatedMail(PeerLab lab) {
        Sender withoutPassword = toHost(lab.senderIpv4(), "relay")
                .with("mail.smtp.port", Integer.toString(Postfix.SUBMISSION_PORT))
                .with("mail.smtp.starttls.required", "true");

        SendResult result = withoutPassword.send(LabMessage.plain(), "stranger@v6.example");

        assertThat(result.chain()).anySatisfy(line -> assertThat(line).contains("Relay access denied"));
        assertThat(lab.ipv6().messagesFor("stranger@v6.example")).isEmpty();
    }

    @Test
    void lab_relayAcceptsAuthenticatedMailToAnIpv6Host(PeerLab lab) {
        LabMessage mail = LabMessage.plain();
        Sender withPassword = toHost(lab.senderIpv4(), "relay")
                .with("mail.smtp.port", Integer.toString(Postfix.SUBMISSION_PORT))
                .with("mail.smtp.starttls.required", "true")
                .with("mail.smtp.auth", "true")
                .with("mail.smtp.user", Postfix.RELAY_USER + "@relay.example")
                .with("mail.smtp.password", Postfix.RELAY_PASSWORD);

        SendResult trusting = withPassword.send(mail, "control-relay@v6.example");
        SendResult mistrusting =
                withPassword.trusting(lab.strangersTrustStore()).send(mail, "unproven@v6.example");

        assertThat(trusting.isSent()).as(trusting.toString()).isTrue();
        StoredMessage stored = lab.ipv6().awaitMessageFor("control-relay@v6.example");
        assertThat(stored.content()).isEqualTo(mail.stored());
        assertThat(stored.received()).hasSize(2);
        assertThat(stored.received().get(1)).contains("(Authenticated sender: postroad@relay.example)", "with ESMTPSA");
        assertThat(mistrusting.toString()).contains("SSLHandshakeException");
    }

    @Test
    void lab_aMailboxThatDoesNotExistIsRefused(PeerLab lab) {
        SendResult result = toHost(lab.senderDual(), "mxdual").send(LabMessage.plain(), "nobody@dual.example");

        assertThat(result.invalid()).containsExactly("nobody@dual.example");
        assertThat(result.chain()).anySatisfy(line -> assertThat(line).contains("550 5.1.1"));
    }

    @Test
    void lab_namesDoNotResolveWhileTheResolverIsStopped(PeerLab lab) {
        Sender sender = toHost(lab.senderIpv4(), "mxdual");

        SendResult stopped = lab.whileResolverIsStopped(() -> sender.send(LabMessage.plain(), "unheard@dual.example"));
        SendResult running = sender.send(LabMessage.plain(), "heard@dual.example");

        assertThat(stopped.chain()).anySatisfy(line -> assertThat(line).contains("UnknownHost"));
        assertThat(running.isSent()).as(running.toString()).isTrue();
    }

    private static Sender toHost(Sender sender, String host) {
        return sender.with("mail.transport.protocol.rfc822", "smtp")
                .with("mail.smtp.host", host + ".example")
                .with("mail.smtp.from", Sender.FROM)
                .with("mail.smtp.allow8bitmime", "true")
                .with("mail.smtp.starttls.enable", "true")
                .with("mail.smtp.sendpartial", "true");
    }
}
