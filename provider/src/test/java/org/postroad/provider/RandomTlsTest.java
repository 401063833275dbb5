// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.IpAddress;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.TlsSummary.Level;
import org.postroad.api.Verdict;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.fixtures.TestCertificates;

/**
 * Hosts that change what they publish for each message while connections are reused: no message is delivered in a way that the current
 * records forbid, and each is delivered if a host may have it. {@code -Dpostroad.random.rounds} sets the number of rounds.
 */
@Timeout(300)
class RandomTlsTest extends RandomTesting {

    private static final int ROUNDS = 40;
    private static final int MESSAGES = 8;

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Instant SOON = Instant.now().plus(Duration.ofHours(1));
    private static final String OF_ANOTHER_KEY =
            AUTHORITY.server(SOON, "other.test").tlsa();

    /** TTL 0, so that no answer is cached. */
    private static final String ZONE = """
            test. 0 SOA ns.test. hostmaster.test. 1 3600 600 86400 0
            dual.test. 0 MX 10 mx6.v6.test.
            dual.test. 0 MX 20 mx4.v4.test.
            mx6.v6.test. 0 AAAA 2001:db8::6
            mx4.v4.test. 0 A 192.0.2.4
            """;

    private static final List<Misbehaviour> FAULTS =
            List.of(Misbehaviour.CLOSE, Misbehaviour.RESET, Misbehaviour.GARBAGE_LINE, Misbehaviour.BAD_TLS_HANDSHAKE);

    /** What DNS publishes about a host. */
    private enum Published {
        NOTHING,
        /** TLSA record of the host's key. */
        ITS_KEY,
        ANOTHER_KEY,
        /** TLSA record with a usage that SMTP does not support. */
        UNUSABLE,
        /** The TLSA lookup fails. */
        HIDDEN,
        /** TLSA record of another key, in an unsigned zone. */
        UNPROVED;

        /** TLS: plaintext is forbidden. NEVER: delivery is forbidden. The others leave the choice. */
        private static final Set<Published> TLS = EnumSet.of(ITS_KEY, UNUSABLE);

        private static final Set<Published> NEVER = EnumSet.of(ANOTHER_KEY, HIDDEN);
    }

    /** A mail exchanger: its capabilities in a round, and what is currently published about it. */
    private final class Host {

        private final FakeSmtpServer server;
        private final String name;
        private final RecordType<IpAddress> addresses;
        private final TestCertificates.Server certified;
        private final boolean offersTls;
        private boolean wasHidden;
        private Published published = Published.NOTHING;
        private int seen;

        Host(FakeSmtpServer server, String name, RecordType<IpAddress> addresses) {
            this.server = server;
            this.name = name;
            this.addresses = addresses;
            this.certified = AUTHORITY.server(SOON, name);
            this.offersTls = random.nextInt(4) > 0;
            if (offersTls) {
                server.startTls(certified.context());
            }
            server.keywords(random.nextBoolean() ? new String[] {"PIPELINING", "CHUNKING"} : new String[0]);
        }

        void breakNowAndThen() {
            int times = 1 + random.nextInt(3);
            if (random.nextBoolean()) {
                server.onCommand("STARTTLS", "454 4.7.0 not now", times);
            } else {
                server.onCommand("STARTTLS", any(FAULTS), times);
            }
        }

        /** Chooses what to publish and returns the lines of the zone. */
        String publish() {
            published = any(List.of(Published.values()));
            wasHidden |= published == Published.HIDDEN;
            dns.fault(
                    name,
                    addresses,
                    published == Published.UNPROVED ? DnsFault.WRONG_ID_THEN_RIGHT : DnsFault.AUTHENTIC);
            dns.fault(
                    "_25._tcp." + name,
                    RecordType.TLSA,
                    published == Published.HIDDEN ? DnsFault.SERVFAIL : DnsFault.AUTHENTIC);
            String owner = "_25._tcp." + name + ". 0 TLSA ";
            return switch (published) {
                case NOTHING, HIDDEN -> "";
                case ITS_KEY -> owner + certified.tlsa() + "\n";
                case ANOTHER_KEY, UNPROVED -> owner + OF_ANOTHER_KEY + "\n";
                case UNUSABLE -> owner + "1" + certified.tlsa().substring(1) + "\n";
            };
        }

        /** Returns whether the host may have a message and can accept it. After a DNS failure this may not be known. */
        boolean canTake(boolean whateverIsPublished, boolean tlsRequired) {
            boolean inTheClear = !tlsRequired && (whateverIsPublished || !Published.TLS.contains(published));
            return !wasHidden
                    && (whateverIsPublished || !Published.NEVER.contains(published))
                    && (offersTls || inTheClear);
        }

        /** Returns the messages received since the last call. */
        List<ReceivedMessage> news() {
            List<ReceivedMessage> all = server.received();
            List<ReceivedMessage> news = all.subList(seen, all.size());
            seen = all.size();
            return news;
        }
    }

    static IntStream seeds() {
        return seedsOf(ROUNDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void tls_nothingIsSentWithLessProtectionThanRequired(int seed) throws Exception {
        random = new Random(seed);
        boolean tlsRequired = random.nextInt(4) == 0;
        boolean healthy = random.nextBoolean();
        properties.setProperty("mail.mx.reportsuccess", "true"); // for the report
        properties.setProperty("mail.mx.starttls.required", String.valueOf(tlsRequired));
        dns.faultForAll(DnsFault.AUTHENTIC);
        List<Host> hosts =
                List.of(new Host(mx6, "mx6.v6.test", RecordType.AAAA), new Host(mx4, "mx4.v4.test", RecordType.A));
        for (int i = 0; i < MESSAGES; i++) {
            if (!healthy) {
                any(hosts).breakNowAndThen();
            }
            publish(hosts);
            boolean whateverIsPublished = random.nextInt(4) == 0;
            RecipientReport report = send(whateverIsPublished);

            List<String> came = new ArrayList<>();
            for (Host host : hosts) {
                for (ReceivedMessage message : host.news()) {
                    came.add(host.name);
                    check(host, message, whateverIsPublished, report);
                    assertThat(message.encrypted() || !tlsRequired)
                            .as("%s", transcript)
                            .isTrue();
                }
            }
            assertThat(came).as("%s%n%s", report, transcript).hasSize(report.verdict() == Verdict.DELIVERED ? 1 : 0);
            if (healthy && hosts.stream().anyMatch(host -> host.canTake(whateverIsPublished, tlsRequired))) {
                assertThat(report.verdict()).as("%s%n%s", report, transcript).isEqualTo(Verdict.DELIVERED);
            }
        }
    }

    private void publish(List<Host> hosts) {
        StringBuilder zone = new StringBuilder(ZONE);
        hosts.forEach(host -> zone.append(host.publish()));
        dns.zone(zone.toString());
    }

    private RecipientReport send(boolean whateverIsPublished) throws MessagingException {
        MimeMessage message = message("a@dual.test");
        if (whateverIsPublished) {
            message.setHeader("TLS-Required", "No");
        }
        return failure(message).report().recipients().get(0);
    }

    private void check(Host host, ReceivedMessage message, boolean whateverIsPublished, RecipientReport report) {
        if (whateverIsPublished) {
            return;
        }
        assertThat(host.published).as("%s", transcript).isNotIn(Published.NEVER);
        if (Published.TLS.contains(host.published)) {
            assertThat(message.encrypted()).as("%s", transcript).isTrue();
        }
        if (host.published == Published.ITS_KEY) {
            assertThat(report.decidedBy().orElseThrow().tls().level()).isEqualTo(Level.DANE);
        }
    }
}
