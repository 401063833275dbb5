// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postroad.api.Family;
import org.postroad.api.Relay;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.Mx;

/**
 * The network of the demonstration, on loopback: two domains whose mail exchangers have IPv6 addresses only, and two relays. It also
 * supplies the settings that depend on it; a real application has all settings in MicroProfile Config or in system properties.
 */
@ApplicationScoped
public class Network {

    private static final String ZONE = """
            news.test.        MX 10 mx.news.test.
            mx.news.test.     AAAA 2001:db8::1
            lists.test.       MX 10 mx.lists.test.
            mx.lists.test.    AAAA 2001:db8::2
            """;

    private final FakeDnsServer dns;
    private final Map<String, FakeSmtpServer> relays = new LinkedHashMap<>();

    /** Starts the servers. */
    public Network() throws IOException {
        Transcript transcript = new Transcript();
        dns = FakeDnsServer.start(ZONE, transcript);
        for (String sender : new String[] {"shop.test", "bank.test"}) {
            relays.put(sender, FakeSmtpServer.start("relay of " + sender, Family.IPV4, transcript));
        }
    }

    @Produces
    @Mx
    Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("mail.mx.localhost", "client.test");
        settings.setProperty("mail.mx.families", "ipv4"); // this host has no IPv6
        settings.setProperty(
                "mail.mx.dns.servers", "127.0.0.1:" + dns.address(Family.IPV4).getPort());
        settings.setProperty("mail.mx.addresses.allow", "127.0.0.0/8 2001:db8::/32");
        return settings;
    }

    /** Returns the relay for mail from a domain; empty if it has none. */
    Optional<Relay> relayOf(String sender) {
        return Optional.ofNullable(relays.get(sender))
                .map(server -> Relay.parse("smtp://[127.0.0.1]:" + server.port() + ";starttls=never"));
    }

    /** Returns the number of messages that the relay for a domain got. */
    int received(String sender) {
        return Optional.ofNullable(relays.get(sender))
                .map(relay -> relay.received().size())
                .orElse(0);
    }

    @PreDestroy
    void stop() {
        try {
            dns.close();
            for (FakeSmtpServer relay : relays.values()) {
                relay.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
