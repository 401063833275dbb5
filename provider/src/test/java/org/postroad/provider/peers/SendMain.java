// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import jakarta.mail.Address;
import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.spi.DeliveryListener;

/**
 * An application with plain Jakarta Mail: {@code SendMain session.properties message.eml from recipient...}. The recipients of the next
 * send follow after {@link #THEN}. Prints a line for each fact of the result, for {@link SendResult}.
 */
final class SendMain {

    /** Separates the recipients of one send from those of the next. */
    static final String THEN = "--";

    private SendMain() {}

    public static void main(String[] arguments) throws IOException, MessagingException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(in);
        }
        properties.put("mail.mx.listener", (DeliveryListener) SendMain::print);
        Session session = Session.getInstance(properties, new Passwords(properties));
        MimeMessage message;
        try (InputStream in = Files.newInputStream(Path.of(arguments[1]))) {
            message = new KeptMessage(session, in);
        }
        properties.setProperty("mail.mx.from", arguments[2]);
        List<InternetAddress> recipients = new ArrayList<>();
        for (String argument : List.of(arguments).subList(3, arguments.length)) {
            if (argument.equals(THEN)) {
                send(message, recipients);
                recipients.clear();
            } else {
                recipients.add(new InternetAddress(argument));
            }
        }
        send(message, recipients);
    }

    private static void send(MimeMessage message, List<InternetAddress> recipients) {
        try {
            Transport.send(message, recipients.toArray(new InternetAddress[0]));
            print("SENT", "");
        } catch (MessagingException failure) {
            print(failure);
        }
    }

    private static void print(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.Attempted attempted) {
            Attempt attempt = attempted.attempt();
            print("PROTECTION", attempted.domain() + " " + attempt.tls().level());
        }
    }

    private static void print(MessagingException failure) {
        print("FAILED", failure.getClass().getName() + " " + failure.getMessage());
        for (Exception next = failure.getNextException(); next != null; next = following(next)) {
            print("NEXT", next.getClass().getName() + " " + next.getMessage());
        }
        if (failure instanceof SendFailedException parts) {
            print("VALID_SENT", parts.getValidSentAddresses());
            print("VALID_UNSENT", parts.getValidUnsentAddresses());
            print("INVALID", parts.getInvalidAddresses());
            ReportLines.of(parts).forEach(line -> print("RECIPIENT", line));
        }
    }

    private static @Nullable Exception following(Exception exception) {
        return exception instanceof MessagingException messaging ? messaging.getNextException() : null;
    }

    private static void print(String fact, Address[] addresses) {
        if (addresses != null) {
            Arrays.stream(addresses).forEach(address -> print(fact, address.toString()));
        }
    }

    private static void print(String fact, String text) {
        System.out.println((fact + " " + text.replaceAll("[\r\n]+", " | ")).strip());
    }

    /** A stored message that keeps its Message-ID when Transport.send saves it again. */
    private static final class KeptMessage extends MimeMessage {

        KeptMessage(Session session, InputStream in) throws MessagingException {
            super(session, in);
        }

        @Override
        protected void updateMessageID() {}
    }

    /** User and password from the properties, for transports that need a server. */
    private static final class Passwords extends Authenticator {

        private final Properties properties;

        Passwords(Properties properties) {
            this.properties = properties;
        }

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication(
                    properties.getProperty("mail.smtp.user", ""), properties.getProperty("mail.smtp.password", ""));
        }
    }
}
