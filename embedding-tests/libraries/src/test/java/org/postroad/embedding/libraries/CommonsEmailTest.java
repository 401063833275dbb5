// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.libraries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Session;
import org.apache.commons.mail2.core.EmailException;
import org.apache.commons.mail2.jakarta.SimpleEmail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.embedding.TwoDomains;

/** Commons Email, on the old Jakarta Mail that it brings. */
@Timeout(60)
class CommonsEmailTest extends LibraryTesting {

    private static SimpleEmail email() throws EmailException {
        SimpleEmail email = new SimpleEmail();
        email.setFrom(TwoDomains.SENDER);
        email.addTo(TwoDomains.ONE);
        email.addTo(TwoDomains.TWO);
        email.setSubject("Hello");
        email.setMsg("Hello\n");
        return email;
    }

    @Test
    void theOldImplementationIsUsed() {
        assertThat(Session.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .contains("com/sun/mail/jakarta.mail/2.0.1");
    }

    @Test
    void mx_bySession() throws Exception {
        SimpleEmail email = email();
        email.setMailSession(Session.getInstance(properties()));
        email.send();
        assertArrived();
    }

    /** It demands a host, which is not used. */
    @Test
    void mx_bySystemProperties() throws Exception {
        setSystemProperties(properties());
        SimpleEmail email = email();
        email.setHostName("unused.invalid");
        email.send();
        assertArrived();
    }

    @Test
    void mx_theReportIsInTheCause() throws Exception {
        refuseTheSecond();
        SimpleEmail email = email();
        email.setMailSession(Session.getInstance(properties()));
        assertTells(catchThrowableOfType(EmailException.class, email::send).getCause());
    }
}
