// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers.micronaut;

import io.micronaut.email.Email;
import io.micronaut.email.EmailSender;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.List;

/** Sends a message, with the parameters of {@code samples/webapp}, but for transactions. */
@Controller("/mail")
public class MailController {

    private static final String SENDER = "webapp@client.test";
    private static final String BODY = "From a web application.\n";

    private final EmailSender<?, ?> direct;
    private final Session queued;

    MailController(EmailSender<?, ?> direct, Session queued) {
        this.direct = direct;
        this.queued = queued;
    }

    @Post(produces = MediaType.TEXT_PLAIN)
    @ExecuteOn(TaskExecutors.BLOCKING)
    public String send(
            @QueryValue("session") String session,
            @QueryValue("subject") String subject,
            @QueryValue("to") List<String> recipients)
            throws MessagingException {
        if (session.equals("queue")) {
            queue(subject, recipients);
        } else {
            Email.Builder email = Email.builder().from(SENDER).subject(subject).body(BODY);
            recipients.forEach(email::to);
            direct.send(email);
        }
        return "sent";
    }

    private void queue(String subject, List<String> recipients) throws MessagingException {
        MimeMessage message = new MimeMessage(queued);
        message.setFrom(new InternetAddress(SENDER));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject(subject);
        message.setText(BODY);
        Transport.send(message);
    }
}
