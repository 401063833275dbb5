// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import org.postroad.provider.Mx;

/** Sends mail with the Session that Postroad produces. */
@ApplicationScoped
public class Newsletter {

    @Inject
    @Mx
    Session session;

    /** Sends one message to both domains. */
    void send(String from) throws MessagingException {
        MimeMessage message = new MimeMessage(session);
        message.setFrom(from);
        message.addRecipients(Message.RecipientType.TO, "ann@news.test, bob@lists.test");
        message.setSubject("News");
        message.setText("Hello\n");
        Transport.send(message);
    }
}
