// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.SilentPort;
import org.postroad.fixtures.Transcript;
import org.postroad.fixtures.VirtualClock;
import org.postroad.spi.Connector;

/** Overlapping dials with real sockets and threads. Time advances only when a test advances it. */
@Timeout(300)
class OverlappingDialsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final VirtualClock clock = new VirtualClock();
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(5), clock);
    private final Transcript transcript = new Transcript();
    private final LoopbackConnector network = new LoopbackConnector(transcript);
    private final DiallerFactory diallers =
            new DiallerFactory(settings(ConnectSettings.MAX_CONNECT_TIMEOUT), threads, clock);

    /** The attempt delay passes while it dials over IPv6. */
    private final Connector slowOverIpv6 = dial -> {
        if (dial.remote().family() == Family.IPV6) {
            clock.advance(ConnectSettings.MIN_ATTEMPT_DELAY);
        }
        return network.connect(dial);
    };

    private ServerSocket ipv4;
    private ServerSocket ipv6;

    @BeforeEach
    void listen() throws IOException {
        ipv4 = listen("127.0.0.1");
        ipv6 = listen("::1");
        network.map("192.0.2.1", 25, (InetSocketAddress) ipv4.getLocalSocketAddress())
                .map("2001:db8::1", 25, (InetSocketAddress) ipv6.getLocalSocketAddress());
    }

    /** The thread of every dial ends by itself; none is interrupted here. */
    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        ipv4.close();
        ipv6.close();
        threads.shutdown();
        assertThat(threads.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void ORDER_06_theNextIsDialledWhileTheFirstHangs() throws Exception {
        network.hold("2001:db8::1");

        DialResult dialled = dial(slowOverIpv6, "2001:db8::1 192.0.2.1");

        assertWinner(dialled, "192.0.2.1");
        assertThat(dialled.failures()).isEmpty();
        assertThat(dialled.untried()).isEmpty();
        assertThat(dialled.lostRace())
                .extracting(overtaken -> overtaken.remote().address().toString())
                .containsExactly("2001:db8::1");
        transcript.await(line -> line.endsWith("given up"), PATIENCE);
        assertThat(transcript.lines())
                .containsExactly(
                        "connect: mx.example.test[2001:db8::1]:25 -> held",
                        "connect: mx.example.test[192.0.2.1]:25 -> connected",
                        "connect: mx.example.test[2001:db8::1]:25 -> given up");
    }

    @Test
    void ORDER_06_ofTwoConcurrentConnectionsOneIsClosedBeforeAnyOctet() throws Exception {
        network.hold("2001:db8::1").hold("192.0.2.1");
        FutureTask<DialResult> dialling = new FutureTask<>(() -> dial(slowOverIpv6, "2001:db8::1 192.0.2.1"));
        new Thread(dialling).start();
        transcript.await(line -> line.endsWith("[192.0.2.1]:25 -> held"), PATIENCE);
        network.release("2001:db8::1").release("192.0.2.1");

        try (Socket connection = dialling.get().connection().orElseThrow().socket()) {
            boolean overIpv4 = connection.getInetAddress().equals(ipv4.getInetAddress());
            connection.getOutputStream().write('E');
            try (Socket winner = accept(overIpv4 ? ipv4 : ipv6)) {
                assertThat(winner.getInputStream().read()).isEqualTo('E');
            }
        }
        // If it was cancelled in time, the loser has not even connected.
        assertNobodyWroteTo(ipv4);
        assertNobodyWroteTo(ipv6);
    }

    @Test
    void ORDER_06_aConnectionAfterTheRaceIsClosedBeforeAnyOctet() throws Exception {
        BlockingConnector stubborn = new BlockingConnector("2001:db8::1");
        try (Socket winner = connection(dial(stubborn, "2001:db8::1 192.0.2.1"))) {
            assertThat(winner.getInetAddress()).isEqualTo(ipv4.getInetAddress());

            stubborn.letGo.countDown();

            try (Socket late = accept(ipv6)) {
                assertThat(late.getInputStream().readAllBytes()).isEmpty();
            }
        }
    }

    @Test
    void connect_anInterruptEndsAHangingDialOfOurOwnConnector() throws Exception {
        try (SilentPort silent = SilentPort.open("127.0.0.1")) {
            Announcing own = new Announcing();
            FutureTask<DialResult> dialling = new FutureTask<>(() -> dial(own, List.of(remoteOf(silent))));
            Thread thread = new Thread(dialling);
            thread.start();
            own.isThere.await();

            thread.interrupt();

            assertInterrupted(dialling);
        }
    }

    @Test
    void connect_anInterruptEndsADialOfAConnectorThatIgnoresInterrupts() throws Exception {
        BlockingConnector stubborn = new BlockingConnector("192.0.2.1");
        FutureTask<DialResult> dialling = new FutureTask<>(() -> dial(stubborn, "192.0.2.1"));
        Thread thread = new Thread(dialling);
        thread.start();
        stubborn.isThere.await();

        thread.interrupt();

        assertInterrupted(dialling);
        stubborn.letGo.countDown();
        try (Socket late = accept(ipv4)) {
            assertThat(late.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void connect_theShutdownOfTheThreadsEndsADialOfOurOwnConnector() throws Exception {
        try (SilentPort silent = SilentPort.open("::1")) {
            Announcing own = new Announcing();
            FutureTask<DialResult> dialling = new FutureTask<>(() -> dial(own, List.of(remoteOf(silent))));
            new Thread(dialling).start();
            own.isThere.await();

            threads.shutdownNow();

            assertThat(dialling.get().failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.detail()).endsWith("the dial was cancelled"));
        }
    }

    @Test
    void connect_aConnectorThatExceedsItsDeadlineIsNotWaitedFor() throws Exception {
        BlockingConnector stubborn = new BlockingConnector("192.0.2.1");
        Dialler dialler =
                new DiallerFactory(settings(Duration.ofMillis(1)), threads, Deadline.MONOTONIC).through(stubborn);

        DialResult dialled = dialler.dial(remotes("192.0.2.1"), Deadline.after(PATIENCE));

        assertThat(dialled.failures())
                .extracting(DialResult.Failure::detail)
                .containsExactly("mx.example.test[192.0.2.1]:25: no answer in time");
        stubborn.letGo.countDown();
        try (Socket late = accept(ipv4)) {
            assertThat(late.getInputStream().readAllBytes()).isEmpty();
        }
    }

    @Test
    void reachability_anUnreachableFamilyIsDialledFirstOnlyOnce() throws Exception {
        network.hold("2001:db8::1").hold("2001:db8::2");
        network.map("192.0.2.2", 25, (InetSocketAddress) ipv4.getLocalSocketAddress());

        assertWinner(dial(slowOverIpv6, "2001:db8::1 192.0.2.1"), "192.0.2.1");
        transcript.await(line -> line.endsWith("given up"), PATIENCE);
        assertWinner(dial(slowOverIpv6, "2001:db8::1 192.0.2.1"), "192.0.2.1");
        assertWinner(dial(slowOverIpv6, "2001:db8::2 192.0.2.2"), "192.0.2.2");

        assertThat(transcript.lines())
                .containsExactly(
                        "connect: mx.example.test[2001:db8::1]:25 -> held",
                        "connect: mx.example.test[192.0.2.1]:25 -> connected",
                        "connect: mx.example.test[2001:db8::1]:25 -> given up",
                        "connect: mx.example.test[192.0.2.1]:25 -> connected",
                        "connect: mx.example.test[192.0.2.2]:25 -> connected");
    }

    @Test
    void reachability_isSeparateForEachConnector() throws Exception {
        network.hold("2001:db8::1");
        assertWinner(dial(slowOverIpv6, "2001:db8::1 192.0.2.1"), "192.0.2.1");
        network.release("2001:db8::1");

        assertWinner(dial(network, "2001:db8::1 192.0.2.1"), "2001:db8::1");
    }

    @Test
    void reachability_aRefusedConnectionDoesNotCountAsSilent() throws Exception {
        network.refuse("2001:db8::1");
        assertWinner(dial(network, "2001:db8::1 192.0.2.1"), "192.0.2.1");
        network.map("2001:db8::1", 25, (InetSocketAddress) ipv6.getLocalSocketAddress());
        assertWinner(dial(network, "2001:db8::1 192.0.2.1"), "2001:db8::1");
    }

    @Test
    void reachability_noRouteCountsAgainstTheFamily() throws Exception {
        network.unreachable(Family.IPV6);
        assertWinner(dial(network, "2001:db8::1 192.0.2.1"), "192.0.2.1");
        assertThat(diallers.through(network).inOrder(remotes("2001:db8::7 192.0.2.7")))
                .isEqualTo(remotes("192.0.2.7 2001:db8::7"));
    }

    /** Advances the clock by the attempt delay and blocks at one address until released, ignoring interrupts. Then connects. */
    private final class BlockingConnector implements Connector {

        private final String address;
        final CountDownLatch isThere = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);

        BlockingConnector(String address) {
            this.address = address;
        }

        @Override
        public Socket connect(Dial dial) throws IOException {
            if (dial.remote().address().toString().equals(address)) {
                clock.advance(ConnectSettings.MIN_ATTEMPT_DELAY);
                isThere.countDown();
                while (letGo.getCount() > 0) {
                    try {
                        letGo.await();
                    } catch (InterruptedException e) {
                        transcript.add("connector: does not care about an interrupt");
                    }
                }
            }
            return network.connect(dial);
        }
    }

    /** The built-in connector, which also signals when it is called. */
    private static final class Announcing implements Connector {

        private final SocketConnector own = new SocketConnector();
        final CountDownLatch isThere = new CountDownLatch(1);

        @Override
        public Socket connect(Dial dial) throws IOException {
            isThere.countDown();
            return own.connect(dial);
        }
    }

    private static RemoteMta remoteOf(SilentPort port) {
        IpAddress address = IpAddress.of(port.address().getAddress());
        return new RemoteMta(
                RemoteMta.Role.ROUTE, address, address, port.address().getPort());
    }

    private DialResult dial(Connector connector, String addresses) throws InterruptedException {
        return dial(connector, remotes(addresses));
    }

    private DialResult dial(Connector connector, List<RemoteMta> remotes) throws InterruptedException {
        return diallers.through(connector).dial(remotes, deadline);
    }

    private static Socket connection(DialResult dialled) {
        return dialled.connection().orElseThrow().socket();
    }

    private static void assertWinner(DialResult dialled, String address) throws IOException {
        assertThat(dialled.connection().orElseThrow().remote()).isEqualTo(DialSimulation.remote(address));
        connection(dialled).close();
    }

    private static void assertInterrupted(FutureTask<DialResult> dialling) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> dialling.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .withCauseInstanceOf(InterruptedException.class);
    }

    /** Verifies that every queued connection was closed before anything was written to it. */
    private static void assertNobodyWroteTo(ServerSocket server) throws IOException {
        Socket knocking = new Socket(server.getInetAddress(), server.getLocalPort());
        try (knocking) {
            while (true) {
                try (Socket accepted = accept(server)) {
                    if (accepted.getPort() == knocking.getLocalPort()) {
                        return;
                    }
                    assertThat(accepted.getInputStream().readAllBytes()).isEmpty();
                }
            }
        }
    }

    private static ConnectSettings settings(Duration connectTimeout) {
        return new ConnectSettings(
                FamiliesSetting.BOTH,
                LocalAddresses.NONE,
                connectTimeout,
                Optional.of(ConnectSettings.MIN_ATTEMPT_DELAY),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<RemoteMta> remotes(String addresses) {
        return Stream.of(addresses.split(" ")).map(DialSimulation::remote).toList();
    }

    private static Socket accept(ServerSocket server) throws IOException {
        server.setSoTimeout((int) PATIENCE.toMillis());
        Socket accepted = server.accept();
        accepted.setSoTimeout((int) PATIENCE.toMillis());
        return accepted;
    }

    private static ServerSocket listen(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        return server;
    }
}
