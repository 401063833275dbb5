// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.Deadline;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.dns.ValidationProbe.Finding;
import org.postroad.provider.internal.dns.ValidationProbe.Verdict;

/**
 * Decides which servers' authenticated-data bit counts (RFC 6840 §5.8). The server must validate, and its answers must come over a path
 * that no attacker can write to. A server's AD bit counts if:
 *
 * <ol>
 *   <li>{@code dns.trustad} names the server; or
 *   <li>the resolv.conf that names the server contains {@code options trust-ad}; or
 *   <li>the server is on loopback, and the {@link ValidationProbe} of {@code dns.probe} shows that it validates.
 * </ol>
 *
 * <p>A loopback address alone proves nothing: a forwarder there passes on the AD bit of an upstream server that it queries over plain UDP.
 * Docker's forwarder is at 127.0.0.11, and Docker copies the options of the host's resolv.conf into the container's. For that address, only
 * {@code dns.trustad} counts.
 *
 * <p>Setting {@code dns.probe} means that DANE is wanted. A server that must be probed is not queried until it has been shown to validate,
 * and no server whose AD bit does not count is queried instead. So an attacker who drops or forges the probe's answers cannot switch DANE
 * off.
 *
 * <p>Verdicts are cached per server: for an hour if it validates, for a minute if it does not. An inconclusive probe does not replace an
 * earlier verdict that the server validates, and is repeated soon. Thread-safe; threads that find a verdict expired at the same time all
 * probe.
 */
final class AdTrust {

    /** How long a server that validates is not probed again. */
    static final Duration VALIDATES_KEPT = Duration.ofHours(1);

    /** How long a server that does not validate is not probed again. */
    static final Duration DOES_NOT_KEPT = Duration.ofMinutes(1);

    /** Delay before an inconclusive probe is repeated. */
    static final Duration NO_FINDING_PAUSE = Duration.ofSeconds(5);

    /** Address of Docker's forwarder in user-defined networks. */
    private static final IpAddress DOCKER = IpAddress.parse("127.0.0.11");

    private static final System.Logger LOGGER = System.getLogger(AdTrust.class.getName());

    private final DnsSettings settings;
    private final DnsExchange exchange;
    private final InstantSource clock;
    private final Map<InetSocketAddress, Probed> probed = new ConcurrentHashMap<>();
    private final Set<InetSocketAddress> warnedOf = ConcurrentHashMap.newKeySet();

    AdTrust(DnsSettings settings, DnsExchange exchange, InstantSource clock) {
        this.settings = settings;
        this.exchange = exchange;
        this.clock = clock;
    }

    /** What a server's AD bit is worth. */
    enum AdBitTrust {
        COUNTS,
        /** The server must be shown to validate, and has not been yet. */
        UNPROVED,
        DOES_NOT_COUNT
    }

    private record Probed(Finding finding, Instant until) {

        boolean validates() {
            return finding.verdict() == Verdict.VALIDATES;
        }
    }

    /**
     * Servers that may be queried for the same message.
     *
     * @param adCounts whether the AD bit of all of them counts; if false, that of none does
     */
    record EqualServers(ServerList list, boolean adCounts) {}

    /**
     * Returns the servers that may be queried for the same message, in their order. Returns none if the servers that matter have not yet
     * been shown to validate.
     *
     * <p>If the AD bit of any server counts, only such servers are queried. Otherwise an attacker who blocks the answers of that server, or
     * truncates its signed answer, could have an unsigned answer of another server used instead. For DANE every record type is part of the
     * proof: MX names the host, and addresses that are not secure switch TLSA off.
     */
    EqualServers serversToQuery(ServerList list, Deadline deadline) throws InterruptedException {
        for (InetSocketAddress server : list.servers()) {
            if (isProbed(server, list)) {
                probe(server, list.options().tcp(), deadline);
            }
        }
        List<InetSocketAddress> counting = with(AdBitTrust.COUNTS, list);
        List<InetSocketAddress> unproved = with(AdBitTrust.UNPROVED, list);
        if (counting.isEmpty() && unproved.isEmpty()) {
            return new EqualServers(list, false);
        }
        Stream<String> notYet = unproved.stream()
                .map(server -> ServerList.show(server) + " has not shown that it validates (dns.probe): "
                        + known(server).map(found -> found.finding().why()).orElse("not probed yet"));
        Stream<String> leftOut = with(AdBitTrust.DOES_NOT_COUNT, list).stream()
                .map(server -> ServerList.show(server) + " is not queried, because its AD bit does not count");
        String problem = Stream.of(Stream.of(list.problem()).filter(text -> !text.isEmpty()), notYet, leftOut)
                .flatMap(texts -> texts)
                .collect(Collectors.joining("; "));
        return new EqualServers(new ServerList(counting, problem, list.options()), true);
    }

