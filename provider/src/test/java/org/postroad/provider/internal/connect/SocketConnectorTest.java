// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.MachineAddresses;
import org.postroad.fixtures.SilentPort;
import org.postroad.fixtures.VirtualClock;
import org.postroad.spi.Connector;

/** The built-in connector with real sockets: source addresses, deadlines, interrupts and SOCKS. */
class SocketConnectorTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final SocketConnector connector = new SocketConnector();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void connect_aRealConnectionIsMadeInEachFamily(String address) throws Exception {
        try (ServerSocket server = listen(address);
                Socket socket = connector.connect(dial(address, server.getLocalPort()));
                Socket accepted = server.accept()) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(socket.getTcpNoDelay()).isTrue();
            assertThat(socket.getKeepAlive()).isFalse();
            assertThat(IpAddress.of(accepted.getInetAddress())).isEqualTo(IpAddress.parse(address));
            assertThat(accepted.getPort()).isEqualTo(socket.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void connect_theSourceAddressIsBound(String address, String source) throws Exception {
        try (ServerSocket server = listen(address);
                Socket socket = connector.connect(dial(address, server.getLocalPort(), source));
                Socket accepted = server.accept()) {
            assertThat(IpAddress.of(socket.getLocalAddress())).isEqualTo(IpAddress.parse(source));
            assertThat(IpAddress.of(accepted.getInetAddress())).isEqualTo(IpAddress.parse(source));
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void connect_aRefusalNamesAddressPortAndSource(String address, String source) throws Exception {
        int port = closedPort(address);

        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> connector.connect(dial(address, port, source)))
                .withMessageStartingWith("mx.example.test[" + address + "]:" + port + " from " + source + ": ")
                .withMessageContaining("refused");
    }

    @Test
    void connect_aSourceAddressThatIsNotOursIsNamed() throws Exception {
        int port = closedPort("127.0.0.1");
        String foreign = MachineAddresses.foreign().toString();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> connector.connect(dial("127.0.0.1", port, foreign)))
                .withMessageStartingWith("mx.example.test[127.0.0.1]:" + port + " from " + foreign + ": ");
    }

    @Test
    void connect_afterTheDeadlineNothingIsDialled() throws Exception {
        VirtualClock clock = new VirtualClock();
        try (ServerSocket server = listen("127.0.0.1")) {
            Deadline deadline = Deadline.after(Duration.ofSeconds(1), clock);
            clock.advance(Duration.ofSeconds(1));
            RemoteMta remote = remote("127.0.0.1", server.getLocalPort());

            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> connector.connect(new Connector.Dial(remote, Optional.empty(), deadline)))
                    .withMessageContaining("no time left");
        }
    }

    /** Uses a platform thread, whatever the JDK. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void connect_anInterruptEndsARunningDial(String address) throws Exception {
        try (SilentPort silent = SilentPort.open(address)) {
            FutureTask<Throwable> dialling = new FutureTask<>(() -> catchThrowable(
                    () -> connector.connect(dial(address, silent.address().getPort()))));
            Thread thread = new Thread(dialling);
            thread.start();
            while (!dialling.isDone()
                    && Stream.of(thread.getStackTrace()).noneMatch(SocketConnectorTest::isConnecting)) {
                Thread.onSpinWait();
            }

            thread.interrupt();

            assertThat(dialling.get(PATIENCE.toSeconds() / 2, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedIOException.class)
                    .isNotInstanceOf(SocketTimeoutException.class)
                    .hasMessage("mx.example.test[" + address + "]:"
                            + silent.address().getPort() + ": the dial was cancelled");
        }
    }

    private static boolean isConnecting(StackTraceElement frame) {
        // The socket of a channel is of another class.
        return frame.getClassName().matches("java\\.net\\.Socket|sun\\.nio\\.ch\\.SocketAdaptor")
                && frame.getMethodName().equals("connect");
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 05010001c00002010019", "2001:db8::1, 0501000420010db80000000000000000000000010019"})
    void connect_aSocksProxyReceivesTheAddressAndNoName(String address, String request) throws Exception {
        try (ServerSocket proxy = listen("127.0.0.1")) {
            FutureTask<String> seen = new FutureTask<>(() -> serveSocks(proxy, address.contains(":") ? 16 : 4));
            Thread thread = new Thread(seen, "postroad-test-socks");
            thread.setDaemon(true);
            thread.start();

            SocketConnector through = new SocketConnector(
                    Optional.of(new SocksProxy(IpAddress.parse("127.0.0.1"), proxy.getLocalPort())));
            // The source address belongs to the destination's network, not to the proxy's: binding it here would fail.
            try (Socket socket = through.connect(dial(address, 25, address))) {
                assertThat(socket.isConnected()).isTrue();
            }
            assertThat(seen.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(request);
        }
    }

    @Test
    void connect_anUnreachableSocksProxyIsNamed() throws Exception {
        int port = closedPort("127.0.0.1");
        SocketConnector through = new SocketConnector(Optional.of(new SocksProxy(IpAddress.parse("127.0.0.1"), port)));

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> through.connect(dial("192.0.2.1", 25)))
                .withMessageStartingWith(
                        "mx.example.test[192.0.2.1]:25 through the SOCKS proxy [127.0.0.1]:" + port + ": ");
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "65535, true", "65536, false"})
    void connect_theSocksPortHasLimits(int port, boolean valid) {
        IpAddress host = IpAddress.parse("127.0.0.1");
        if (valid) {
            assertThat(new SocksProxy(host, port).port()).isEqualTo(port);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> new SocksProxy(host, port));
        }
    }

    /** Serves one SOCKS 5 client. Returns the request in hexadecimal. */
    private static String serveSocks(ServerSocket proxy, int addressOctets) throws IOException {
        try (Socket client = proxy.accept()) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            in.readUnsignedByte();
            in.readNBytes(in.readUnsignedByte());
            client.getOutputStream().write(new byte[] {5, 0});
            byte[] request = in.readNBytes(4 + addressOctets + 2);
            client.getOutputStream().write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 25});
            return HexFormat.of().formatHex(request);
        }
    }

    private static Connector.Dial dial(String address, int port) {
        return new Connector.Dial(remote(address, port), Optional.empty(), Deadline.after(PATIENCE));
    }

    private static Connector.Dial dial(String address, int port, String source) {
        return new Connector.Dial(
                remote(address, port), Optional.of(IpAddress.parse(source)), Deadline.after(PATIENCE));
    }

    private static RemoteMta remote(String address, int port) {
        return new RemoteMta(
                RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.test"), IpAddress.parse(address), port);
    }

    private static ServerSocket listen(String address) throws IOException {
        ServerSocket server = new ServerSocket();
        server.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        return server;
    }

    private static int closedPort(String address) throws IOException {
        try (ServerSocket server = listen(address)) {
            return server.getLocalPort();
        }
    }
}
