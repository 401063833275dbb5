// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.net.InetSocketAddress;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.jsse.provider.BouncyCastleJsseProvider;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Family;
import org.postroad.api.TlsResult;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.HelloFilter;
import org.postroad.fixtures.HelloFilter.Treatment;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.https.WebServer;
import org.postroad.spi.DeliveryListener;

/**
 * Mail through middleboxes that fail on a ClientHello of more than one segment, in a JVM whose TLS provider is Bouncy Castle and offers a
 * hybrid group first, as JDK 27 does. Prints a line for each scenario: the results of the messages, the hellos (large or small) and the
 * attempts.
 */
final class HybridGroupsScenarios extends TransportTesting {

    /** Bouncy Castle sends key shares of these groups in the first ClientHello. */
    static final String EARLY_SHARES = "-Dorg.bouncycastle.jsse.client.earlyKeyShares=X25519MLKEM768,x25519";

    private static final TestCertificates AUTHORITY = TestCertificates.create();

    /** Servers use the TLS of the JDK, which was created first. They accept the classical groups of any hello that reaches them. */
    private static final TestCertificates.Server SHOWN =
            AUTHORITY.server(Instant.now().plus(Duration.ofHours(1)), "mx4.v4.test", "192.0.2.99");

    private static final SSLContext WEB = AUTHORITY.serverContext("mta-sts.v4.test");

    private static final String HYBRID_FIRST = "X25519MLKEM768 x25519 secp256r1";
    private static final String ZONE = """
            v4.test.       MX 10 mx4.v4.test.
            mx4.v4.test.   A 192.0.2.4
            v6.test.       MX 10 mx6.v6.test.
            mx6.v6.test.   AAAA 2001:db8::6
            """;
    private static final Duration TIMEOUT = Duration.ofSeconds(Integer.getInteger("postroad.test.timeout", 2));

    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final List<TlsResult> results = new CopyOnWriteArrayList<>();

    private HybridGroupsScenarios() {}

    private interface Scenario {
        HelloFilter run(HybridGroupsScenarios world) throws Exception;
    }