    private List<InetSocketAddress> with(AdBitTrust standing, ServerList list) {
        return list.servers().stream()
                .filter(server -> of(server, list) == standing)
                .toList();
    }

    /** Returns the standing as known now, without a query. */
    AdBitTrust of(InetSocketAddress server, ServerList list) {
        if (isVouchedFor(server, list)) {
            return AdBitTrust.COUNTS;
        } else if (!isProbed(server, list)) {
            return AdBitTrust.DOES_NOT_COUNT;
        }
        return known(server).filter(Probed::validates).isPresent() ? AdBitTrust.COUNTS : AdBitTrust.UNPROVED;
    }

    /**
     * Logs once per server on loopback that its AD bit is ignored, and what to do about it. On loopback, the operator probably wants it to
     * count.
     */
    void warnIgnoredAd(InetSocketAddress server) {
        if (address(server).isLoopbackAddress() && settings.probe().isEmpty() && warnedOf.add(server)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    ServerList.show(server)
                            + " sets the AD bit, which is ignored, so DANE is off: a forwarder on loopback may only"
                            + " pass it on. If the server validates, list it in dns.trustad"
                            + (isDocker(server) ? "" : " or add options trust-ad to resolv.conf"));
        }
    }

    private Optional<Probed> known(InetSocketAddress server) {
        return Optional.ofNullable(probed.get(server));
    }

    private boolean isVouchedFor(InetSocketAddress server, ServerList list) {
        return settings.trustAd().stream().map(AdTrust::unmapped).anyMatch(address(server)::equals)
                || (list.options().trustAd() && !isDocker(server));
    }

    private boolean isProbed(InetSocketAddress server, ServerList list) {
        return settings.probe().isPresent()
                && address(server).isLoopbackAddress()
                && !isDocker(server)
                && !isVouchedFor(server, list);
    }

    private static boolean isDocker(InetSocketAddress server) {
        return IpAddress.of(address(server)).equals(DOCKER);
    }

    private static InetAddress address(InetSocketAddress server) {
        return unmapped(server.getAddress());
    }

    /** Converts an IPv4-mapped address to the IPv4 address to which the system sends in its place (RFC 4291 §2.5.5.2). */
    private static InetAddress unmapped(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("The address " + address + " is invalid", e);
        }
    }

    private void probe(InetSocketAddress server, boolean overTcp, Deadline deadline) throws InterruptedException {
        Instant now = clock.instant();
        Optional<Probed> known = known(server);
        if (known.filter(found -> now.isBefore(found.until())).isPresent()) {
            return;
        }
        Deadline share = deadline.atMost(settings.tryTimeout())
                .atMost(deadline.remaining().dividedBy(2));
        Finding finding = new ValidationProbe(exchange, overTcp)
                .probe(server, settings.probe().orElseThrow(), share);
        boolean didValidate = known.filter(Probed::validates).isPresent();
        Probed found = switch (finding.verdict()) {
            case VALIDATES -> new Probed(finding, now.plus(VALIDATES_KEPT));
            case DOES_NOT_VALIDATE -> new Probed(finding, now.plus(DOES_NOT_KEPT));
            case NO_FINDING ->
                new Probed(
                        known.filter(Probed::validates).map(Probed::finding).orElse(finding),
                        now.plus(NO_FINDING_PAUSE));
        };
        probed.put(server, found);
        if (!found.validates() && (known.isEmpty() || didValidate)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    ServerList.show(server) + " is not queried, because dns.probe has not shown that it validates: "
                            + finding.why());
        }
    }
}
