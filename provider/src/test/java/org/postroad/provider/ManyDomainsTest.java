// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.spi.DeliveryListener;

/** One message to a thousand domains. */
@Timeout(300)
class ManyDomainsTest extends TransportTesting {

    private static final int DOMAINS = 1000;
    private static final int SLOW = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @BeforeEach
    void offer() {
        mx4.keywords("PIPELINING", "CHUNKING");
        connector.map("192.0.2.5", 25, socket(mx4));
    }

    /** Creates the zones: each domain has its own mail exchanger, some at one address and the rest at another, or all have the same one. */
    private void zone(boolean ownHosts) {
        dns.zone(IntStream.range(0, DOMAINS)
                .mapToObj(i -> ownHosts
                        ? "d" + i + ".test. MX 10 mx.d" + i + ".test.\nmx.d" + i + ".test. A 192.0.2."
                                + (i < SLOW ? 5 : 4) + "\n"
                        : "d" + i + ".test. MX 10 mx4.v4.test.\n")
                .collect(Collectors.joining("", "mx4.v4.test. A 192.0.2.4\n", "")));
    }

    private MimeMessage toAll() throws Exception {
        return message(
                IntStream.range(0, DOMAINS).mapToObj(i -> "u@d" + i + ".test").toArray(String[]::new));
    }

    private long mostConnectionsAtOnce() {
        long now = 0;
        long most = 0;
        for (String line : transcript.lines()) {
            now += line.equals("mx4: connected") ? 1 : line.equals("mx4: closed") ? -1 : 0;
            most = Math.max(most, now);
        }
        return most;
    }

    @Test
    void limits_aHostOfAllDomainsGetsFewConnectionsForAllMessages() throws Exception {
        zone(false);
        send(toAll());
        assertThat(mx4.received()).hasSize(DOMAINS);
        // The default limit for one host, with ten messages on each connection.
        // The server sees a closed connection a little later than the client.
        assertThat(mostConnectionsAtOnce()).isLessThanOrEqualTo(2 * 20);
        assertThat(mx4.connections()).isBetween(DOMAINS / 10, DOMAINS / 10 + 40);
    }

    @Test
    void limits_differentHostsGetNoMoreConcurrentConnectionsThanAllowed() throws Exception {
        zone(true);
        properties.setProperty("mail.mx.maxconnections", "16");
        send(toAll());
        assertThat(mx4.received()).hasSize(DOMAINS);
        assertThat(mx4.connections()).isEqualTo(DOMAINS);
        // The server sees a closed connection a little later than the client.
        assertThat(mostConnectionsAtOnce()).isLessThanOrEqualTo(2 * 16);
    }

    @Test
    void limits_slowHostsDoNotDelayOthersAndAnInterruptEndsThem() throws Exception {
        zone(true);

        for (int i = 0; i < SLOW; i++) {
            mx4.onCommand("RCPT TO:<u@d" + i + ".test>", Misbehaviour.STALL);
        }
        // The server accepts a message slightly before the client reads its reply.
        CountDownLatch concluded = new CountDownLatch(DOMAINS - SLOW);
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded) {
                concluded.countDown();
            }
        });
        MimeMessage message = toAll();
        FutureTask<Throwable> sending = new FutureTask<>(() -> catchThrowable(() -> send(message)));
        Thread thread = new Thread(sending);
        thread.start();
        assertThat(concluded.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(mx4.received()).hasSize(DOMAINS - SLOW);
        assertThat(sending.isDone()).isFalse();

        thread.interrupt();

        Throwable ended = sending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(ended)
                .isInstanceOf(MxSendFailedException.class)
                .hasMessageStartingWith("Not accepted for " + SLOW + " of " + DOMAINS + " recipients: <u@d0.test>")
                .hasMessageContaining(" more "); // listed with a reason, or counted as other reasons
        List<RecipientReport> reports = ((MxSendFailedException) ended).report().recipients();
        assertThat(reports).hasSize(DOMAINS);
        assertThat(reports.stream().filter(report -> report.verdict() == Verdict.DELIVERED))
                .hasSize(DOMAINS - SLOW);
        assertThat(reports.stream()
                        .filter(report -> report.verdict() == Verdict.DELIVERED)
                        .map(report -> report.recipient().toString()))
                .doesNotContain("u@d0.test", "u@d49.test");
    }
}
