// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.spi.Connector;

/** The conformance tests of {@link Connector}: CONN. They use real ports of 127.0.0.1 and ::1. */
public abstract class ConnectorTck extends FailingDials {

    private static final int CROWD = 16;
    private static final int MANY_OCTETS = 1 << 20;

    /** @return the implementation, ready for use; it must connect to loopback directly */
    @Override
    protected abstract Connector create() throws Exception;

    private static byte[] allOctets(int length) {
        byte[] octets = new byte[length];
        new SplittableRandom(length).nextBytes(octets);
        for (int i = 0; i < 256; i++) {
            octets[i] = (byte) i;
        }
        return octets;
    }

    @Nested
    class Connection {

        @Requirement
        void CONN_01_anIpv4AddressIsReached() throws Exception {
            link(subject(), listener(IPV4)).expectTalk("IPv4");
        }

        @Requirement
        void CONN_01_anIpv6AddressIsReached() throws Exception {
            link(subject(), listener(IPV6)).expectTalk("IPv6");
        }

        @Requirement
        void CONN_01_thePortIsReached() throws Exception {
            Connector connector = subject();
            Listener one = listener(IPV4);
            Listener other = listener(IPV4);
            link(connector, other).expectTalk("other");
            link(connector, one).expectTalk("one");
        }

        @Requirement
        void CONN_02_theSocketIsConnectedAndOpen() throws Exception {
            Socket socket = connect(subject(), dial(listener(IPV4)));
            SOCKET.isTrue("a connected socket", socket.isConnected(), "isConnected() = false");
            SOCKET.isTrue("an open socket", !socket.isClosed(), "isClosed() = true");
            SOCKET.isTrue("open for reading", !socket.isInputShutdown(), "isInputShutdown() = true");
            SOCKET.isTrue("open for writing", !socket.isOutputShutdown(), "isOutputShutdown() = true");
        }

        @Requirement
        void CONN_03_twoDialsGiveTwoSockets() throws Exception {
            Connector connector = subject();
            Listener listener = listener(IPV4);
            ConnectionPair first = link(connector, listener);
            ConnectionPair second = link(connector, listener);
            SOCKET.isTrue("two sockets for two dials", first.client() != second.client(), "the same one twice");
            first.client().close();
            second.expectTalk("still here");
        }

        @Requirement
        void CONN_06_theNameIsNotLookedUp() throws Exception {
            Listener listener = listener(IPV4);
            HostName nowhere = HostName.parse("mx.postroad-tck.invalid");
            Connector.Dial dial = dial(nowhere, listener, Optional.empty(), Deadline.after(wholePatience()));
            link(subject(), listener, dial).expectTalk("no name is needed");
        }

        @Requirement
        void CONN_06_theAddressIsDialledAndNotTheLiteral() throws Exception {
            Listener listener = listener(IPV4);
            IpAddress literal = IpAddress.parse(IPV6);
            Connector.Dial dial = dial(literal, listener, Optional.empty(), Deadline.after(wholePatience()));
            link(subject(), listener, dial).expectTalk("as under NAT64");
        }

        @Requirement
        void CONN_12_manyDialsRunConcurrently() throws Exception {
            Connector connector = subject();
            List<Listener> listeners = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                listeners.add(listener(IPV4));
            }
            ConcurrentTasks.atOnce(
                    CROWD, number -> link(connector, listeners.get(number)).expectTalk("number " + number));
        }

