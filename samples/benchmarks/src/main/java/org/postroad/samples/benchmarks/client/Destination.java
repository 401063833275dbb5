// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.provider.Postroad;
import org.postroad.samples.benchmarks.wire.LatencyProxy;
import org.postroad.samples.benchmarks.wire.Offers;
import org.postroad.samples.benchmarks.wire.Sink;
import org.postroad.samples.benchmarks.wire.Tally;

/** A domain with a mail exchanger: DNS, the sink, and the distance to it. */
public final class Destination implements AutoCloseable {

    /** The recipients' domain; its mail exchanger is {@link #EXCHANGER}. */
    public static final String DOMAIN = "destination.test";

    /** For its certificate. */
    public static final String EXCHANGER = "mx.destination.test";

    /** A domain whose mail exchanger has an IPv6 address, too; the sink does not listen there. */
    public static final String DUAL_DOMAIN = "dual.test";

    private static final String ZONE = """
            destination.test.    86400 MX 10 mx.destination.test.
            mx.destination.test. 86400 A 127.0.0.1
            dual.test.           86400 MX 10 mx.dual.test.
            mx.dual.test.        86400 AAAA ::1
            mx.dual.test.        86400 A 127.0.0.1
            """;

    private final FakeDnsServer dns;
    private final Sink sink;
    private final Optional<LatencyProxy> proxy;

    private Destination(FakeDnsServer dns, Sink sink, Optional<LatencyProxy> proxy) {
        this.dns = dns;
        this.sink = sink;
        this.proxy = proxy;
    }

    /** On loopback. */
    public static Destination near(Offers offers) throws IOException {
        return new Destination(FakeDnsServer.start(ZONE), Sink.start(offers), Optional.empty());
    }

    /** So far away. */
    public static Destination far(Offers offers, Duration roundTrip) throws IOException {
        Sink sink = Sink.start(offers);
        return new Destination(
                FakeDnsServer.start(ZONE), sink, Optional.of(LatencyProxy.start(sink.address(), roundTrip)));
    }

    /**
     * How clients get there.
     *
     * @param server its port on 127.0.0.1
     * @param dns the port of the DNS server on 127.0.0.1
     */
    public record Route(int server, int dns) {}

    public Route route() {
        InetSocketAddress server = proxy.map(LatencyProxy::address).orElseGet(sink::address);
        return new Route(server.getPort(), dns.address(Family.IPV4).getPort());
    }

    public Tally tally() {
        return sink.tally();
    }

    /** Makes mx forget it, too. */
    @Override
    public void close() throws IOException {
        Postroad.close();
        if (proxy.isPresent()) {
            proxy.get().close();
        }
        sink.close();
        dns.close();
    }
}
