// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;

/** Servers with huge replies for each recipient at each host, in a separate JVM with a limited heap. */
class BigRefusalsTest {

    private static final int HOSTS = 20;
    private static final int RECIPIENTS = 100;
    private static final String HEAP = "-Xmx64m";

    /** About 60,000 octets, beyond Latin-1, so that the JDK needs two octets for each character. */
    private static final String WORDS =
            IntStream.range(0, 15)
                            .mapToObj(i -> "450-4.2.1 " + "\u0416".repeat(2000))
                            .collect(Collectors.joining("\n")) + "\n450 4.2.1 later";

    @Test
    @Timeout(300)
    void memory_refusalsOfManyRecipientsAtManyHostsFitIntoASmallHeap() throws Exception {
        Transcript transcript = new Transcript();
        try (FakeSmtpServer server =
                        FakeSmtpServer.start("mx", Family.IPV4, transcript).onCommand("RCPT", WORDS);
                FakeDnsServer dns = FakeDnsServer.start(zone(), transcript)) {
            List<String> command = ChildJvm.command(Sender.class, HEAP);
            command.add(String.valueOf(server.port()));
            command.add(String.valueOf(dns.address(Family.IPV4).getPort()));
            Process sender =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(sender.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(sender.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(said).isEqualTo("contacts: " + HOSTS + ", deferred: " + RECIPIENTS + "\n");
        }
    }

    private static String zone() {
        return IntStream.range(0, HOSTS)
                .mapToObj(i -> "many.test. MX 10 mx" + i + ".test.\nmx" + i + ".test. A 192.0.2." + (100 + i) + "\n")
                .collect(Collectors.joining());
    }

    /** The program that runs in the separate JVM. */
    static final class Sender {

        public static void main(String[] ports) throws Exception {
            ChildJvm.logNoDeliveries();
            LoopbackConnector connector = new LoopbackConnector(new Transcript());
            InetSocketAddress server = new InetSocketAddress("127.0.0.1", Integer.parseInt(ports[0]));
            for (int i = 0; i < HOSTS; i++) {
                connector.map("192.0.2." + (100 + i), 25, server);
            }
            Properties properties = new Properties();
            properties.setProperty("mail.transport.protocol.rfc822", "mx");
            properties.setProperty("mail.mx.localhost", "client.test");
            properties.setProperty("mail.mx.families", "ipv4");
            properties.setProperty("mail.mx.ownaddresses", "127.0.0.1");
            properties.setProperty("mail.mx.addresses.allow", "192.0.2.0/24");
            properties.setProperty("mail.mx.dns.servers", "127.0.0.1:" + ports[1]);
            properties.put("mail.mx.connector", connector);
            MimeMessage message = new MimeMessage(Session.getInstance(properties));
            message.setFrom(new InternetAddress("me@client.test"));
            for (int i = 0; i < RECIPIENTS; i++) {
                message.addRecipient(Message.RecipientType.TO, new InternetAddress("u" + i + "@many.test"));
            }
            message.setText("Hello");
            try {
                Transport.send(message);
            } catch (MxSendFailedException failure) {
                System.out.print("contacts: "
                        + failure.report().domains().get(0).attempts().size() + ", deferred: "
                        + failure.getValidUnsentAddresses().length + "\n");
            }
            Postroad.close();
        }
    }
}