        /**
         * If dials run one after the other, this test hangs: the deadline of the unanswered dial lies after its time limit.
         */
        @Requirement
        void CONN_12_aWaitingDialDoesNotDelayOthers() throws Exception {
            Connector connector = subject();
            Listener silent = silent(IPV4);
            Listener listener = listener(IPV4);
            Arrival clock = new Arrival();
            Instant end = Deadline.MONOTONIC.instant().plus(wholePatience().multipliedBy(2));
            Connector.Dial inVain = dial(silent, Optional.empty(), new Deadline(end, clock));
            FutureTask<Void> waiting =
                    ConcurrentTasks.begin("postroad-tck-in-vain", () -> expectIOException(connector, inVain));
            bench().transcript().add("test: the failing dial is in progress: " + clock.came(quarter()));
            link(connector, listener).expectTalk("in the meantime");
            bench().transcript().add("test: the failing dial has ended: " + waiting.isDone());
        }
    }

    /** A clock that detects when the connector reads it: then the dial is in progress. */
    private static final class Arrival implements InstantSource {

        private final CountDownLatch looked = new CountDownLatch(1);

        @Override
        public Instant instant() {
            looked.countDown();
            return Deadline.MONOTONIC.instant();
        }

        /** Returns whether the clock was read in time. A connector that never reads it fails another requirement. */
        boolean came(Duration patience) throws InterruptedException {
            return looked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Nested
    class Octets {

        @Requirement
        void CONN_04_everyOctetArrivesInBothDirections() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            byte[] octets = allOctets(256);
            link.client().getOutputStream().write(octets);
            ConnectionPair.expectOctets("what the server reads:", octets, link.server());
            link.server().getOutputStream().write(octets);
            ConnectionPair.expectOctets("what the client reads:", octets, link.client());
        }

        @Requirement
        void CONN_04_muchDataArrivesInBothDirectionsConcurrently() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            byte[] octets = allOctets(MANY_OCTETS);
            FutureTask<Void> server = writing(link.server(), octets);
            FutureTask<Void> client = writing(link.client(), octets);
            FutureTask<Void> reading = ConcurrentTasks.begin(
                    "postroad-tck-read",
                    () -> ConnectionPair.expectOctets("what the server reads:", octets, link.server()));
            ConnectionPair.expectOctets("what the client reads:", octets, link.client());
            ConcurrentTasks.end(reading);
            ConcurrentTasks.end(server);
            ConcurrentTasks.end(client);
        }

        private FutureTask<Void> writing(Socket socket, byte[] octets) {
            return ConcurrentTasks.begin("postroad-tck-write", () -> {
                OutputStream out = socket.getOutputStream();
                out.write(octets);
                out.flush();
            });
        }

        @Requirement
        void CONN_05_nothingIsSentByTheConnector() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            link.client().shutdownOutput();
            SOCKET.equal(
                    "octets that come to the server:",
                    0,
                    link.server().getInputStream().readAllBytes().length);
        }

        @Requirement
        void CONN_05_theGreetingIsLeftToTheCaller() throws Exception {
            byte[] greeting = "220 mx.example.test ready\r\n".getBytes(StandardCharsets.US_ASCII);
            Connector connector = subject();
            Listener listener = listener(IPV4);
            FutureTask<Void> greeter = ConcurrentTasks.begin("postroad-tck-greeter", () -> {
                Socket accepted = bench().closing(listener.accept(wholePatience()));
                accepted.getOutputStream().write(greeting);
                accepted.close();
            });
            Socket client = connect(connector, dial(listener));
            ConcurrentTasks.end(greeter);
            ConnectionPair.expectOctets("the greeting:", greeting, client);
        }

        @Requirement
        void CONN_13_closingTheSocketEndsTheConnection() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            link.client().close();
            try {
                SOCKET.equal(
                        "what the server reads, the end:",
                        -1,
                        link.server().getInputStream().read());
            } catch (SocketTimeoutException stillOpen) {
                throw SOCKET.mismatch("the end of the connection", "the connection is still open");
            }
        }

        @Requirement
        void CONN_13_theServersCloseReachesTheClient() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            link.server().close();
            SOCKET.equal(
                    "what the client reads, the end:",
                    -1,
                    link.client().getInputStream().read());
        }

        @Requirement
        void CONN_14_aReadHasItsTimeOut() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            link.client().setSoTimeout(50);
            try {
                int octet = link.client().getInputStream().read();
                throw SOCKET.mismatch("a SocketTimeoutException", "the octet " + octet);
            } catch (SocketTimeoutException expected) {
                SOCKET.isTrue("a socket that is still open", !link.client().isClosed(), "isClosed() = true");
            }
        }

        @Requirement
        void CONN_14_closingEndsAReadOfAnotherThread() throws Exception {
            ConnectionPair link = link(subject(), listener(IPV4));
            CountDownLatch about = new CountDownLatch(1);
            FutureTask<Void> reading = ConcurrentTasks.begin("postroad-tck-read", () -> {
                about.countDown();
                expectAnEnd(link.client());
            });
            about.await();
            link.client().close();
            ConcurrentTasks.end(reading);
        }

        private void expectAnEnd(Socket client) throws IOException {
            try {
                SOCKET.equal(
                        "what a closed socket reads, the end:",
                        -1,
                        client.getInputStream().read());
            } catch (SocketException | ClosedChannelException closed) { // the latter comes from a channel's socket
                SOCKET.isTrue("a socket that is closed", client.isClosed(), "isClosed() = false");
            }
        }
    }
}
