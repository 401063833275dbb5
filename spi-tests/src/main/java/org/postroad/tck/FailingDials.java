// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.parallel.Isolated;
import org.postroad.api.Deadline;
import org.postroad.api.IpAddress;
import org.postroad.fixtures.MachineAddresses;
import org.postroad.fixtures.VirtualClock;
import org.postroad.spi.Connector;
import org.postroad.tck.catalogue.Feature;

/** Tests of dials that fail or that need a given source address, and of resources left over after a dial. */
abstract class FailingDials extends Dialling {

    private static final IpAddress FOREIGN = MachineAddresses.foreign();
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final int DIALS = 20;

    @Nested
    class Failure {

        @Requirement
        void CONN_07_aRefusalOverIpv4IsAnIoException() throws Exception {
            expectIOException(subject(), dial(refusing(IPV4)));
        }

        @Requirement
        void CONN_07_aRefusalOverIpv6IsAnIoException() throws Exception {
            expectIOException(subject(), dial(refusing(IPV6)));
        }

        @Requirement
        void CONN_07_aFailureIsNotRemembered() throws Exception {
            Connector connector = subject();
            expectIOException(connector, dial(refusing(IPV4)));
            link(connector, listener(IPV4)).expectTalk("the next one");
        }

        @Requirement
        void CONN_08_noAnswerOverIpv4IsAnIoException() throws Exception {
            expectIOException(subject(), dial(silent(IPV4), Optional.empty(), Deadline.after(SHORT)));
        }

        @Requirement
        void CONN_08_noAnswerOverIpv6IsAnIoException() throws Exception {
            expectIOException(subject(), dial(silent(IPV6), Optional.empty(), Deadline.after(SHORT)));
        }

        @Requirement
        void CONN_09_afterTheDeadlineNoHostIsDialled() throws Exception {
            Listener listener = listener(IPV4);
            Deadline over = Deadline.after(Duration.ZERO);
            expectIOException(subject(), dial(listener, Optional.empty(), over));
            expectNobodyCame(listener);
        }

        @Requirement
        void CONN_09_theDeadlinesOwnClockCounts() throws Exception {
            Listener listener = listener(IPV4);
            VirtualClock clock = new VirtualClock();
            Deadline deadline = Deadline.after(Duration.ofDays(100_000), clock);
            clock.advance(Duration.ofDays(100_001));
            expectIOException(subject(), dial(listener, Optional.empty(), deadline));
            expectNobodyCame(listener);
        }
    }

    @Nested
    class Source {

        @Requirement
        void CONN_10_theServerSeesTheIpv4Source() throws Exception {
            expectSource(listener(IPV4), secondLoopbackAddress());
        }

        @Requirement
        void CONN_10_theServerSeesTheIpv6Source() throws Exception {
            expectSource(listener(IPV6), IpAddress.parse(IPV6));
        }

        private void expectSource(Listener listener, IpAddress source) throws Exception {
            Connector.Dial dial = dial(listener, Optional.of(source), Deadline.after(wholePatience()));
            ConnectionPair link = link(subject(), listener, dial);
            SOCKET.equal("the server sees", source, IpAddress.of(link.server().getInetAddress()));
        }

        private IpAddress secondLoopbackAddress() throws IOException {
            for (String address : List.of("127.0.0.2", "127.0.0.3")) {
                InetAddress candidate = IpAddress.parse(address).toInetAddress();
                try (Socket socket = new Socket(Proxy.NO_PROXY)) {
                    socket.bind(new InetSocketAddress(candidate, 0));
                    return IpAddress.of(candidate);
                } catch (SocketException notOurs) {
                    bench().transcript().add("machine: " + address + " cannot be bound");
                }
            }
            throw new Skip(Skip.Kind.NOT_ON_THIS_SYSTEM, "Neither 127.0.0.2 nor 127.0.0.3 can be bound");
        }

        @Requirement
        void CONN_11_aSourceThatIsNotOursFails() throws Exception {
            Listener listener = listener(IPV4);
            expectIOException(subject(), dial(listener, Optional.of(FOREIGN), Deadline.after(wholePatience())));
            expectNobodyCame(listener);
        }
    }

    /** Isolated, because threads and sockets of other tests would be counted, too. */
    @Nested
    @Isolated
    class Leaks {

        @Requirement
        void CONN_15_aClosedConnectionLeavesNothing() throws Exception {
            Connector connector = subject();
            Listener listener = listener(IPV4);
            expectNothingLeft(() -> {
                ConnectionPair link = link(connector, listener);
                link.client().close();
                link.server().close();
            });
        }

        @Requirement
        void CONN_15_aRefusalLeavesNothing() throws Exception {
            Connector connector = subject();
            Listener refusing = refusing(IPV4);
            expectNothingLeft(() -> expectIOException(connector, dial(refusing)));
        }

        @Requirement
        void CONN_15_noAnswerLeavesNothing() throws Exception {
            Connector connector = subject();
            Listener silent = silent(IPV4);
            expectNothingLeft(() -> expectIOException(
                    connector, dial(silent, Optional.empty(), Deadline.after(Duration.ofMillis(10)))));
        }

        @Requirement
        void CONN_15_aSourceThatIsNotOursLeavesNothing() throws Exception {
            if (!features().contains(Feature.SOURCE_ADDRESS)) {
                throw new Skip(Skip.Kind.NOT_DECLARED, "The implementation does not declare SOURCE_ADDRESS");
            }
            Connector connector = subject();
            Listener listener = listener(IPV4);
            Connector.Dial dial = dial(listener, Optional.of(FOREIGN), Deadline.after(wholePatience()));
            expectNothingLeft(() -> dialAndClose(connector, dial));
        }

        /** Whether this dial should fail is checked by another requirement. */
        private void dialAndClose(Connector connector, Connector.Dial dial) {
            try (Socket socket = connect(connector, dial)) {
                bench().transcript().add("test: closing " + socket);
            } catch (IOException failed) {
                bench().transcript().add("test: nothing to close");
            }
        }

        /** One thread or socket for each dial is a leak; fewer can be the JVM's own. */
        private void expectNothingLeft(ConcurrentTasks.Step once) throws Exception {
            once.run();
            Set<Thread> threads = Resources.threads();
            Set<String> sockets = Resources.sockets();
            for (int i = 0; i < DIALS; i++) {
                once.run();
            }
            IntSupplier moreThreads = () -> Resources.more(Resources.threads(), threads);
            IntSupplier moreSockets = () -> Resources.more(Resources.sockets(), sockets);
            boolean gone = Resources.await(
                    quarter(), () -> moreThreads.getAsInt() < DIALS / 2 && moreSockets.getAsInt() < DIALS / 2);
            Expect.lookAt("what each dial opens or starts, and who closes or ends it")
                    .isTrue(
                            "no more sockets and threads than before " + DIALS + " dials",
                            gone,
                            moreSockets.getAsInt() + " sockets and " + moreThreads.getAsInt() + " threads more");
        }
    }
}
