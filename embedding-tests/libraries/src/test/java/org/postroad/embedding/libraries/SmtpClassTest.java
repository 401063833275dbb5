// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.embedding.TwoDomains;
import org.postroad.provider.MxTransport;

/** Code that insists on the protocol {@code smtp}. */
@Timeout(60)
class SmtpClassTest extends LibraryTesting {

    private MimeMessage message() throws MessagingException {
        Properties properties = net.properties("smtp");
        properties.setProperty("mail.smtp.class", MxTransport.class.getName());
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress(TwoDomains.SENDER));
        message.setRecipients(Message.RecipientType.TO, TwoDomains.ONE + ", " + TwoDomains.TWO);
        message.setText("Hello\n");
        return message;
    }

    @Test
    void mx_byTheClassOfSmtp() throws Exception {
        Transport.send(message());
        assertArrived();
    }

    @Test
    void mx_theReportIsInTheException() throws Exception {
        refuseTheSecond();
        MimeMessage message = message();
        assertTells(catchThrowable(() -> Transport.send(message)));
    }
}
