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
import java.net.InetSocketAddress;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.SilentPort;
import org.postroad.fixtures.Transcript;
import org.postroad.spi.DeliveryListener;

/** A small internet on loopback, with a mail exchanger of each family, and a Session that sends there. */
abstract class TransportTesting {

    /** The Jakarta Mail implementation of this run; the executions in the POM name others. */
    static final String MAIL = System.getProperty("postroad.test.mail", "angus-mail");

    private static final String ZONE = """
            v4.test.       MX 10 mx4.v4.test.
            mx4.v4.test.   A 192.0.2.4
            v6.test.       MX 10 mx6.v6.test.
            mx6.v6.test.   AAAA 2001:db8::6
            dual.test.     MX 10 mx6.v6.test.
            dual.test.     MX 20 mx4.v4.test.
            implicit.test. A 192.0.2.4
            both.test.     A 192.0.2.4
            both.test.     AAAA 2001:db8::6
            null.test.     MX 0 .
            hollow.test.   MX 10 nowhere.hollow.test.
            private.test.  MX 10 lan.private.test.
            lan.private.test. A 10.0.0.1
            """;

    final Transcript transcript = new Transcript();
    final Properties properties = new Properties();
    FakeDnsServer dns;
    FakeSmtpServer mx4;
    FakeSmtpServer mx6;
    LoopbackConnector connector;

    @BeforeEach
    void start() throws Exception {
        dns = FakeDnsServer.start(ZONE, transcript);
        mx4 = FakeSmtpServer.start("mx4", Family.IPV4, transcript);
        mx6 = FakeSmtpServer.start("mx6", Family.IPV6, transcript);
        connector = new LoopbackConnector(transcript)
                .map("192.0.2.4", 25, socket(mx4))
                .map("2001:db8::6", 25, socket(mx6));
        InetSocketAddress server = dns.address(Family.IPV4);
        properties.setProperty("mail.transport.protocol.rfc822", "mx");
        properties.setProperty("mail.transport.protocol", "mx");
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.families", "both");
        properties.setProperty("mail.mx.addresses.allow", "192.0.2.0/24 2001:db8::/32");
        properties.setProperty("mail.mx.ownaddresses", "none"); // which may be any of these, depending on the machine
        properties.setProperty("mail.mx.dns.servers", "127.0.0.1:" + server.getPort());
        properties.setProperty("mail.mx.dns.trustad", "127.0.0.1");
        properties.put("mail.mx.connector", connector);
    }

    /** Sends all mail to this port through the built-in connector. The transcript gets {@code connecting} before each connection. */
    void dialThere(SilentPort port) {
        properties.remove("mail.mx.connector");
        properties.setProperty("mail.mx.connectiontimeout", "10m"); // longer than any test
        properties.setProperty(
                "mail.mx.routes", "*=[127.0.0.1]:" + port.address().getPort());
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Connecting) {
                transcript.add("connecting");
            }
        });
    }

    static InetSocketAddress socket(FakeSmtpServer server) {
        return new InetSocketAddress(server.address().toInetAddress(), server.port());
    }

    @AfterEach
    void stop() throws Exception {
        Postroad.close();
        mx4.close();
        mx6.close();
        dns.close();
    }

    /** Sends as an application does. Geronimo's {@code send()} ignores the properties and sends to each recipient separately. */
    void send(MimeMessage message) throws MessagingException {
        if (!MAIL.startsWith("geronimo")) {
            Transport.send(message);
            return;
        }
        message.saveChanges();
        try (Transport transport = Session.getInstance(properties).getTransport("mx")) {
            transport.connect();
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    MimeMessage message(String... recipients) throws MessagingException {
        MimeMessage message = new MimeMessage(Session.getInstance(properties));
        message.setFrom(new InternetAddress("me@client.test"));
        for (String recipient : recipients) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient, false));
        }
        message.setSubject("Hello");
        message.setText("One line\n.a line with a dot\n");
        return message;
    }

    MxSendFailedException failure(String... recipients) throws MessagingException {
        return failure(message(recipients));
    }

    MxSendFailedException failure(MimeMessage message) {
        return catchThrowableOfType(MxSendFailedException.class, () -> send(message));
    }

    /** Checks that an unreadable property is named with the allowed values, and that no server is contacted. */
    void assertUnreadable(String name, String value, String complaint) throws MessagingException {
        properties.setProperty(name, value);
        MimeMessage message = message("a@v4.test");
        assertThatThrownBy(() -> send(message))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(complaint);
        assertThat(transcript.lines()).isEmpty();
    }
}
