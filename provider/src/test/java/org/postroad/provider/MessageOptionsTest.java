// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPAddressSucceededException;
import org.eclipse.angus.mail.smtp.SMTPMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options of a message and of the settings: DSNs, reverse-path, several recipients in one transaction. */
class MessageOptionsTest extends TransportTesting {

    private SMTPMessage smtpMessage() throws MessagingException {
        SMTPMessage message = new SMTPMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("me@client.test"));
        message.addRecipient(Message.RecipientType.TO, new InternetAddress("a@v4.test"));
        message.setText("x\n");
        return message;
    }

    private List<String> said(String verb) {
        return transcript.linesOf("mx4< " + verb);
    }

    @Test
    void dsn_settingsAreSentToAServerWithTheExtension() throws Exception {
        properties.setProperty("mail.mx.dsn.notify", "success, failure");
        properties.setProperty("mail.mx.dsn.ret", "HDRS");
        properties.setProperty("mail.mx.dsn.envid", "id+1");
        mx4.keywords("DSN");
        Transport.send(message("a@v4.test", "b@v6.test"));
        assertThat(said("MAIL")).singleElement().asString().endsWith("RET=HDRS ENVID=id+2B1");
        assertThat(said("RCPT")).singleElement().asString().endsWith("NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;a@v4.test");
        assertThat(transcript.linesOf("mx6< RCPT")).containsExactly("mx6< RCPT TO:<b@v6.test>");
    }

    @Test
    void dsn_optionsOfTheMessageOverrideTheSettings() throws Exception {
        properties.setProperty("mail.mx.dsn.notify", "SUCCESS");
        properties.setProperty("mail.mx.from", "settings@client.test");
        mx4.keywords("DSN");
        SMTPMessage message = smtpMessage();
        message.setEnvelopeFrom("bounces@client.test");
        message.setNotifyOptions(SMTPMessage.NOTIFY_NEVER);
        message.setReturnOption(SMTPMessage.RETURN_FULL);
        Transport.send(message);
        assertThat(said("MAIL")).containsExactly("mx4< MAIL FROM:<bounces@client.test> RET=FULL");
        assertThat(said("RCPT")).singleElement().asString().contains("NOTIFY=NEVER");
    }

    @Test
    void dsn_settingsApplyToAMessageWithoutOptions() throws Exception {
        properties.setProperty("mail.mx.dsn.notify", "NEVER");
        properties.setProperty("mail.mx.from", "<>");
        mx4.keywords("DSN");
        Transport.send(smtpMessage());
        assertThat(said("MAIL")).containsExactly("mx4< MAIL FROM:<>");
        assertThat(said("RCPT")).singleElement().asString().contains("NOTIFY=NEVER");
    }

    @Test
    void sendpartial_aMessageCanRequestIt() throws Exception {
        properties.setProperty("mail.mx.sendpartial", "false");
        mx4.onCommand("RCPT TO:<bad@", "550 5.1.1 no");
        SMTPMessage message = smtpMessage();
        message.addRecipient(Message.RecipientType.TO, new InternetAddress("bad@v4.test"));
        message.setSendPartial(true);
        assertThatThrownBy(() -> Transport.send(message)).isInstanceOf(MxSendFailedException.class);
        assertThat(mx4.received()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<bounces@client.test>", " bounces@client.test\t", "\tbounces@client.test"})
    void sender_envelopeFromIsParsedAsByAngus(String from) throws Exception {
        SMTPMessage message = smtpMessage();
        message.setEnvelopeFrom(from);
        Transport.send(message);
        assertThat(said("MAIL")).singleElement().asString().startsWith("mx4< MAIL FROM:<bounces@client.test>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<>", " <> "})
    void sender_theNullSenderIsASender(String from) throws Exception {
        SMTPMessage message = smtpMessage();
        message.setEnvelopeFrom(from);
        Transport.send(message);
        assertThat(said("MAIL")).singleElement().asString().startsWith("mx4< MAIL FROM:<>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<a@v4.test>", " a@v4.test ", "\t<a@v4.test>"})
    void recipients_areParsedAsByAngus(String written) throws Exception {
        MimeMessage message = message("b@v6.test");
        message.saveChanges();
        InternetAddress address = new InternetAddress();
        address.setAddress(written);
        try (Transport transport = message.getSession().getTransport()) {
            transport.connect();
            transport.sendMessage(message, new InternetAddress[] {address});
        }
        assertThat(said("RCPT")).singleElement().asString().startsWith("mx4< RCPT TO:<a@v4.test>");
    }

    /** RFC 8689: the server does not offer REQUIRETLS, so no recipient gets the message. */
    @ParameterizedTest
    @ValueSource(strings = {"REQUIRETLS", " requiretls ", "BODY=8BITMIME REQUIRETLS", "REQUIRETLS=yes"})
    void requiretls_aMessageRequestsItAsWithAngus(String extension) throws Exception {
        SMTPMessage message = smtpMessage();
        message.setHeader("TLS-Required", "No");
        message.setMailExtension(extension);
        MxSendFailedException failure = failure(message);
        assertThat(failure).hasMessageContaining("demands authenticated TLS");
        assertThat(mx4.received()).isEmpty();
        message.setMailExtension(null);
        Transport.send(message);
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void dsn_aMessageRequestsItByAMailExtension() throws Exception {
        mx4.keywords("DSN");
        SMTPMessage message = smtpMessage();
        message.setMailExtension("ret=HDRS ENVID=id+2B1");
        Transport.send(message);
        assertThat(said("MAIL")).singleElement().asString().endsWith("RET=HDRS ENVID=id+2B1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MT-PRIORITY=3", "AUTH=<>", "BODY=BINARYMIME", "ENVID=", "RET=ALL", "HOLD\u001b[31m"})
    void extension_anUnsupportedParameterCausesAWarning(String extension) throws Exception {
        SMTPMessage message = smtpMessage();
        message.setMailExtension(extension);
        try (LogTap log = LogTap.of(PostroadTransport.class)) {
            Transport.send(message);
            Transport.send(message);
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .startsWith("WARNING")
                    .contains(extension.substring(0, 4))
                    .matches("\\P{Cntrl}*");
        }
        assertThat(said("MAIL")).allSatisfy(line -> assertThat(line).doesNotContain(extension));
    }

    @Test
    void extension_aParameterThatTheTransportSendsAnywayCausesNoWarning() throws Exception {
        SMTPMessage message = smtpMessage();
        message.setMailExtension("BODY=8BITMIME SIZE=1234 SMTPUTF8");
        try (LogTap log = LogTap.of(PostroadTransport.class)) {
            Transport.send(message);
            assertThat(log.messages()).isEmpty();
        }
    }

    @Test
    void extension_submitterAndAllow8bitMimeCauseWarnings() throws Exception {
        SMTPMessage message = smtpMessage();
        message.setSubmitter("alice@client.test");
        message.setAllow8bitMIME(true);
        try (LogTap log = LogTap.of(PostroadTransport.class)) {
            Transport.send(message);
            assertThat(log.messages())
                    .hasSize(2)
                    .anySatisfy(one -> assertThat(one).contains("alice@client.test"));
            assertThat(log.messages()).anySatisfy(one -> assertThat(one).contains("allow8bitMIME"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            mail.mx.dsn.notify   | sometimes          | SUCCESS,FAILURE,DELAY
            mail.mx.dsn.notify   | NEVER,DELAY        | NEVER
            mail.mx.dsn.ret      | all                | FULL or HDRS
            mail.mx.dsn.envid    | caf\u00e9           | printable ASCII
            mail.mx.maxrecipients| 0                  | 1 to 10000
            """)
    void dsn_anInvalidValueIsNamed(String name, String value, String allowed) throws Exception {
        assertUnreadable(name, value, allowed);
    }

    @Test
    void chain_aFailedAddressIsTheExceptionThatAngusUsersKnow() throws Exception {
        mx4.onCommand("RCPT TO:<bad@", "553 5.1.3 odd name");
        MxSendFailedException failure = failure("good@v4.test", "bad@v4.test", "u@null.test");
        SMTPAddressFailedException first = (SMTPAddressFailedException) failure.getNextException();
        assertThat(first.getAddress()).isEqualTo(new InternetAddress("bad@v4.test"));
        assertThat(first.getReturnCode()).isEqualTo(553);
        assertThat(first.getCommand()).isEqualTo("RCPT TO:<bad@v4.test>");
        SMTPAddressFailedException second = (SMTPAddressFailedException) first.getNextException();
        assertThat(second.getReturnCode()).isEqualTo(556);
        assertThat(second.getNextException()).isNull();
    }

    @Test
    void chain_reportsuccessHasAnExceptionForEveryAddressInOrder() throws Exception {
        properties.setProperty("mail.mx.reportsuccess", "true");
        MimeMessage message = message("a@v4.test", "b@v6.test");
        MxSendFailedException told = catchThrowableOfType(MxSendFailedException.class, () -> Transport.send(message));
        assertThat(told).hasMessage("Accepted for all 2 recipients");
        assertThat(told.getValidSentAddresses()).hasSize(2);
        assertThat(told.getValidUnsentAddresses()).isEmpty();
        SMTPAddressSucceededException first = (SMTPAddressSucceededException) told.getNextException();
        assertThat(first.getAddress()).isEqualTo(new InternetAddress("a@v4.test"));
        assertThat(first.getReturnCode()).isEqualTo(250);
        assertThat(first.getNextException()).isInstanceOf(SMTPAddressSucceededException.class);
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "2, 2", "3, 1", "4, 1"})
    void TRY_08_aTransactionHasNoMoreRecipientsThanAllowed(int most, int transactions) throws Exception {
        properties.setProperty("mail.mx.maxrecipients", String.valueOf(most));
        Transport.send(message("a@v4.test", "b@v4.test", "c@v4.test"));
        assertThat(mx4.received()).hasSize(transactions);
        assertThat(said("RCPT")).hasSize(3);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void mail_theSameAddressTwiceIsOneRecipientAndTwoResults() throws Exception {
        mx4.onCommand("RCPT TO:<a@", "450 4.2.0 later");
        MimeMessage message = message("a@v4.test");
        message.saveChanges();
        InternetAddress one = new InternetAddress("a@v4.test", "One");
        InternetAddress two = new InternetAddress("a@v4.test", "Two");
        try (Transport transport = message.getSession().getTransport()) {
            transport.connect();
            MxSendFailedException failure = catchThrowableOfType(
                    MxSendFailedException.class,
                    () -> transport.sendMessage(message, new InternetAddress[] {one, two}));
            assertThat(failure.getValidUnsentAddresses()).hasSize(2);
            assertThat(failure.getValidUnsentAddresses()[0]).isSameAs(one);
            assertThat(failure.getValidUnsentAddresses()[1]).isSameAs(two);
        }
        assertThat(said("RCPT")).hasSize(1);
    }
}
