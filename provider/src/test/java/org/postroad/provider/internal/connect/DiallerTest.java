// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;
import org.postroad.fixtures.VirtualClock;
import org.postroad.spi.Connector;

/** Dials of one host, one address after the other: time-outs, source addresses, failures and connectors that break their contract. */
class DiallerTest {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private final VirtualClock clock = new VirtualClock();
    private final Transcript transcript = new Transcript();
    private final LoopbackConnector network = new LoopbackConnector(transcript, clock);
    private Executor executor = Runnable::run; // one dial after the other, so that each moment is exact
    private final Deadline deadline = Deadline.after(Duration.ofMinutes(5), clock);

    @Test
    void ORDER_05_addressesAreDialledInTheirOrderUntilOneConnects() throws Exception {
        try (ServerSocket server = listen("127.0.0.1")) {
            network.unreachable(Family.IPV6)
                    .refuse("192.0.2.1")
                    .reset("192.0.2.2")
                    .map("192.0.2.3", 25, (InetSocketAddress) server.getLocalSocketAddress());

            DialResult dialled = dial(network, "2001:db8::1 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4");

            assertThat(transcript.lines())
                    .containsExactly(
                            "connect: mx.example.test[2001:db8::1]:25 -> unreachable",
                            "connect: mx.example.test[192.0.2.1]:25 -> refused",
                            "connect: mx.example.test[192.0.2.2]:25 -> reset",
                            "connect: mx.example.test[192.0.2.3]:25 -> connected");
            assertThat(dialled.failures())
                    .extracting(failure -> failure.remote().address().toString())
                    .containsExactly("2001:db8::1", "192.0.2.1", "192.0.2.2");
            assertThat(dialled.untried()).isEqualTo(remotes("192.0.2.4"));
            DialResult.Connection connection = dialled.connection().orElseThrow();
            assertThat(connection.remote()).isEqualTo(remotes("192.0.2.3").get(0));
            assertThat(connection.startedAt()).isEqualTo(VirtualClock.START);
            assertThat(connection.socket().isConnected()).isTrue();
            connection.socket().close();
        }
    }

    @Test
    void ORDER_05_eachFailureIsReportedIfAllFail() throws Exception {
        network.refuse("192.0.2.1").noAnswer("2001:db8::2");

        DialResult dialled = dial(network, "192.0.2.1 2001:db8::2");

        assertThat(dialled.connection()).isEmpty();
        assertThat(dialled.untried()).isEmpty();
        assertThat(dialled.failures())
                .containsExactly(
                        new DialResult.Failure(
                                remotes("192.0.2.1").get(0),
                                VirtualClock.START,
                                Duration.ZERO,
                                "mx.example.test[192.0.2.1]:25: Connection refused"),
                        new DialResult.Failure(
                                remotes("2001:db8::2").get(0),
                                VirtualClock.START,
                                CONNECT_TIMEOUT,
                                "mx.example.test[2001:db8::2]:25: Connect timed out"));
    }

    @Test
    void connect_eachAddressHasItsTimeOutAndAllHaveTheDeadline() throws Exception {
        network.noAnswer("192.0.2.1").noAnswer("192.0.2.2").noAnswer("192.0.2.3");
        Deadline near = Deadline.after(CONNECT_TIMEOUT.plusSeconds(5), clock);

        DialResult dialled = dialler(network).dial(remotes("192.0.2.1 192.0.2.2 192.0.2.3"), near);

        assertThat(dialled.failures())
                .extracting(DialResult.Failure::took)
                .containsExactly(CONNECT_TIMEOUT, Duration.ofSeconds(5));
        assertThat(dialled.untried()).isEqualTo(remotes("192.0.2.3"));
    }

