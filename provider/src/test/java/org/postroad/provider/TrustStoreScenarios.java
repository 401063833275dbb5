// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.postroad.api.Family;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.https.WebServer;

/** Mail with and without certificate verification, in a JVM with an unusable trust store. Prints a line for each scenario. */
final class TrustStoreScenarios extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final String ZONE = """
            v4.test.       MX 10 mx4.v4.test.
            mx4.v4.test.   A 192.0.2.4
            v6.test.       MX 10 mx6.v6.test.
            mx6.v6.test.   AAAA 2001:db8::6
            """;

    private final TestCertificates.Server shown =
            AUTHORITY.server(Instant.now().plus(Duration.ofHours(1)), "mx4.v4.test");

    private TrustStoreScenarios() {}

    private interface Scenario {
        void send(TrustStoreScenarios world) throws Exception;
    }

    /** Runs all scenarios. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        run("opportunistic", TrustStoreScenarios::sendIt);
        run("dane", TrustStoreScenarios::sendWithDane);
        run("requiretls", TrustStoreScenarios::sendWithRequireTls);
        run("relay", TrustStoreScenarios::sendByRelay);
        run("policy", TrustStoreScenarios::sendWithAPolicy);
    }

    private static void run(String name, Scenario scenario) throws Exception {
        TrustStoreScenarios world = new TrustStoreScenarios();
        world.start();
        try {
            world.mx4.startTls(world.shown.context()).keywords("REQUIRETLS");
            world.dns.zone(ZONE);
            scenario.send(world);
            System.out.println(
                    name + ": sent, encrypted " + world.mx4.received().get(0).encrypted());
        } catch (Throwable e) { // the test checks the output
            System.out.println(name + ": " + e.getClass().getSimpleName() + ": "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        } finally {
            world.stop();
        }
    }

    private void sendIt() throws Exception {
        send(message("a@v4.test"));
    }

    private void sendWithDane() throws Exception {
        dns.faultForAll(DnsFault.AUTHENTIC);
        dns.zone(ZONE + "_25._tcp.mx4.v4.test. TLSA " + shown.tlsa());
        sendIt();
    }

    private void sendWithRequireTls() throws Exception {
        dns.faultForAll(DnsFault.AUTHENTIC);
        properties.setProperty("mail.mx.requiretls", "true");
        sendIt();
    }

    private void sendByRelay() throws Exception {
        try (FakeSmtpServer relay = FakeSmtpServer.start("relay", Family.IPV4, transcript)
                .startTls(shown.context())
                .keywords("AUTH PLAIN")
                .account("me", "secret")) {
            connector.map("192.0.2.99", 587, socket(relay));
            properties.setProperty("mail.mx.families", "ipv4");
            properties.setProperty("mail.mx.relay", "smtp://me:secret@[192.0.2.99]:587");
            send(message("b@v6.test"));
        }
    }

    private void sendWithAPolicy() throws Exception {
        String policy = "version: STSv1\r\nmode: enforce\r\nmx: mx4.v4.test\r\nmax_age: 86400\r\n";
        String response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + policy.length()
                + "\r\n\r\n" + policy;
        try (WebServer web = WebServer.answering(AUTHORITY.serverContext("mta-sts.v4.test"), response)) {
            dns.zone(ZONE + "mta-sts.v4.test. A 192.0.2.80\n_mta-sts.v4.test. TXT \"v=STSv1; id=1;\"\n");
            connector.map("192.0.2.80", 443, new InetSocketAddress("127.0.0.1", web.port()));
            sendIt();
        }
    }
}
