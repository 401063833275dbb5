// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;

/** Connectors that break the contract. */
final class ConnectorGallery {

    static final Gallery GALLERY = new Gallery(
            ConnectorTck.class,
            List.of(
                    caughtBy(StaysWithItsFirstPort.class, "CONN-01", "CONN-07", "CONN-12"),
                    caughtBy(KnowsIpv4Only.class, "CONN-01", "CONN-10"),
                    caughtBy(WrapsTheStreamsOnly.class, "CONN-02", "CONN-05", "CONN-13", "CONN-14", "CONN-15"),
                    caughtBy(HandsOutTheSameTwice.class, "CONN-03"),
                    caughtBy(DropsTheEighthBit.class, "CONN-04"),
                    caughtBy(SaysGoodbye.class, "CONN-05"),
                    caughtBy(ReadsTheGreeting.class, "CONN-05"),
                    caughtBy(DialsTheHost.class, "CONN-06"),
                    caughtBy(
                            BrokenDials.WrapsItsExceptions.class,
                            "CONN-07",
                            "CONN-08",
                            "CONN-09",
                            "CONN-11",
                            "CONN-15"),
                    caughtBy(BrokenDials.AnswersNull.class, "CONN-07", "CONN-08", "CONN-09", "CONN-11", "CONN-15"),
                    caughtBy(BrokenDials.RemembersFailures.class, "CONN-07"),
                    caughtBy(BrokenDials.WaitsAsTheSystemDoes.class, "CONN-08", "CONN-15"),
                    caughtBy(BrokenDials.HasALimitOfItsOwn.class, "CONN-09"),
                    caughtBy(BrokenDials.LooksAtTheWallClock.class, "CONN-09"),
                    caughtBy(BrokenDials.LooksAtTheClockTooLate.class, "CONN-09"),
                    caughtBy(BrokenDials.IgnoresTheSource.class, "CONN-10", "CONN-11"),
                    caughtBy(BrokenDials.TakesAnotherSource.class, "CONN-11"),
                    caughtBy(SharesItsDial.class, "CONN-12"),
                    caughtBy(DialsOneAtATime.class, "CONN-12"),
                    caughtBy(KeepsTheConnection.class, "CONN-13", "CONN-14", "CONN-15"),
                    caughtBy(ReadsForever.class, "CONN-14"),
                    caughtBy(BrokenDials.LeavesItsSockets.class, "CONN-15"),
                    caughtBy(BrokenDials.LeavesAThread.class, "CONN-15")));

    private ConnectorGallery() {}

    /** For connectors that hang, or keep the server waiting. */
    abstract static class ShortTimeLimit extends ReferenceConnectorTest {
        @Override
        protected Duration timeLimit() {
            return Duration.ofMillis(1500);
        }
    }

    static class StaysWithItsFirstPort extends ShortTimeLimit {
        @Override
        protected Connector create() {
            Map<IpAddress, Integer> ports = new ConcurrentHashMap<>();
            return new PlainConnector() {
                @Override
                InetSocketAddress target(Dial dial) {
                    IpAddress address = dial.remote().address();
                    int port = ports.computeIfAbsent(
                            address, first -> dial.remote().port());
                    return new InetSocketAddress(address.toInetAddress(), port);
                }
            };
        }
    }

