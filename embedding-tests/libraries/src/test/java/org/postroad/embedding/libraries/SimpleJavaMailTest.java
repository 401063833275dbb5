// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.mail.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.embedding.TwoDomains;
import org.simplejavamail.api.email.Email;
import org.simplejavamail.api.mailer.Mailer;
import org.simplejavamail.email.EmailBuilder;
import org.simplejavamail.mailer.MailerBuilder;

/** Simple Java Mail. */
@Timeout(60)
class SimpleJavaMailTest extends LibraryTesting {

    private static Email email() {
        return EmailBuilder.startingBlank()
                .from(TwoDomains.SENDER)
                .to(TwoDomains.ONE)
                .to(TwoDomains.TWO)
                .withSubject("Hello")
                .withPlainText("Hello\n")
                .buildEmail();
    }

    @Test
    void mx_bySession() {
        Mailer mailer =
                MailerBuilder.usingSession(Session.getInstance(properties())).buildMailer();
        mailer.testConnection();
        mailer.sendMail(email()).join();
        assertArrived();
    }

    /** It demands a host, which is not used. */
    @Test
    void mx_byProperties() {
        MailerBuilder.withSMTPServer("unused.invalid", 25)
                .withProperties(properties())
                .buildMailer()
                .sendMail(email())
                .join();
        assertArrived();
    }

    @Test
    void mx_theReportIsInTheCause() {
        refuseTheSecond();
        Mailer mailer =
                MailerBuilder.usingSession(Session.getInstance(properties())).buildMailer();
        assertTells(catchThrowable(() -> mailer.sendMail(email())).getCause());
    }
}
