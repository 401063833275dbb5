// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.provider.internal.engine.HttpsTls;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.TestRules;
import org.postroad.provider.internal.https.WebAddresses;
import org.postroad.provider.internal.https.WebServer;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.spi.Connector;

/** Real HTTPS on loopback, with conforming and other servers. */
@Timeout(300)
class HttpsPolicySourceTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final HostName DOMAIN = HostName.parse("example.test");
    private static final String HOST = "mta-sts.example.test";
    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final SSLContext GOOD = AUTHORITY.serverContext(HOST);
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    private static final String POLICY_RESPONSE = OK + "Content-Length: 6\r\n\r\npolicy";

    private final FakeDnsServer dnsServer = FakeDnsServer.start(HOST + ". A 127.0.0.1");
    private final DnsjavaMailDns dns =
            new DnsjavaMailDns(DnsSettings.DEFAULTS.withServers(List.of(dnsServer.address(Family.IPV4))));
    private final ExecutorService executor = Executors.newCachedThreadPool();

    /** Also checks that no thread of a fetch is still running. */
    @AfterEach
    void close() throws InterruptedException {
        executor.shutdown();
        assertThat(executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("all fetches have ended")
                .isTrue();
        dns.close();
        dnsServer.close();
    }

    private static final Connector CONNECTOR = dial -> {
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(
                        dial.remote().address().toInetAddress(), dial.remote().port()),
                dial.deadline().remainingMillis());
        return socket;
    };

    private static Optional<String> refusesNothing(IpAddress address) {
        return Optional.empty();
    }

    private HttpsPolicySource source(int port, Function<IpAddress, Optional<String>> guard) {
        return source(port, guard, CONNECTOR);
    }

    private HttpsPolicySource source(int port, Function<IpAddress, Optional<String>> guard, Connector connector) {
        HttpsTls tls = new HttpsTls(
                TlsHandshakes.trusting(TlsSettings.defaults(), AUTHORITY.trustManagers(), InstantSource.system()));
        return new HttpsPolicySource(
                new HttpsClient(new WebAddresses(dns, TestRules.guardedBy(guard)), tls, executor, connector), port);
    }

    private String fetch(WebServer server) throws IOException, InterruptedException {
        byte[] policy =
                source(server.port(), HttpsPolicySourceTest::refusesNothing).fetch(DOMAIN, Deadline.after(PATIENCE));
        return new String(policy, StandardCharsets.ISO_8859_1);
    }

    private IOException failure(WebServer server) {
        return catchThrowableOfType(IOException.class, () -> fetch(server));
    }

    private void assertLeftAtTheDeadline(WebServer.Behaviour manner) throws Exception {
        GrowingTimeout.of(Duration.ofMillis(300), time -> {
            try (WebServer server = WebServer.start("127.0.0.1", 0, manner)) {
                assertThatThrownBy(() -> source(server.port(), HttpsPolicySourceTest::refusesNothing)
                                .fetch(DOMAIN, Deadline.after(time)))
                        .isInstanceOf(SocketTimeoutException.class)
                        .hasMessageEndingWith(": timed out");
                assertThat(server.connections()).isEqualTo(1);
                server.awaitClientLeft();
            }
        });
    }

    @Test
    void sts_thePolicyIsFetchedByOneRequestWithItsHost() throws Exception {
        try (WebServer server = WebServer.answering(GOOD, POLICY_RESPONSE)) {
            assertThat(fetch(server)).isEqualTo("policy");
            assertThat(server.connections()).isEqualTo(1);
            assertThat(server.serverName()).contains(HOST);
            assertThat(server.request())
                    .containsExactly(
                            "GET /.well-known/mta-sts.txt HTTP/1.1",
                            "Host: " + HOST + ":" + server.port(),
                            "User-Agent: Postroad",
                            "Accept: text/plain",
                            "Accept-Encoding: identity",
                            "Connection: close");
        }
    }

    @Test
    void sts_aServerThatKeepsTheConnectionOpenIsNotWaitedFor() throws Exception {
        try (WebServer server = WebServer.start("127.0.0.1", 0, WebServer.drip(GOOD, POLICY_RESPONSE))) {
            assertThat(fetch(server)).isEqualTo("policy");
            server.awaitClientLeft();
        }
    }

    @Test
    void sts_aCertificateForAnotherNameIsRefused() throws Exception {
        try (WebServer server =
                WebServer.answering(AUTHORITY.serverContext("example.test", "mx.example.test"), POLICY_RESPONSE)) {
            assertThat(failure(server))
                    .hasMessageStartingWith("TLS handshake with " + HOST + "[127.0.0.1]:" + server.port() + ": ")
                    .hasMessageContaining(HOST);
        }
    }

    @Test
    void sts_anExpiredCertificateIsRefused() throws Exception {
        try (WebServer server = WebServer.answering(AUTHORITY.expiredServerContext(HOST), POLICY_RESPONSE)) {
            assertThat(failure(server)).hasMessageStartingWith("TLS handshake with ");
        }
    }

    @Test
    void sts_anUntrustedCertificateIsRefused() throws Exception {
        try (WebServer server = WebServer.answering(TestCertificates.create().serverContext(HOST), POLICY_RESPONSE)) {
            assertThat(failure(server)).hasMessageStartingWith("TLS handshake with ");
        }
    }

    @Test
    void sts_aServerWithoutTlsIsRefused() throws Exception {
        try (WebServer server = WebServer.start(
                "127.0.0.1",
                0,
                (self, connection) ->
                        connection.getOutputStream().write(POLICY_RESPONSE.getBytes(StandardCharsets.US_ASCII)))) {
            assertThat(failure(server)).hasMessageStartingWith("TLS handshake with ");
        }
    }

    @Test
    void sts_aRedirectIsNotFollowed() throws Exception {
        try (WebServer other = WebServer.answering(GOOD, POLICY_RESPONSE);
                WebServer server = WebServer.answering(
                        GOOD,
                        "HTTP/1.1 301 Moved\r\nLocation: https://" + HOST + ":" + other.port()
                                + "/\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\npolicy")) {
            assertThat(failure(server))
                    .hasMessage("response from " + HOST + "[127.0.0.1]:" + server.port()
                            + ": status 301, and redirects are not followed (RFC 8461 §3.3)");
            assertThat(server.connections()).isEqualTo(1);
            assertThat(other.connections()).isZero();
        }
    }

    @Test
    void sts_aMissingPolicyIsAFailure() throws Exception {
        try (WebServer server = WebServer.answering(GOOD, "HTTP/1.1 404 Not Found\r\n\r\n")) {
            assertThat(failure(server)).hasMessageEndingWith(": status 404, and not 200");
        }
    }

    @Test
    void sts_aPolicyOfAnotherTypeIsAFailure() throws Exception {
        try (WebServer server = WebServer.answering(
                GOOD, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\npolicy")) {
            assertThat(failure(server)).hasMessageEndingWith(": Content-Type \"text/html\", and not text/plain");
        }
    }

    @Test
    void sts_aPolicyHasAtMost64Kibibytes() throws Exception {
        String most = "x".repeat(StsPolicy.MAX_OCTETS);
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n10000\r\n" + most + "\r\n";
        try (WebServer server = WebServer.answering(GOOD, chunked + "0\r\n\r\n")) {
            assertThat(fetch(server)).isEqualTo(most);
        }
        try (WebServer server = WebServer.answering(GOOD, chunked + "1\r\nx\r\n0\r\n\r\n")) {
            assertThat(failure(server)).hasMessageEndingWith(": a body of more than 65536 octets");
        }
    }

    @Test
    void sts_anIncompletePolicyIsAFailure() throws Exception {
        try (WebServer server = WebServer.answering(GOOD, OK + "Content-Length: 7\r\n\r\npolicy")) {
            assertThat(failure(server)).hasMessageEndingWith(": the connection ended too early");
        }
    }

    @Test
    void sts_aServerThatDripsIsAbandonedAtTheDeadline() throws Exception {
        assertLeftAtTheDeadline(WebServer.drip(GOOD, OK + "Content-Length: 65536\r\n\r\n"));
    }

    @Test
    void sts_aSilentServerIsAbandonedAtTheDeadline() throws Exception {
        assertLeftAtTheDeadline(WebServer.silence());
    }

    @Test
    void sts_aConnectionAfterTheDeadlineIsClosed() throws Exception {
        Socket late = new Socket();
        CountDownLatch overdue = new CountDownLatch(1);
        GrowingTimeout.of(Duration.ofMillis(300), time -> {
            CountDownLatch dialled = new CountDownLatch(1);
            HttpsPolicySource slow = source(443, HttpsPolicySourceTest::refusesNothing, dial -> {
                assertThat(dial.remote().role()).isEqualTo(RemoteMta.Role.POLICY_HOST);
                dialled.countDown();
                awaitWhateverHappens(overdue);
                return late;
            });
            assertThatThrownBy(() -> slow.fetch(DOMAIN, Deadline.after(time))).hasMessageEndingWith(": timed out");
            assertThat(dialled.getCount()).isZero();
        });
        overdue.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(late.isClosed()).isTrue();
    }

    private static void awaitWhateverHappens(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException goesOn) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void sts_aConnectionThatCannotBeClosedIsLogged() throws Exception {
        try (LogTap log = LogTap.of(HttpsClient.class);
                Socket stubborn = new Socket() {
                    @Override
                    public void close() throws IOException {
                        super.close();
                        throw new IOException("no");
                    }
                }) {
            HttpsPolicySource source = source(443, HttpsPolicySourceTest::refusesNothing, dial -> stubborn);
            assertThatThrownBy(() -> source.fetch(DOMAIN, Deadline.after(PATIENCE)))
                    .hasMessageStartingWith("TLS handshake with ");
            assertThat(log.messages()).containsExactly("FINE Closing the connection to a web server failed");
        } catch (IOException closedAgain) {
            assertThat(closedAgain).hasMessage("no");
        }
    }

    @Test
    void sts_anInterruptEndsAFetchSoon() throws Exception {
        String start = OK + "Content-Length: 65536\r\n\r\n";
        try (WebServer server = WebServer.start("127.0.0.1", 0, WebServer.drip(GOOD, start))) {
            FutureTask<Throwable> fetching = new FutureTask<>(() -> catchThrowable(() -> fetch(server)));
            Thread thread = new Thread(fetching);
            thread.start();
            server.request();

            thread.interrupt();

            assertThat(fetching.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            server.awaitClientLeft();
        }
    }

    @Test
    void ADDR_05_aRefusedAddressIsNotContacted() throws Exception {
        try (WebServer server = WebServer.answering(GOOD, POLICY_RESPONSE)) {
            HttpsPolicySource guarded = source(server.port(), address -> Optional.of("loopback"));
            assertThat(catchThrowable(() -> guarded.fetch(DOMAIN, Deadline.after(PATIENCE))))
                    .isInstanceOf(IOException.class)
                    .hasMessage(HOST + " has no address that may be contacted: 127.0.0.1 is refused (loopback)");
            assertThat(server.connections()).isZero();
            assertThat(fetch(server)).as("it is there").isEqualTo("policy");
        }
    }

    @Test
    void ADDR_05_anotherAddressBesideARefusedOneIsContacted() throws Exception {
        dnsServer.zone(HOST + ". A 127.0.0.1\n" + HOST + ". A 127.0.0.2");
        try (WebServer refused = WebServer.answering(GOOD, POLICY_RESPONSE);
                WebServer server =
                        WebServer.start("127.0.0.2", refused.port(), WebServer.answer(GOOD, POLICY_RESPONSE))) {
            IpAddress first = IpAddress.parse("127.0.0.1");
            HttpsPolicySource guarded = source(
                    server.port(), address -> address.equals(first) ? Optional.of("loopback") : Optional.empty());
            assertThat(guarded.fetch(DOMAIN, Deadline.after(PATIENCE))).hasSize(6);
            assertThat(refused.connections()).isZero();
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void sts_theSecondAddressIsUsedIfTheFirstCannotBeConnected() throws Exception {
        dnsServer.zone(HOST + ". A 127.0.0.1\n" + HOST + ". A 127.0.0.2");
        try (Socket deaf = boundButDeaf("127.0.0.1", 0);
                WebServer server =
                        WebServer.start("127.0.0.2", deaf.getLocalPort(), WebServer.answer(GOOD, POLICY_RESPONSE))) {
            assertThat(fetch(server)).isEqualTo("policy");
        }
    }

    /** Even if little time is left. */
    @Test
    void TLS_11_aSilentAddressLeavesTimeForTheNext() {
        dnsServer.zone(HOST + ". A 127.0.0.1\n" + HOST + ". A 127.0.0.2\n" + HOST + ". A 127.0.0.3");
        List<Duration> given = new CopyOnWriteArrayList<>();
        HttpsPolicySource silent = source(443, HttpsPolicySourceTest::refusesNothing, dial -> {
            given.add(dial.deadline().remaining());
            throw new SocketTimeoutException("silence");
        });
        assertThatThrownBy(() -> silent.fetch(DOMAIN, Deadline.after(Duration.ofSeconds(24))))
                .hasMessageContaining("silence");
        assertThat(given).hasSize(3);
        assertThat(given.get(0)).as("a third").isLessThanOrEqualTo(Duration.ofSeconds(8));
        given.clear();
        assertThatThrownBy(() -> silent.fetch(DOMAIN, Deadline.after(PATIENCE))).hasMessageContaining("silence");
        assertThat(given).hasSize(3).allMatch(time -> time.compareTo(Duration.ofSeconds(10)) <= 0);
    }

    @Test
    void sts_allAddressesAreNamedIfNoneCanBeConnected() throws Exception {
        dnsServer.zone(HOST + ". A 127.0.0.1\n" + HOST + ". A 127.0.0.2");
        try (Socket deaf = boundButDeaf("127.0.0.1", 0);
                Socket other = boundButDeaf("127.0.0.2", deaf.getLocalPort())) {
            int port = other.getLocalPort();
            assertThat(catchThrowable(() -> source(port, HttpsPolicySourceTest::refusesNothing)
                            .fetch(DOMAIN, Deadline.after(PATIENCE))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("connection to " + HOST + ": " + HOST + "[127.0.0.1]:" + port + ": Connection refused; "
                            + HOST + "[127.0.0.2]:" + port + ": Connection refused");
        }
    }

    /** Returns a socket bound to a port that no other process uses and that refuses connections. */
    private static Socket boundButDeaf(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(IpAddress.parse(address).toInetAddress(), port));
        return socket;
    }

    @Test
    void sts_withoutAnAddressNoServerIsContacted() throws Exception {
        dnsServer.zone("example.test. MX 10 mx.example.test.");
        try (WebServer server = WebServer.answering(GOOD, POLICY_RESPONSE)) {
            assertThat(failure(server))
                    .hasMessage("no address: " + HOST + " AAAA: no such name; " + HOST + " A: no such name");
        }
    }

    @Test
    void sts_afterTheCloseOfTheEngineNoServerIsContacted() throws Exception {
        executor.shutdown();
        try (WebServer server = WebServer.answering(GOOD, POLICY_RESPONSE)) {
            assertThat(failure(server)).hasMessage(HOST + ": no request sent, the engine is closed");
            assertThat(server.connections()).isZero();
        }
    }
}
