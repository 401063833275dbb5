// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.event.TransportListener;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.MessageWarning;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Verdict;
import org.postroad.fixtures.DnsFault;
import org.postroad.spi.Connector;
import org.postroad.spi.RelaySelector;

/** Texts of a failed send: the printed exception and its report. */
class FailureTextTest extends TransportTesting {

    private static final String NOT_RETRIED = "DEFERRED: delivery is not retried.";
    private static final String PORT_CLOSED = "No host answered on port 25: many networks close that port";

    @Test
    void RFC5321_4_1_2_aMalformedRecipientHasAStatusInTheReport() throws Exception {
        InternetAddress good = new InternetAddress("good@v4.test");
        InternetAddress first = malformed("nodomain");
        InternetAddress second = malformed("a@b..test");
        MxSendFailedException failure = failureOf(message("x@v4.test"), first, good, second);
        assertThat(failure.getInvalidAddresses()).hasSize(2);
        assertThat(failure.getInvalidAddresses()[0]).isSameAs(first);
        assertThat(failure.getInvalidAddresses()[1]).isSameAs(second);
        assertThat(failure.report().invalidRecipients())
                .extracting(InvalidRecipient::address)
                .containsExactly("nodomain", "a@b..test");
        assertThat(failure.report().invalidRecipients())
                .allSatisfy(invalid -> assertThat(invalid.status()).hasToString("5.1.3"));
        assertThat(failure.report().toString())
                .contains("<nodomain> FAILED 5.1.3 (RFC 5321 4.1.2): The address \"nodomain\" has no domain");
        assertThat(failure).hasMessageContaining("<nodomain> FAILED 5.1.3").hasMessageContaining("<a@b..test> FAILED");
        assertThat(failure.getNextException()).hasMessageContaining("5.1.3");
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void RFC5321_4_1_2_aReportWithMalformedRecipientsOnlyIsNotEmpty() throws Exception {
        MxSendFailedException failure = failureOf(message("x@v4.test"), malformed("nodomain"));
        assertThat(failure.report().toString()).startsWith("<nodomain> FAILED 5.1.3");
        assertThat(failure.report().isComplete()).isFalse();
    }

    @Test
    void RFC5321_4_1_2_allOrNothingReportsTheMalformedRecipientToo() throws Exception {
        properties.setProperty("mail.mx.sendpartial", "false");
        MxSendFailedException failure =
                failureOf(message("x@v4.test"), new InternetAddress("good@v4.test"), malformed("nodomain"));
        assertThat(failure.report().invalidRecipients()).hasSize(1);
        assertThat(failure.report().recipients().get(0).verdict()).isEqualTo(Verdict.DEFERRED);
        assertThat(failure).hasMessageContaining("mail.mx.sendpartial");
        assertThat(mx4.connections()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"me@client..test", "me@@client.test", "me client@client.test", "me@", "@client.test"})
    void RFC5321_4_1_2_aMalformedSenderIs517_whereverItIsFound(String from) throws Exception {
        MimeMessage message = message("a@v4.test", "b@v6.test");
        message.setHeader("From", from);
        assertSenderRefused(message);
        SMTPMessage other = new SMTPMessage(message("a@v4.test", "b@v6.test"));
        other.setEnvelopeFrom(from);
        assertSenderRefused(other);
    }

    private void assertSenderRefused(MimeMessage message) throws Exception {
        LinkedBlockingQueue<Integer> events = new LinkedBlockingQueue<>();
        Address[] recipients = message.getAllRecipients();
        message.saveChanges();
        try (Transport transport = Session.getInstance(properties).getTransport("mx")) {
            transport.addTransportListener(listener(events));
            transport.connect();
            MxSendFailedException failure =
                    catchThrowableOfType(MxSendFailedException.class, () -> transport.sendMessage(message, recipients));
            assertThat(failure.report().recipients())
                    .hasSize(2)
                    .extracting(RecipientReport::status)
                    .allSatisfy(status -> assertThat(status).hasToString("5.1.7"));
            assertThat(failure.getValidUnsentAddresses()).containsExactly(recipients);
            assertThat(failure).hasMessageContaining("FAILED 5.1.7 (RFC 5321 4.1.2): The sender ");
            assertThat(events.poll(10, TimeUnit.SECONDS)).isEqualTo(TransportEvent.MESSAGE_NOT_DELIVERED);
        }
        assertThat(transcript.lines()).isEmpty();
    }

    private static TransportListener listener(LinkedBlockingQueue<Integer> events) {
        return new TransportListener() {
            @Override
            public void messageDelivered(TransportEvent event) {
                events.add(event.getType());
            }

            @Override
            public void messageNotDelivered(TransportEvent event) {
                events.add(event.getType());
            }

            @Override
            public void messagePartiallyDelivered(TransportEvent event) {
                events.add(event.getType());
            }
        };
    }

    @Test
    void END_01_theMeaningOfDeferredIsExplainedOnce() throws Exception {
        mx4.onCommand("RCPT TO:<a@", "450 4.2.1 busy").onCommand("RCPT TO:<b@", "451 4.3.0 other");
        MxSendFailedException failure = failure("a@v4.test", "b@v4.test");
        assertThat(failure.getMessage()).containsOnlyOnce(NOT_RETRIED).contains("mxqueue");
        assertThat(lines(failure).get(1)).startsWith(NOT_RETRIED);
    }

    @Test
    void TRY_02_aPermanentFailureDoesNotMentionRetries() throws Exception {
        mx4.onCommand("RCPT", "550 5.1.1 no such user");
        assertThat(lines(failure("a@v4.test"))).hasSize(1);
    }

    @Test
    void END_01_twoHostsWithoutAnAnswerSuggestAClosedPort() throws Exception {
        connector.refuse("192.0.2.4").noAnswer("2001:db8::6");
        assertThat(failure("a@dual.test")).hasMessageContaining(PORT_CLOSED).hasMessageContaining("mail.mx.relay");
        assertThat(failure("a@v4.test", "b@v6.test")).hasMessageContaining(PORT_CLOSED);
    }

    @Test
    void END_01_oneSilentHostDoesNotSuggestAClosedPort() throws Exception {
        connector.refuse("192.0.2.4");
        assertThat(failure("a@v4.test").getMessage()).doesNotContain(PORT_CLOSED);
        mx6.onCommand("RCPT", "450 4.2.1 busy");
        assertThat(failure("a@dual.test").getMessage()).doesNotContain(PORT_CLOSED);
    }

    @ParameterizedTest
    @CsvSource({
        "a@private.test, lan.private.test 10.0.0.1 is refused (private), 5.4.3",
        "a@[10.0.0.1], 10.0.0.1 is refused (private), 5.1.2",
        "a@[IPv6:fe80::1], fe80::1 is refused (link-local), 5.1.2"
    })
    void ADDR_05_theFirstLineNamesAddressReasonAndSetting(String recipient, String words, String status)
            throws Exception {
        MxSendFailedException failure = failure(recipient);
        assertThat(lines(failure).get(0))
                .contains(words)
                .contains("mail.mx.addresses.allow")
                .contains(status);
        assertThat(failure.report().domains().get(0).refusedAddresses()).hasSize(1);
        assertThat(failure.report().toString()).contains(words);
    }

    @Test
    void ADDR_05_refusedAddressesAreNamedAfterAnotherAddressFailed() throws Exception {
        dns.zone("half.test. A 10.0.0.1\nhalf.test. AAAA 2001:db8::6\n");
        connector.refuse("2001:db8::6");
        assertThat(failure("a@half.test"))
                .hasMessageContaining("half.test 10.0.0.1 is refused (private), which mail.mx.addresses.allow");
    }

    @Test
    void RELAY_01_theAddressOfAConfiguredNextHopIsNotReportedAsRefused() throws Exception {
        dns.zone("hub.test. A 10.0.0.9\n");
        connector.refuse("10.0.0.9");
        properties.setProperty("mail.mx.routes", "v4.test=[hub.test]");
        MxSendFailedException failure = failure("a@v4.test");
        assertThat(failure.report().domains().get(0).refusedAddresses()).isEmpty();
        assertThat(failure.getMessage()).doesNotContain("addresses.allow").contains("10.0.0.9");
    }

    @Test
    void recipientsWithTheSameReasonAreGrouped() throws Exception {
        connector.refuse("192.0.2.4");
        MxSendFailedException failure = failure(
                IntStream.range(0, 300).mapToObj(i -> "user" + i + "@v4.test").toArray(String[]::new));
        assertThat(failure.getMessage())
                .startsWith("Not accepted for 300 of 300 recipients: <user0@v4.test>, <user1@v4.test>, ")
                .contains("<user9@v4.test> and 290 more DEFERRED 4.4.1")
                .containsOnlyOnce("Connection refused");
        assertThat(failure.report().toString()).contains("<user299@v4.test> DEFERRED 4.4.1");
        // As a log prints it: without the chain, which is for programs.
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        assertThat(printed.toString()).containsOnlyOnce("Connection refused").doesNotContain("Caused by");
        assertThat(failure.toString()).isEqualTo(MxSendFailedException.class.getName() + ": " + failure.getMessage());
        int chained = 0;
        for (Exception next = failure.getNextException(); next instanceof MessagingException each; chained++) {
            next = each.getNextException();
        }
        assertThat(chained).isEqualTo(300);
    }

    @Test
    void aReplyThatQuotesTheRecipientIsTheSameReason() throws Exception {
        for (String user : List.of("one", "two", "three")) {
            mx4.onCommand("RCPT TO:<" + user, "550 5.1.1 <" + user + "@v4.test>: Recipient address rejected");
        }
        mx4.onCommand("RCPT TO:<four", "550 5.7.1 policy");
        assertThat(failure("one@v4.test", "two@v4.test", "three@v4.test", "four@v4.test")
                        .getMessage())
                .contains("<one@v4.test>, <two@v4.test>, <three@v4.test> FAILED 5.1.1")
                .containsOnlyOnce("Recipient address rejected")
                .contains("<four@v4.test> FAILED 5.7.1");
    }

    @Test
    void phrasesAreNotRepeated() throws Exception {
        dns.fault("v4.test", RecordType.MX, DnsFault.SERVFAIL);
        assertThat(failure("a@v4.test").getMessage())
                .contains("The MX records of v4.test are not known for now: SERVER_FAILURE (")
                .doesNotContain("temporary failure: ");
        connector.noAnswer("2001:db8::6");
        assertThat(failure("a@v6.test").getMessage())
                .contains("mx6.v6.test[2001:db8::6]:25, connecting: no answer: ")
                .containsOnlyOnce("[2001:db8::6]");
    }

    @Test
    void namesOfJavaClassesAreNotShown() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        properties.put("mail.mx.relayselector", (RelaySelector) question -> {
            throw new IllegalStateException("no relay today");
        });
        assertThat(failure("a@v6.test")).hasMessageContaining("The relay selector failed: no relay today");
        properties.put("mail.mx.connector", (Connector) dial -> {
            throw new java.net.SocketTimeoutException();
        });
        assertThat(failure("a@v4.test"))
                .hasMessageContaining("no answer: socket timeout")
                .hasMessageNotContainingAny("java.", "Exception:");
        dns.fault("v4.test", RecordType.MX, DnsFault.TRUNCATED_TCP_CLOSES);
        Postroad.close(); // together with the earlier DNS failure
        assertThat(failure("a@v4.test"))
                .hasMessageContaining("cannot be queried: the server closed the TCP connection");
    }