    /** Runs all scenarios. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        Logger.getLogger("org.bouncycastle").setLevel(Level.OFF);
        TrustingJvm.trust(AUTHORITY);
        Security.insertProviderAt(new BouncyCastleJsseProvider(), 1);
        Security.insertProviderAt(new BouncyCastleProvider(), 2);
        run("while classes are loaded", world -> world.twice(Treatment.PASS));
        for (Treatment treatment : List.of(Treatment.PASS, Treatment.DROP, Treatment.RESET)) {
            String name = treatment.name().toLowerCase(Locale.ROOT);
            run(name + " opportunistic", world -> world.twice(treatment));
            run(name + " dane", world -> {
                world.dns.faultForAll(DnsFault.AUTHENTIC);
                world.dns.zone(ZONE + "_25._tcp.mx4.v4.test. TLSA " + SHOWN.tlsa());
                return world.twice(treatment);
            });
            run(name + " relay", world -> world.byRelay(treatment));
            run(name + " implicit", world -> world.byImplicitRelay(treatment));
            run(name + " policy", world -> world.withAPolicy(treatment));
        }
        run("only hybrid", world -> {
            world.properties.setProperty("mail.mx.ssl.groups", "X25519MLKEM768");
            return world.twice(Treatment.RESET);
        });
        run("only classical", world -> {
            world.properties.setProperty("mail.mx.ssl.groups", "x25519 secp256r1");
            return world.twice(Treatment.RESET);
        });
        run("tls 1.2", world -> {
            world.properties.setProperty("mail.mx.ssl.protocols", "TLSv1.2");
            return world.twice(Treatment.RESET);
        });
        run("broken anyway", HybridGroupsScenarios::withBrokenTls);
    }

    private static void run(String name, Scenario scenario) throws Exception {
        HybridGroupsScenarios world = new HybridGroupsScenarios();
        world.start();
        try {
            world.properties.setProperty("mail.mx.ssl.groups", HYBRID_FIRST);
            world.properties.setProperty("mail.mx.timeout", TIMEOUT.toMillis() + "ms");
            world.properties.put("mail.mx.idletimeout", "0");
            world.properties.put("mail.mx.listener", (DeliveryListener) world::on);
            world.dns.zone(ZONE);
            try (HelloFilter filter = scenario.run(world)) {
                System.out.println(name + ": " + world.said(filter));
            }
        } catch (Throwable e) { // the test checks the output
            System.out.println(name + ": " + e.getClass().getSimpleName() + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        } finally {
            world.stop();
        }
    }

    private void on(DeliveryEvent event) {
        if (event instanceof DeliveryEvent.Attempted attempted) {
            attempts.add(attempted.attempt());
        } else if (event instanceof DeliveryEvent.TlsConcluded concluded) {
            results.add(concluded.result());
        }
    }

    private String said(HelloFilter filter) {
        String hellos = filter.hellos().stream()
                .map(octets -> octets > HelloFilter.SEGMENT ? "large" : "small")
                .collect(Collectors.joining(" "));
        String levels = attempts.stream()
                .map(attempt -> attempt.tls().level() + (attempt.superseded() ? " superseded" : ""))
                .collect(Collectors.joining(", "));
        String details = attempts.stream()
                .map(attempt -> attempt.tls().detail())
                .filter(detail -> detail.contains("hybrid"))
                .collect(Collectors.joining(", "));
        return "hellos " + hellos + " | " + levels + " | failures "
                + results.stream()
                        .filter(result -> result.failure().isPresent())
                        .count() + " | " + details;
    }

    private HelloFilter filter(FakeSmtpServer server, String address, int port, Treatment treatment) throws Exception {
        HelloFilter filter = HelloFilter.before(socket(server), treatment);
        connector.map(address, port, filter.address());
        return filter;
    }

    private HelloFilter twice(Treatment treatment) throws Exception {
        mx4.startTls(SHOWN.context());
        HelloFilter filter = filter(mx4, "192.0.2.4", 25, treatment);
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        return filter;
    }

    private HelloFilter byRelay(Treatment treatment) throws Exception {
        return byRelay(treatment, "smtp", false);
    }

    private HelloFilter byImplicitRelay(Treatment treatment) throws Exception {
        return byRelay(treatment, "smtps", true);
    }

    private HelloFilter byRelay(Treatment treatment, String scheme, boolean implicit) throws Exception {
        FakeSmtpServer relay = FakeSmtpServer.start("relay", Family.IPV4, transcript);
        try (relay) {
            (implicit ? relay.implicitTls(SHOWN.context()) : relay.startTls(SHOWN.context()))
                    .keywords("AUTH PLAIN")
                    .account("me", "secret");
            HelloFilter filter = filter(relay, "192.0.2.99", 587, treatment);
            properties.setProperty("mail.mx.families", "ipv4");
            properties.setProperty("mail.mx.relay", scheme + "://me:secret@[192.0.2.99]:587");
            send(message("a@v6.test"));
            send(message("b@v6.test"));
            return filter;
        }
    }

    private HelloFilter withAPolicy(Treatment treatment) throws Exception {
        mx4.startTls(SHOWN.context());
        String policy = "version: STSv1\r\nmode: enforce\r\nmx: mx4.v4.test\r\nmax_age: 86400\r\n";
        String response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + policy.length()
                + "\r\n\r\n" + policy;
        try (WebServer web = WebServer.answering(WEB, response)) {
            dns.zone(ZONE + "mta-sts.v4.test. A 192.0.2.80\n_mta-sts.v4.test. TXT \"v=STSv1; id=1;\"\n");
            HelloFilter filter = HelloFilter.before(new InetSocketAddress("127.0.0.1", web.port()), treatment);
            connector.map("192.0.2.80", 443, filter.address());
            properties.setProperty("mail.mx.deadline", TIMEOUT.multipliedBy(4).toMillis() + "ms");
            send(message("a@v4.test"));
            return filter;
        }
    }

    /** Returns a server whose TLS fails with any hello. */
    private HelloFilter withBrokenTls() throws Exception {
        mx4.startTls(SHOWN.context()).onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
        HelloFilter filter = filter(mx4, "192.0.2.4", 25, Treatment.PASS);
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        return filter;
    }
}
