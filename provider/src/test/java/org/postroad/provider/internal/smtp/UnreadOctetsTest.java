// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Deadline;
import org.postroad.api.TlsSummary;

/** Whether the server sent something before the next command, with and without TLS; and the end of a connection with TLS. */
@Timeout(300)
class UnreadOctetsTest {

    private static final TlsSummary TLS = new TlsSummary(TlsSummary.Level.OPPORTUNISTIC, "");
    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));
    private static final String NOTHING = ScriptedSocket.NOTHING;

    private final Watchdog watchdog = new Watchdog();

    @AfterEach
    void stop() {
        watchdog.close();
    }

    private SmtpConnection connection(Socket raw, Socket tls) {
        return new SmtpConnection(new SecuredSocket(raw, tls, TLS), watchdog);
    }

    /** A connection whose octets only a read reveals, as with TLS records that are not decrypted yet. */
    private static final class Undecrypted extends Socket {

        private final Socket socket;
        private final Optional<SocketChannel> channel;

        Undecrypted(Socket socket) {
            this(socket, Optional.empty());
        }

        Undecrypted(Socket socket, Optional<SocketChannel> channel) {
            this.socket = socket;
            this.channel = channel;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(socket.getInputStream()) {
                @Override
                public int available() {
                    return 0;
                }
            };
        }

        @Override
        public void setSoTimeout(int millis) throws SocketException {
            socket.setSoTimeout(millis);
        }

        @Override
        public SocketChannel getChannel() {
            return channel.isPresent() ? channel.get() : super.getChannel();
        }
    }

    /** Octets below TLS need not be a reply: TLS 1.3 servers send session tickets. */
    @ParameterizedTest
    @CsvSource({"'', '', false", "ticket, '', false", "record, 250 ok, true", "'', 250 ok, true"})
    void tls_onlyDecryptedOctetsAreAReply(String below, String decrypted, boolean unread) throws IOException {
        ScriptedSocket tls = new ScriptedSocket(decrypted);
        assertThat(connection(new ScriptedSocket(below), tls).hasUnread()).isEqualTo(unread);
        assertThat(tls.getSoTimeout()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ticket, '', false", "record, 250 ok, true", "record, ' ', false", "'', 250 ok, false"})
    void tls_octetsAreDecryptedToSeeWhetherTheyAreAReply(String below, String decrypted, boolean unread)
            throws IOException {
        ScriptedSocket raw = new ScriptedSocket(below);
        ScriptedSocket tls = new ScriptedSocket(decrypted);
        SmtpConnection connection = connection(raw, new Undecrypted(tls));
        if (decrypted.isBlank() || below.isEmpty()) {
            assertThat(connection.hasUnread()).isEqualTo(unread);
        } else {
            assertThat(connection.hasUnread()).isTrue();
            assertThat(connection.read(LATER).lines()).containsExactly("ok");
        }
        assertThat(tls.getSoTimeout()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"'', false", "250 ok, true", "' ', false"})
    void idle_aReplyThatArrivedMeanwhileIsFoundByReading(String decrypted, boolean unread) throws IOException {
        ScriptedSocket tls = new ScriptedSocket(decrypted);
        assertThat(connection(new ScriptedSocket(NOTHING), new Undecrypted(tls)).hasUnreadAfterIdle())
                .isEqualTo(unread);
        assertThat(tls.getSoTimeout()).isZero();
    }

    @Test
    void idle_aReplyThatIsAlreadyVisibleIsFound() throws IOException {
        ScriptedSocket socket = new ScriptedSocket("421 closing");
        assertThat(connection(socket, socket).hasUnreadAfterIdle()).isTrue();
    }

    @Test
    void idle_aConnectionThatTheServerClosedIsNoticed() {
        ScriptedSocket socket = new ScriptedSocket(ScriptedSocket.CLOSE);
        assertThatThrownBy(() -> connection(socket, socket).hasUnreadAfterIdle())
                .isInstanceOf(EOFException.class)
                .hasMessage("the server closed the connection");
    }

    /** With a channel, the look does not wait. What it finds arrived after the first look at the stream. */
    @ParameterizedTest
    @CsvSource({"nothing, false", "octet, true", "close, "})
    void idle_aChannelIsAskedWithoutWaiting(String event, Boolean unread) throws IOException {
        try (ServerSocketChannel listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel channel = SocketChannel.open(listener.getLocalAddress());
                SocketChannel server = listener.accept()) {
            if (event.equals("octet")) {
                server.write(ByteBuffer.wrap("4".getBytes(StandardCharsets.US_ASCII)));
            } else if (event.equals("close")) {
                server.close();
            }
            if (!event.equals("nothing")) {
                awaitReadable(channel);
            }
            Socket raw = new Undecrypted(channel.socket(), Optional.of(channel));
            SmtpConnection connection = connection(raw, raw);
            if (unread == null) {
                assertThatThrownBy(connection::hasUnreadAfterIdle)
                        .isInstanceOf(EOFException.class)
                        .hasMessage("the server closed the connection");
            } else {
                assertThat(connection.hasUnreadAfterIdle()).isEqualTo(unread);
            }
            assertThat(channel.isBlocking()).isTrue();
        }
    }

    private static void awaitReadable(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            selector.select();
            key.cancel();
            selector.selectNow();
        }
        channel.configureBlocking(true);
    }

    @Test
    void close_tlsIsClosedBeforeTheConnectionBelow() {
        ScriptedSocket raw = new ScriptedSocket(NOTHING);
        List<String> events = new ArrayList<>();
        Socket tls = new Socket() {
            @Override
            public void close() throws IOException {
                events.add("close notify, connection closed: " + raw.isClosed());
                throw new IOException("the server does not read it");
            }
        };
        assertThatThrownBy(() -> connection(raw, tls).closeGracefully(LATER)).hasMessage("the server does not read it");
        assertThat(events).containsExactly("close notify, connection closed: false");
        assertThat(raw.isClosed()).isTrue();
    }

    @Test
    void stalls_theBufferOfABlockIsReused() {
        ScriptedSocket socket = new ScriptedSocket(NOTHING);
        SmtpConnection connection = connection(socket, socket);
        byte[] buffer = connection.writeBuffer(1);
        assertThat(connection.writeBuffer(DialogueRunner.BLOCK)).isSameAs(buffer);
        assertThat(connection.writeBuffer(DialogueRunner.BLOCK + 1)).hasSize(DialogueRunner.BLOCK + 1);
    }
}