    @Test
    void connect_afterTheDeadlineNothingIsDialled() throws Exception {
        clock.advance(Duration.ofMinutes(5));

        assertThat(dial(network, "192.0.2.1"))
                .isEqualTo(new DialResult(Optional.empty(), List.of(), List.of(), remotes("192.0.2.1")));
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void connect_theSourceFollowsTheFamilyOfTheDestination() throws Exception {
        List<Optional<IpAddress>> sources = new ArrayList<>();
        Connector recording = dial -> {
            sources.add(dial.source());
            throw new IOException("refused");
        };

        dial(recording, "192.0.2.1 2001:db8::1");

        assertThat(sources).containsExactly(Optional.of(IpAddress.parse("192.0.2.7")), Optional.empty());
    }

    @Test
    @SuppressWarnings("NullAway") // The plug-in breaks its contract on purpose.
    void connect_aConnectorThatBreaksItsContractIsAFailureOfThatAddress() throws Exception {
        List<Connector> broken = List.of(dial -> null, dial -> new Socket(), dial -> {
            throw new IllegalStateException("lost my proxy");
        });

        List<String> details = new ArrayList<>();
        for (Connector connector : broken) {
            DialResult dialled = dial(connector, "192.0.2.1 192.0.2.2");
            assertThat(dialled.failures()).hasSize(2);
            details.add(dialled.failures().get(0).detail());
        }

        assertThat(details).allMatch(detail -> detail.contains("broke its contract"));
        assertThat(details.get(0)).endsWith("returned null");
        assertThat(details.get(1)).endsWith("returned a socket that is not connected");
        assertThat(details.get(2)).endsWith("threw java.lang.IllegalStateException: lost my proxy");
    }

    @Test
    void connect_aFailureWithoutAMessageStillHasADetail() throws Exception {
        Connector silent = dial -> {
            throw new IOException();
        };
        assertThat(dial(silent, "192.0.2.1").failures().get(0).detail()).isEqualTo("I/O error");
    }

    @Test
    void connect_anInterruptedThreadDoesNotDial() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> dial(network, "192.0.2.1"));
        assertThat(transcript.lines()).isEmpty();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void connect_eachAddressFailsIfNoThreadCanBeStarted() throws Exception {
        executor = task -> {
            throw new RejectedExecutionException("closed");
        };
        assertThat(dial(network, "192.0.2.1 192.0.2.2").failures())
                .extracting(DialResult.Failure::detail)
                .containsExactly(
                        "mx.example.test[192.0.2.1]:25: not dialled, the engine is closed",
                        "mx.example.test[192.0.2.2]:25: not dialled, the engine is closed");
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void connect_anErrorOfTheConnectorIsNotHidden() {
        Connector broken = dial -> {
            throw new LinkageError("half of the proxy is missing");
        };
        assertThatExceptionOfType(LinkageError.class).isThrownBy(() -> dial(broken, "192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({"PT0.009999999S, false", "PT0.01S, true", "PT2S, true", "PT2.000000001S, false"})
    void connect_theAttemptDelayHasLimits(Duration delay, boolean valid) {
        ConnectSettings standard = ConnectSettings.DEFAULT;
        ThrowingCallable making = () -> new ConnectSettings(
                standard.families(),
                standard.local(),
                standard.connectTimeout(),
                Optional.of(delay),
                standard.allowed(),
                standard.nat64(),
                standard.socks());
        if (valid) {
            assertThatNoException().isThrownBy(making);
        } else {
            assertThatIllegalArgumentException().isThrownBy(making).withMessageContaining("attempt delay");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, false",
        "PT0.000999999S, false",
        "PT0.001S, true",
        "PT10M, true",
        "PT10M0.001S, false",
        "-PT1S, false"
    })
    void connect_theConnectionTimeOutHasLimits(Duration timeout, boolean valid) {
        if (valid) {
            assertThat(settings(timeout).connectTimeout()).isEqualTo(timeout);
        } else {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> settings(timeout))
                    .withMessageContaining("connection time-out");
        }
    }

    @Test
    void connect_aLocalAddressOfTheWrongFamilyIsRefused() {
        Optional<IpAddress> ipv4 = Optional.of(IpAddress.parse("192.0.2.7"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LocalAddresses(Optional.empty(), ipv4))
                .withMessage("The local address for IPv6 is 192.0.2.7, which is IPv4");
    }

    private DialResult dial(Connector connector, String addresses) throws InterruptedException {
        return dialler(connector).dial(remotes(addresses), deadline);
    }

    private Dialler dialler(Connector connector) {
        return new Dialler(connector, settings(CONNECT_TIMEOUT), executor, new Reachability(clock));
    }

    private static ConnectSettings settings(Duration connectTimeout) {
        return new ConnectSettings(
                FamiliesSetting.BOTH,
                new LocalAddresses(Optional.of(IpAddress.parse("192.0.2.7")), Optional.empty()),
                connectTimeout,
                Optional.of(ConnectSettings.DEFAULT_ATTEMPT_DELAY),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static List<RemoteMta> remotes(String addresses) {
        return Stream.of(addresses.split(" "))
                .map(address -> new RemoteMta(
                        RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.test"), IpAddress.parse(address), 25))
                .toList();
    }

    private static ServerSocket listen(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        return server;
    }
}
