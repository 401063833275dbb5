// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.quickstart;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.RecipientReport;
import org.postroad.provider.MxSendFailedException;
import org.postroad.spi.DeliveryListener;

/**
 * Without arguments: starts an embedded DNS server and embedded mail exchangers, and sends to them. With
 * {@code --to someone@example.org --from me@example.net}: sends real mail, using the system's DNS servers.
 */
public final class Quickstart {

    private Quickstart() {}

    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "mx");
        properties.setProperty("mail.transport.protocol.rfc822", "mx");
        properties.put("mail.mx.listener", (DeliveryListener) Quickstart::print);
        if (arguments.length == 0) {
            demonstrate(properties);
            return;
        }
        send(properties, value(arguments, "--from"), List.of(value(arguments, "--to")));
    }

    private static String value(String[] arguments, String name) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(name)) {
                return arguments[i + 1];
            }
        }
        throw new IllegalArgumentException(
                name + " is missing; run without arguments, or with --to someone@example.org --from me@example.net");
    }

    private static void demonstrate(Properties properties) throws IOException, MessagingException {
        try (EmbeddedInternet internet = EmbeddedInternet.start()) {
            internet.configure(properties);
            System.out.println("== One message, three domains: IPv4 only, IPv6 only, both");
            send(properties, "me@client.test", List.of("a@v4.test", "b@v6.test", "c@dual.test"));
            System.out.println("\n== A host without IPv6 sends to a domain that has only IPv6 addresses");
            properties.setProperty("mail.mx.families", "ipv4");
            send(properties, "me@client.test", List.of("b@v6.test"));
        }
    }

    /** Sends with plain Jakarta Mail. */
    private static void send(Properties properties, String from, List<String> recipients) throws MessagingException {
        properties.setProperty("mail.from", from); // Jakarta Mail uses it for the Message-ID
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress(from));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        message.setSubject("Direct delivery");
        MimeBodyPart text = new MimeBodyPart();
        text.setText("This message was delivered without a smart host.\n");
        MimeBodyPart attachment = new MimeBodyPart();
        attachment.setText("one,two\n1,2\n", StandardCharsets.US_ASCII.name(), "csv");
        attachment.setFileName("numbers.csv");
        MimeMultipart parts = new MimeMultipart();
        parts.addBodyPart(text);
        parts.addBodyPart(attachment);
        message.setContent(parts);
        try {
            Transport.send(message);
            System.out.println("accepted for all " + recipients.size());
        } catch (MxSendFailedException failure) {
            System.out.println("failed: " + failure.getMessage());
            System.out.println("the report, as an operator reads it:");
            System.out.println(failure.report());
        }
    }

    /** Prints the contacts with their protection, and the result for each recipient. */
    private static void print(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.Concluded concluded) {
            List<String> lines = new ArrayList<>();
            for (Attempt attempt : concluded.report().attempts()) {
                lines.add("  contact " + attempt.remote() + ", protection: " + attempt.tls());
            }
            for (RecipientReport report : concluded.report().recipients()) {
                lines.add("  <" + report.recipient() + "> " + report.verdict() + " " + report.status()
                        + report.decidedBy()
                                .map(by -> " by " + by.remote() + ", "
                                        + by.remote().family() + ", "
                                        + by.outcome().describe())
                                .orElse(""));
            }
            System.out.println(String.join(System.lineSeparator(), lines));
        }
    }
}
