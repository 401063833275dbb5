// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.modules;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Properties;
import java.util.stream.Collectors;
import org.postroad.provider.MailQueue;
import org.postroad.provider.Postroad;

/**
 * Sends a message to the recipients given as arguments, and prints the modules that the JVM has. All system properties are settings of
 * the Session.
 */
public final class SendOne {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private SendOne() {}

    public static void main(String[] recipients) throws MessagingException, InterruptedException {
        System.out.println(ModuleLayer.boot().modules().stream()
                .map(Module::getName)
                .sorted()
                .collect(Collectors.joining(",", "modules:", "")));
        Properties settings = System.getProperties();
        Session session = Session.getInstance(settings);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("sender@client.test"));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject("From a module");
        message.setText("Hello\n");
        if (settings.getProperty("mail.transport.protocol").equals("mxqueue")) {
            try (MailQueue queue = MailQueue.open(session)) {
                Transport.send(message);
                System.out.println("drained:" + queue.drain(LIMIT));
            }
        } else {
            Transport.send(message);
        }
        Postroad.close();
        System.out.println("sent");
    }
}