    static class KnowsIpv4Only extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                InetSocketAddress target(Dial dial) throws IOException {
                    if (dial.remote().family() == Family.IPV6) {
                        throw new IOException("no IPv6 here");
                    }
                    return super.target(dial);
                }
            };
        }
    }

    static class WrapsTheStreamsOnly extends ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                Socket handOver(Socket socket, Dial dial) {
                    return new Socket() {
                        @Override
                        public InputStream getInputStream() throws IOException {
                            return socket.getInputStream();
                        }

                        @Override
                        public OutputStream getOutputStream() throws IOException {
                            return socket.getOutputStream();
                        }
                    };
                }
            };
        }
    }

    static class HandsOutTheSameTwice extends ShortTimeLimit {
        @Override
        protected Connector create() {
            Map<RemoteMta, Socket> sockets = new ConcurrentHashMap<>();
            return new PlainConnector() {
                @Override
                public Socket connect(Dial dial) throws IOException {
                    Socket known = sockets.get(dial.remote());
                    return known != null && !known.isClosed() ? known : super.connect(dial);
                }

                @Override
                Socket handOver(Socket socket, Dial dial) {
                    sockets.put(dial.remote(), socket);
                    return socket;
                }
            };
        }
    }

    static class DropsTheEighthBit extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                Socket open() {
                    return new Socket(Proxy.NO_PROXY) {
                        @Override
                        public OutputStream getOutputStream() throws IOException {
                            return new FilterOutputStream(super.getOutputStream()) {
                                @Override
                                public void write(int octet) throws IOException {
                                    super.write(octet & 0x7f);
                                }

                                @Override
                                public void write(byte[] octets, int offset, int length) throws IOException {
                                    byte[] seven = new byte[length];
                                    for (int i = 0; i < length; i++) {
                                        seven[i] = (byte) (octets[offset + i] & 0x7f);
                                    }
                                    out.write(seven);
                                }
                            };
                        }
                    };
                }
            };
        }
    }

    static class SaysGoodbye extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                Socket open() {
                    return new Socket(Proxy.NO_PROXY) {
                        @Override
                        public void shutdownOutput() throws IOException {
                            getOutputStream().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                            super.shutdownOutput();
                        }
                    };
                }
            };
        }
    }

    static class ReadsTheGreeting extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                Socket handOver(Socket socket, Dial dial) throws IOException {
                    socket.setSoTimeout(100);
                    try {
                        socket.getInputStream().read();
                    } catch (SocketTimeoutException silence) {
                        return socket;
                    } finally {
                        socket.setSoTimeout(0);
                    }
                    return socket;
                }
            };
        }
    }

    static class DialsTheHost extends ReferenceConnectorTest {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                InetSocketAddress target(Dial dial) throws IOException {
                    IpAddress literal = dial.remote().host() instanceof IpAddress address ? address : lookedUp(dial);
                    return new InetSocketAddress(
                            literal.toInetAddress(), dial.remote().port());
                }

                /** Fails like every resolver for a name below {@code .invalid}. */
                private IpAddress lookedUp(Dial dial) throws UnknownHostException {
                    throw new UnknownHostException(dial.remote().host().toString());
                }
            };
        }
    }

    static class SharesItsDial extends ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                private volatile @Nullable InetSocketAddress current;

                @Override
                InetSocketAddress target(Dial dial) throws IOException {
                    InetSocketAddress own = super.target(dial);
                    current = own;
                    LockSupport.parkNanos(2_000_000);
                    InetSocketAddress now = current;
                    return now == null ? own : now;
                }
            };
        }
    }

    static class DialsOneAtATime extends ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                public synchronized Socket connect(Dial dial) throws IOException {
                    return super.connect(dial);
                }
            };
        }
    }

    static class KeepsTheConnection extends ShortTimeLimit {
        @Override
        protected Connector create() {
            List<Socket> pool = Collections.synchronizedList(new ArrayList<>());
            return new PlainConnector() {
                @Override
                Socket open() {
                    Socket socket = new Socket(Proxy.NO_PROXY) {
                        @Override
                        public void close() {
                            pool.add(this);
                        }
                    };
                    return socket;
                }
            };
        }
    }

    static class ReadsForever extends ShortTimeLimit {
        @Override
        protected Connector create() {
            return new PlainConnector() {
                @Override
                Socket open() {
                    return new Socket(Proxy.NO_PROXY) {
                        @Override
                        public void setSoTimeout(int millis) {
                            if (millis < 0) {
                                throw new IllegalArgumentException("a time-out below 0");
                            }
                        }
                    };
                }
            };
        }
    }
}
