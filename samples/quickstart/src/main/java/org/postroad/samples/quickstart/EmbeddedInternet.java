// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.quickstart;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.postroad.api.Family;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.Transcript;

/**
 * A DNS server and three mail exchangers on loopback ports, reachable at documentation addresses. The DNS server acts as a
 * validating resolver and publishes the certificate of one mail exchanger (DANE).
 */
final class EmbeddedInternet implements AutoCloseable {

    private static final String ZONE = """
            v4.test.        MX 10 mx.v4.test.
            mx.v4.test.     A 192.0.2.4
            v6.test.        MX 10 mx.v6.test.
            mx.v6.test.     AAAA 2001:db8::6
            dual.test.      MX 10 mx.dual.test.
            mx.dual.test.   A 192.0.2.46
            mx.dual.test.   AAAA 2001:db8::46
            """;

    private final FakeDnsServer dns;
    private final FakeSmtpServer ipv4;
    private final FakeSmtpServer ipv6;
    private final FakeSmtpServer dual;
    private final LoopbackConnector connector;

    private EmbeddedInternet(FakeDnsServer dns, FakeSmtpServer ipv4, FakeSmtpServer ipv6, FakeSmtpServer dual) {
        this.dns = dns;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.dual = dual;
        this.connector = new LoopbackConnector(new Transcript())
                .map("192.0.2.4", 25, socket(ipv4))
                .map("2001:db8::6", 25, socket(ipv6))
                .map("2001:db8::46", 25, socket(dual))
                .noAnswer("192.0.2.46");
    }

    static EmbeddedInternet start() throws IOException {
        Transcript transcript = new Transcript();
        TestCertificates.Server certified =
                TestCertificates.create().server(Instant.now().plus(Duration.ofDays(1)), "mx.dual.test");
        FakeSmtpServer dual =
                FakeSmtpServer.start("dual", Family.IPV6, transcript).startTls(certified.context());
        FakeDnsServer dns =
                FakeDnsServer.start(ZONE + "_25._tcp.mx.dual.test. TLSA " + certified.tlsa() + "\n", transcript);
        dns.faultForAll(DnsFault.AUTHENTIC);
        return new EmbeddedInternet(
                dns,
                FakeSmtpServer.start("ipv4", Family.IPV4, transcript),
                FakeSmtpServer.start("ipv6", Family.IPV6, transcript),
                dual);
    }

    private static InetSocketAddress socket(FakeSmtpServer server) {
        return new InetSocketAddress(server.address().toInetAddress(), server.port());
    }

    void configure(Properties properties) {
        properties.setProperty("mail.mx.localhost", "client.test");
        properties.setProperty("mail.mx.families", "both");
        properties.setProperty("mail.mx.addresses.allow", "192.0.2.0/24 2001:db8::/32");
        properties.setProperty("mail.mx.ownaddresses", "none"); // this machine could have one of these addresses
        properties.setProperty(
                "mail.mx.dns.servers", "127.0.0.1:" + dns.address(Family.IPV4).getPort());
        properties.setProperty("mail.mx.dns.trustad", "127.0.0.1"); // it acts as a validating resolver
        properties.put("mail.mx.connector", connector);
    }

    @Override
    public void close() throws IOException {
        dns.close();
        ipv4.close();
        ipv6.close();
        dual.close();
    }
}
