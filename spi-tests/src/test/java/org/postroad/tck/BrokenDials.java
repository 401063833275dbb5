// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postroad.spi.Connector;

/** Connectors that fail in a wrong way, use the wrong source address, or leave resources behind. */
final class BrokenDials {

    private BrokenDials() {}

    static class WrapsItsExceptions extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                public Socket connect(Dial dial) {
                    try {
                        return super.connect(dial);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }
    }

    static class AnswersNull extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                @SuppressWarnings("NullAway")
                public @Nullable Socket connect(Dial dial) {
                    try {
                        return super.connect(dial);
                    } catch (IOException none) {
                        return null;
                    }
                }
            };
        }
    }

    static class RemembersFailures extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                private volatile boolean failed;

                @Override
                int limit(Dial dial) throws IOException {
                    if (failed) {
                        throw new IOException("the network is down");
                    }
                    return super.limit(dial);
                }

                @Override
                void giveUp(Socket socket) throws IOException {
                    failed = true;
                    super.giveUp(socket);
                }
            };
        }
    }

    static class WaitsAsTheSystemDoes extends ConnectorGallery.ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                int limit(Dial dial) throws IOException {
                    super.limit(dial);
                    return 0;
                }
            };
        }
    }

    static class HasALimitOfItsOwn extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                int limit(Dial dial) {
                    return dial.deadline().hasPassed() ? 5000 : dial.deadline().remainingMillis();
                }
            };
        }
    }

    static class LooksAtTheWallClock extends ConnectorGallery.ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                int limit(Dial dial) throws IOException {
                    long left = Duration.between(Instant.now(), dial.deadline().at())
                            .toMillis();
                    if (left <= 0) {
                        throw new SocketTimeoutException("no time left");
                    }
                    return (int) Math.min(left, Integer.MAX_VALUE);
                }
            };
        }
    }

    static class LooksAtTheClockTooLate extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                int limit(Dial dial) {
                    return dial.deadline().hasPassed() ? 5000 : dial.deadline().remainingMillis();
                }

                @Override
                Socket handOver(Socket socket, Dial dial) throws IOException {
                    if (dial.deadline().hasPassed()) {
                        socket.close();
                        throw new SocketTimeoutException("no time left");
                    }
                    return socket;
                }
            };
        }
    }

    static class IgnoresTheSource extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                void bind(Socket socket, Dial dial) throws IOException {
                    socket.bind(null);
                }
            };
        }
    }

    static class TakesAnotherSource extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                void bind(Socket socket, Dial dial) throws IOException {
                    try {
                        super.bind(socket, dial);
                    } catch (BindException notOurs) {
                        socket.bind(null);
                    }
                }
            };
        }
    }

    static class LeavesItsSockets extends ConnectorGallery.ShortTimeLimit {

        /** Keeps the sockets reachable, so that the garbage collector cannot close them. */
        private static final Queue<Socket> LEFT = new ConcurrentLinkedQueue<>();

        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                void giveUp(Socket socket) {
                    LEFT.add(socket);
                }
            };
        }
    }

    static class LeavesAThread extends ConnectorGallery.ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                Socket handOver(Socket socket, Dial dial) {
                    CountDownLatch never = new CountDownLatch(1);
                    Thread watcher = new Thread(() -> {
                        try {
                            never.await(5, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                    watcher.setDaemon(true);
                    watcher.start();
                    return socket;
                }
            };
        }
    }
}