    @ParameterizedTest
    @CsvSource({"dsn.notify, SOMETIMES", "executor, java:comp/nothing"})
    void namesOfJavaClassesAreNotShownInSettingsErrors(String name, String value) throws Exception {
        properties.setProperty("mail.mx." + name, value);
        assertThat(catchThrowableOfType(MessagingException.class, () -> send(message("a@v4.test"))))
                .hasMessageContaining("mail.mx." + name)
                .hasMessageNotContainingAny("No enum constant", "org.postroad", "javax.naming");
    }

    /** Spring's MailSendException, for example, consists of it. */
    @Test
    void theTextOfACauseIsNotRepeated() throws Exception {
        properties.setProperty("mail.mx.dsn.notify", "SOMETIMES");
        MessagingException failure = catchThrowableOfType(MessagingException.class, () -> send(message("a@v4.test")));
        assertThat(failure).hasToString(MessagingException.class.getName() + ": " + failure.getMessage());
        assertThat(failure.toString()).containsOnlyOnce("mail.mx.dsn.notify").doesNotContain("nested exception");
        assertThat(failure.getCause()).hasMessage(failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "me@localhost, \"localhost\"",
        "me@4f2a9c1d77, \"4f2a9c1d77\"",
        "me@host.localdomain, \"host.localdomain\""
    })
    void RFC5322_3_6_4_anUnqualifiedMessageIdIsAWarning(String mailFrom, String shown) throws Exception {
        assumeThat(MAIL).isEqualTo("angus-mail"); // Jakarta Mail derives the Message-ID from mail.from
        properties.setProperty("mail.from", mailFrom);
        properties.setProperty("mail.mx.reportsuccess", "true");
        assertThat(failure("a@v4.test").report().warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.about()).isEqualTo("Message-ID");
            assertThat(warning.text()).contains(shown).contains("mail.from");
        });
    }

    @Test
    void RFC5322_3_6_4_aQualifiedMessageIdCausesNoWarning() throws Exception {
        assumeThat(MAIL).isEqualTo("angus-mail");
        properties.setProperty("mail.from", "me@client.test");
        properties.setProperty("mail.mx.reportsuccess", "true");
        assertThat(failure("a@v4.test").report().warnings())
                .extracting(MessageWarning::toString)
                .isEmpty();
    }

    private static List<String> lines(MxSendFailedException failure) {
        return String.valueOf(failure.getMessage()).lines().toList();
    }

    private InternetAddress malformed(String text) {
        InternetAddress address = new InternetAddress();
        address.setAddress(text);
        return address;
    }

    private MxSendFailedException failureOf(MimeMessage message, Address... recipients) throws Exception {
        message.saveChanges();
        try (Transport transport = Session.getInstance(properties).getTransport("mx")) {
            transport.connect();
            return catchThrowableOfType(MxSendFailedException.class, () -> transport.sendMessage(message, recipients));
        }
    }
}
