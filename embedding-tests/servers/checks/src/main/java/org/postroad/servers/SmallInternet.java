// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;

/** A DNS server and the mail exchanger of two domains, on loopback. */
public final class SmallInternet implements AutoCloseable {

    /** In two domains: a message to one domain is delivered on the thread of the caller, and shows nothing about other threads. */
    public static final List<String> RECIPIENTS = List.of("a@one.test", "b@two.test");

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String ZONE = """
            one.test.    MX 10 mx.one.test.
            mx.one.test. A 127.0.0.1
            two.test.    MX 10 mx.two.test.
            mx.two.test. A 127.0.0.1
            """;

    private final Transcript transcript = new Transcript();
    private final FakeDnsServer dns;
    private final FakeSmtpServer exchanger;

    /** Starts the servers. */
    public SmallInternet() throws IOException {
        this.dns = FakeDnsServer.start(ZONE, transcript);
        this.exchanger = FakeSmtpServer.start("mx", Family.IPV4, transcript);
    }

    /** Returns the settings with which Postroad sends there. */
    public SortedMap<String, String> settings() {
        SortedMap<String, String> settings = new TreeMap<>();
        settings.put("mail.mx.localhost", "client.test");
        settings.put("mail.mx.families", "ipv4");
        settings.put(
                "mail.mx.dns.servers", "127.0.0.1:" + dns.address(Family.IPV4).getPort());
        settings.put("mail.mx.remoteport", String.valueOf(exchanger.port()));
        settings.put("mail.mx.addresses.allow", "127.0.0.0/8");
        settings.put("mail.mx.ownaddresses", "none");
        return settings;
    }

    /** Returns the recipients who got the message with this subject. */
    public Set<String> recipients(String subject) {
        Set<String> recipients = new TreeSet<>();
        exchanger.received().stream()
                .filter(message -> message.text().contains("Subject: " + subject + "\r\n"))
                .flatMap(message -> message.recipients().stream())
                .forEach(recipient -> recipients.add(recipient.replaceFirst("^<(.*)>.*", "$1")));
        return recipients;
    }

    /** Waits until all recipients have got the message with this subject. */
    public void awaitDelivered(String subject) throws InterruptedException {
        transcript.await(line -> recipients(subject).size() == RECIPIENTS.size(), PATIENCE);
    }

    @Override
    public void close() throws IOException {
        exchanger.close();
        dns.close();
    }
}
