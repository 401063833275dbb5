// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.fixtures.Misbehaviour;

/** All or nothing: {@code mail.mx.sendpartial=false}. */
class SendPartialTest extends TransportTesting {

    @BeforeEach
    void demandAllOrNothing() {
        properties.setProperty("mail.mx.sendpartial", "false");
    }

    private void nobodyGotIt() {
        assertThat(mx4.received()).isEmpty();
        assertThat(mx6.received()).isEmpty();
        assertThat(transcript.lines()).noneMatch(line -> line.endsWith("< DATA"));
    }

    @Test
    void sendpartial_allRecipientsGetTheMessageIfAllAreAccepted() throws Exception {
        send(message("a@v4.test", "b@v6.test", "c@dual.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx6.received()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"550 5.1.1 no such user", "450 4.2.0 later"})
    void sendpartial_oneRefusedRecipientHoldsEveryDomainBack(String refusal) throws Exception {
        mx4.onCommand("RCPT TO:<bad@", refusal);
        MxSendFailedException failure = failure("bad@v4.test", "good@v4.test", "other@v6.test");
        nobodyGotIt();
        assertThat(failure.getValidSentAddresses()).isEmpty();
        Address bad = new InternetAddress("bad@v4.test");
        assertThat(failure.getInvalidAddresses())
                .isEqualTo(refusal.startsWith("5") ? new Address[] {bad} : new Address[0]);
        assertThat(failure.getValidUnsentAddresses())
                .contains(new InternetAddress("good@v4.test"), new InternetAddress("other@v6.test"));
        assertThat(failure).hasMessageContaining("eld back: not every recipient was accepted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u@nowhere.test", "u@null.test", "u@hollow.test"})
    void sendpartial_aDomainWithoutARouteHoldsTheOthersBack(String lost) throws Exception {
        MxSendFailedException failure = failure("good@v4.test", lost);
        nobodyGotIt();
        assertThat(failure.report().recipients().get(0).status()).hasToString("4.0.0");
    }

    @Test
    void sendpartial_anInvalidAddressHoldsTheOthersBackWithoutContact() throws Exception {
        MimeMessage message = message("good@v4.test");
        InternetAddress bad = new InternetAddress();
        bad.setAddress("no domain");
        Address good = message.getAllRecipients()[0];
        message.saveChanges();
        try (Transport transport = message.getSession().getTransport()) {
            transport.connect();
            assertThatThrownBy(() -> transport.sendMessage(message, new Address[] {bad, good}))
                    .isInstanceOfSatisfying(MxSendFailedException.class, failure -> {
                        assertThat(failure.getInvalidAddresses()).containsExactly(bad);
                        assertThat(failure.getValidUnsentAddresses()).containsExactly(good);
                    });
        }
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void sendpartial_aServerThatAcceptsOnlySomeIsSkippedForOneThatAcceptsAll() throws Exception {
        mx6.onCommand("RCPT TO:<b@", "450 4.2.1 busy");
        send(message("a@dual.test", "b@dual.test", "c@v4.test"));
        assertThat(mx6.received()).isEmpty();
        assertThat(mx4.received()).hasSize(2);
    }

    @Test
    void sendpartial_moreRecipientsThanATransactionAllowsAreOfferedConcurrently() throws Exception {
        properties.setProperty("mail.mx.maxrecipients", "1");
        send(message("a@v4.test", "b@v4.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void sendpartial_aServerLostDuringTheWaitIsReplacedByTheNext() throws Exception {
        mx6.onCommand("DATA", Misbehaviour.CLOSE);
        send(message("a@dual.test", "b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 33})
    void sendpartial_domainsBeyondTheLimitAreAClearError(int domains) throws Exception {
        String[] recipients = IntStream.range(0, domains)
                .mapToObj(i -> "u@d" + i + ".nowhere.test")
                .toArray(String[]::new);
        MimeMessage message = message(recipients);
        if (domains <= 32) {
            assertThatThrownBy(() -> send(message)).isInstanceOf(MxSendFailedException.class);
        } else {
            assertThatThrownBy(() -> send(message))
                    .isInstanceOf(MessagingException.class)
                    .isNotInstanceOf(SendFailedException.class)
                    .hasMessageContaining("mail.mx.sendpartial=false")
                    .hasMessageContaining("at most 32")
                    .hasMessageContaining("33");
            assertThat(transcript.lines()).isEmpty();
        }
    }
}
