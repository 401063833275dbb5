// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;

/** Tests with a server that, with Nagle's algorithm on, holds back its second reply until the first one is acknowledged. */
@Timeout(300)
class SmtpConnectionTest {

    private static final Deadline SOON = Deadline.after(Duration.ofMinutes(5));
    private static final byte[] FLIGHT = "MAIL FROM:<>\r\nRCPT TO:<a@example.test>\r\n".getBytes(US_ASCII);

    private final Watchdog watchdog = new Watchdog();
    private ServerSocket listener;
    private Observed client;
    private Socket server;
    private SmtpConnection wire;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new Observed(listener);
        server = listener.accept();
        wire = new SmtpConnection(SecuredSocket.plain(client), watchdog);
        assumeTrue(
                client.supportedOptions().stream()
                        .anyMatch(option -> option.name().equals("TCP_QUICKACK")),
                "this system acknowledges as it likes");
    }

    @AfterEach
    void disconnect() throws IOException {
        watchdog.close();
        client.close();
        server.close();
        listener.close();
    }

    private void write() throws IOException {
        wire.write(FLIGHT, 0, FLIGHT.length, SOON);
    }

    private void say(String replies) throws IOException {
        server.getOutputStream().write(replies.getBytes(US_ASCII));
    }

    private String heard() throws IOException {
        return String.join("", wire.read(SOON).lines());
    }

    @Test
    void aReplyIsAcknowledgedBeforeTheNextOneIsWaitedFor() throws IOException {
        client.whenAcknowledging = () -> say("250 second\r\n");
        write();
        say("250 first\r\n");
        assertThat(heard()).isEqualTo("first");
        assertThat(client.acknowledged).isZero();
        assertThat(heard()).isEqualTo("second");
        assertThat(client.acknowledged).isOne();
    }

    @Test
    void repliesThatArrivedTogetherNeedNoAcknowledgement() throws IOException {
        write();
        say("250 first\r\n250 second\r\n");
        assertThat(heard()).isEqualTo("first");
        assertThat(heard()).isEqualTo("second");
        assertThat(client.acknowledged).isZero();
    }

    @Test
    void theFirstReplyToACommandGroupNeedsNoAcknowledgement() throws IOException {
        for (int flight = 0; flight < 2; flight++) {
            write();
            say("250 only\r\n");
            assertThat(heard()).isEqualTo("only");
        }
        assertThat(client.acknowledged).isZero();
    }

    /** Counts the immediate acknowledgements requested. */
    private static final class Observed extends Socket {

        private int acknowledged;
        private Then whenAcknowledging = () -> {};

        /** An action to run at an acknowledgement. */
        private interface Then {
            void happen() throws IOException;
        }

        Observed(ServerSocket listener) throws IOException {
            super(listener.getInetAddress(), listener.getLocalPort());
        }

        @Override
        public <T> Socket setOption(SocketOption<T> option, T value) throws IOException {
            if (option.name().equals("TCP_QUICKACK")) {
                acknowledged++;
                whenAcknowledging.happen();
            }
            return super.setOption(option, value);
        }
    }
}
