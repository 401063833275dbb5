// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.microprofile;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.transaction.UserTransaction;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends a message, with the parameters of {@code samples/webapp}. */
@Path("/mail")
@Dependent
public class MailResource {

    private final MailSessions sessions;
    private final UserTransaction transaction;

    @Inject
    public MailResource(MailSessions sessions, UserTransaction transaction) {
        this.sessions = sessions;
        this.transaction = transaction;
    }

    @POST
    @Produces(MediaType.TEXT_PLAIN)
    public String send(
            @QueryParam("session") String session,
            @QueryParam("subject") String subject,
            @QueryParam("to") List<String> recipients,
            @QueryParam("end") @Nullable String end)
            throws Exception {
        if (end == null) {
            send(session, subject, recipients);
            return "sent";
        }
        boolean commit = end.equals("commit");
        boolean sent = false;
        transaction.begin();
        try {
            send(session, subject, recipients);
            sent = true;
        } finally {
            if (!sent || !commit) {
                transaction.rollback();
            }
        }
        if (commit) {
            transaction.commit();
        }
        return commit ? "sent and committed" : "sent and rolled back";
    }

    private void send(String session, String subject, List<String> recipients) throws MessagingException {
        MimeMessage message = new MimeMessage(sessions.session(session.equals("queue") ? "mxqueue" : "mx"));
        message.setFrom(new InternetAddress("webapp@client.test"));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(subject);
        message.setText("From a web application.\n");
        Transport.send(message);
    }
}
