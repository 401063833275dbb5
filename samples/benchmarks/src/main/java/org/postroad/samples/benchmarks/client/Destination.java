// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.provider.Postroad;
import org.postroad.samples.benchmarks.wire.Blackhole;
import org.postroad.samples.benchmarks.wire.LatencyProxy;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Sink;
import org.postroad.samples.benchmarks.wire.Tally;

/** The destination of the mail: domains in DNS, their mail exchanger, which is a sink, and the network in between. */
public final class Destination implements AutoCloseable {

    /** The recipients' domain. Its mail exchanger is {@link #EXCHANGER}. */
    public static final String DOMAIN = "destination.test";

    /** The mail exchanger, for its certificate. */
    public static final String EXCHANGER = "mx.destination.test";

    /** A domain whose mail exchanger also has an IPv6 address; see {@link #halfSilent}. */
    public static final String DUAL_DOMAIN = "dual.test";

    private static final String ZONE = """
            destination.test.    86400 MX 10 mx.destination.test.
            mx.destination.test. 86400 A 127.0.0.1
            dual.test.           86400 MX 10 mx.dual.test.
            mx.dual.test.        86400 AAAA ::1
            mx.dual.test.        86400 A 127.0.0.1
            """;

    private final FakeDnsServer dns = FakeDnsServer.start(ZONE);
    private final Sink sink;
    private final InetSocketAddress entrance;
    private final List<Closeable> onTheWay;

    private Destination(Sink sink, InetSocketAddress entrance, List<Closeable> onTheWay) {
        this.sink = sink;
        this.entrance = entrance;
        this.onTheWay = onTheWay;
    }

    /** Creates a destination on loopback. */
    public static Destination near(Offers offers) throws IOException {
        Sink sink = Sink.start(offers);
        return new Destination(sink, sink.address(), List.of());
    }

    /** Creates a destination with this round-trip time. */
    public static Destination far(Offers offers, Duration roundTrip) throws IOException {
        Sink sink = Sink.start(offers);
        LatencyProxy proxy = LatencyProxy.start(sink.address(), roundTrip);
        return new Destination(sink, proxy.address(), List.of(proxy));
    }

    /** Creates a destination on loopback that does not answer over IPv6. */
    public static Destination halfSilent(Offers offers) throws IOException {
        Sink sink = Sink.start(offers);
        return new Destination(
                sink, sink.address(), List.of(Blackhole.at(sink.address().getPort())));
    }

    /**
     * How clients reach the destination.
     *
     * @param server the server's port on 127.0.0.1
     * @param dns the port of the DNS server on 127.0.0.1
     */
    public record Route(int server, int dns) {}

    public Route route() {
        return new Route(entrance.getPort(), dns.address(Family.IPV4).getPort());
    }

    /** Returns what the sink has counted so far. */
    public Tally tally() {
        return sink.tally();
    }

    /** Also releases everything that mx keeps for the destination. */
    @Override
    public void close() throws IOException {
        Postroad.close();
        for (Closeable stretch : onTheWay) {
            stretch.close();
        }
        sink.close();
        dns.close();
    }
}
