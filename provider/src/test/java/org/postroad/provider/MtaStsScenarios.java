// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DomainReport;
import org.postroad.api.MtaStsResult;
import org.postroad.api.TlsResult;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.https.WebServer;
import org.postroad.spi.DeliveryListener;

/**
 * Domains with MTA-STS policies on a real web server, in a {@link TrustingJvm}. Prints a line for each scenario: its name and the result of
 * the message.
 */
final class MtaStsScenarios extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();

    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();
    private final List<TlsResult> results = new CopyOnWriteArrayList<>();

    private volatile String mtaSts = "";
    private String families = "both";
    private String record = "_mta-sts.v4.test. TXT \"v=STSv1; id=1;\"";

    private MtaStsScenarios() {}

    /** Runs all scenarios. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        TrustingJvm.trust(AUTHORITY);
        String good = "mx4.v4.test";
        run("listed and trusted", policy("enforce", good), good, true);
        run("by a pattern", policy("enforce", "*.v4.test"), good, true);
        run("another name in the certificate", policy("enforce", good), "other.test", true);
        run("not listed", policy("enforce", "mx5.v4.test"), good, true);
        run("STARTTLS taken away", policy("enforce", good), good, false);
        run("in test, another name", policy("testing", good), "other.test", true);
        run("in test, not listed", policy("testing", "mx5.v4.test"), good, true);
        run("in test, STARTTLS taken away", policy("testing", good), good, false);
        run("mode none", policy("none", good), "other.test", true);
        run("no policy there", "", "other.test", true);
        run("a policy that is none", "version: STSv2\n", "other.test", true);
        run("behind a NAT64", new MtaStsScenarios().behindNat64("configured"), policy("enforce", good), good, true);
        run(
                "behind a NAT64, another name",
                new MtaStsScenarios().behindNat64("configured"),
                policy("enforce", good),
                "other.test",
                true);
        run(
                "behind a discovered NAT64, another name",
                new MtaStsScenarios().behindNat64("discovered"),
                policy("enforce", good),
                "other.test",
                true);
        Path kept = Files.createTempDirectory("kept");
        run("before a restart", new MtaStsScenarios().keepingIn(kept), policy("enforce", good), good, true);
        run("after it, all taken away", new MtaStsScenarios().keepingIn(kept).unannounced(), "", good, false);
        run("all taken away", new MtaStsScenarios().unannounced(), "", good, false);
    }

    private MtaStsScenarios keepingIn(Path directory) {
        properties.setProperty("mail.mx.mtasts.directory", directory.toString());
        return this;
    }

    private MtaStsScenarios unannounced() {
        record = "";
        return this;
    }

    /** Every host has IPv4 addresses only, and this host has IPv6 only. The prefix is for local use (RFC 8215). */
    private MtaStsScenarios behindNat64(String prefix) {
        families = "ipv6";
        if (prefix.equals("configured")) {
            properties.setProperty("mail.mx.nat64.prefix", "64:ff9b:1::/96");
        } else {
            record += "\nipv4only.arpa. AAAA 64:ff9b:1::192.0.0.170";
        }
        return this;
    }

    private static String policy(String mode, String mx) {
        return "version: STSv1\r\nmode: " + mode + "\r\nmx: " + mx + "\r\nmax_age: 86400\r\n";
    }

    private static void run(String name, String policy, String certified, boolean startTls) throws Exception {
        run(name, new MtaStsScenarios(), policy, certified, startTls);
    }

    private static void run(String name, MtaStsScenarios scenario, String policy, String certified, boolean startTls)
            throws Exception {
        scenario.start();
        try {
            System.out.println(
                    name + ": " + scenario.outcome(policy, certified, startTls) + "; " + scenario.reported());
            System.out.println(name + ", in the report: " + scenario.mtaSts);
        } finally {
            scenario.stop();
        }
    }

    private String outcome(String policy, String certified, boolean startTls) throws Exception {
        try (WebServer web = WebServer.answering(AUTHORITY.serverContext("mta-sts.v4.test"), response(policy))) {
            dns.zone("""
                    v4.test.          MX 10 mx4.v4.test.
                    mx4.v4.test.      A 192.0.2.4
                    mta-sts.v4.test.  A 192.0.2.80
                    """ + record);
            connector.map("192.0.2.80", 443, new InetSocketAddress("127.0.0.1", web.port()));
            properties.setProperty("mail.mx.families", families);
            properties.put("mail.mx.connector", new FakeNat64("64:ff9b:1::/96", connector, families.equals("both")));
            if (startTls) {
                mx4.startTls(AUTHORITY
                        .server(Instant.now().plus(Duration.ofHours(1)), certified)
                        .context());
            }
            properties.put("mail.mx.listener", (DeliveryListener) event -> {
                if (event instanceof DeliveryEvent.Attempted attempted) {
                    attempts.add(attempted.attempt());
                } else if (event instanceof DeliveryEvent.TlsConcluded concluded) {
                    results.add(concluded.result());
                } else if (event instanceof DeliveryEvent.Concluded concluded) {
                    DomainReport report = concluded.report();
                    mtaSts = report.mtaSts().map(MtaStsResult::toString).orElse("not asked") + "; questions "
                            + report.lookups().stream()
                                    .filter(lookup -> lookup.name().text().equals("_mta-sts.v4.test"))
                                    .count();
                }
            });
            return sent();
        }
    }

    /** Returns the result in the terms of RFC 8460. */
    private String reported() {
        return results.stream()
                .map(result -> result.policy().type() + " "
                        + result.failure()
                                .map(failure -> failure.type().toString())
                                .orElse("success"))
                .collect(Collectors.joining(", "));
    }

    private String sent() throws MessagingException {
        try {
            Transport.send(message("a@v4.test"));
        } catch (MxSendFailedException failure) {
            return "not sent, " + failure.report().recipients().get(0).status() + ", " + mx4.connections()
                    + " connections";
        }
        String detail = attempts.get(0).tls().detail();
        return mx4.received().size() + " sent, " + attempts.get(0).tls().level()
                + (detail.isEmpty() ? "" : ", " + detail);
    }

    private static String response(String policy) {
        String status = policy.isEmpty() ? "404 Not Found" : "200 OK";
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\nContent-Length: " + policy.length() + "\r\n\r\n"
                + policy;
    }
}
