// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.dns.ValidationProbe.Finding;

/**
 * Whose authenticated-data bit counts (RFC 6840 §5.8): that of a server which validates, and to which nobody else has the path. This is
 * somebody's word, or it is shown:
 *
 * <ol>
 *   <li>{@code dns.trustad} names the server; or
 *   <li>the resolv.conf that names the server says {@code options trust-ad}; or
 *   <li>the server is on loopback, and the {@link ValidationProbe} of {@code dns.probe} shows that it validates.
 * </ol>
 *
 * <p>To be on loopback proves nothing: a forwarder there hands on the bit of whoever it asks over plain UDP. Docker's is at 127.0.0.11, and
 * Docker copies the options of the host's resolv.conf into that of the container: so there only {@code dns.trustad} counts.
 *
 * <p>Findings are kept per server: for an hour where the server validates, for a minute where it does not; where the probe led to no finding,
 * the old one stays, and the probe is repeated soon. Thread-safe; threads that find a finding too old at the same time all ask.
 */
final class AdTrust {

    /** How long a server that was shown to validate is not probed again. */
    static final Duration VALIDATES_KEPT = Duration.ofHours(1);

    /** How long a server that does not validate is not probed again. */
    static final Duration DOES_NOT_KEPT = Duration.ofMinutes(1);

    /** How soon the probe is repeated that led to no finding. */
    static final Duration NO_FINDING_PAUSE = Duration.ofSeconds(5);

    /** Where Docker forwards from the networks that users define. */
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
    enum Standing {
        COUNTS,
        /** It is on loopback and could not be probed yet: it may be worth everything or nothing. */
        UNKNOWN,
        COUNTS_FOR_NOTHING
    }

    private record Probed(Standing standing, Instant until) {}

    /**
     * The servers that may answer one question together, in their order: where one server's AD bit counts, or may count, only such servers.
     * Whoever can keep that server from answering, or its signed answer from being whole, could else have an unsigned answer of another one
     * take its place. For DANE every type is part of the proof: MX names the host, addresses that are not secure switch TLSA off.
     */
    List<InetSocketAddress> ofEqualWorth(ServerList list, Deadline deadline) throws InterruptedException {
        for (InetSocketAddress server : list.servers()) {
            if (isProbed(server, list)) {
                probe(server, settings.probe().orElseThrow(), deadline);
            }
        }
        List<InetSocketAddress> counting = list.servers().stream()
                .filter(server -> of(server, list) != Standing.COUNTS_FOR_NOTHING)
                .toList();
        return counting.isEmpty() ? list.servers() : counting;
    }

    /** From what is known; asks nobody. */
    Standing of(InetSocketAddress server, ServerList list) {
        if (isVouchedFor(server, list)) {
            return Standing.COUNTS;
        } else if (!isProbed(server, list)) {
            return Standing.COUNTS_FOR_NOTHING;
        }
        return Optional.ofNullable(probed.get(server)).map(Probed::standing).orElse(Standing.UNKNOWN);
    }

    /** Says once for each server on loopback that its AD bit was left unheeded, and what to do: there it is likely to be meant. */
    void noteUnheeded(InetSocketAddress server) {
        if (server.getAddress().isLoopbackAddress() && settings.probe().isEmpty() && warnedOf.add(server)) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    Nameservers.show(server)
                            + " says that it validates (AD), which does not count, so there is no DANE: a forwarder"
                            + " on loopback may say so, too. If it validates, name it in dns.trustad"
                            + (isDocker(server) ? "" : ", or say options trust-ad in resolv.conf"));
        }
    }

    private boolean isVouchedFor(InetSocketAddress server, ServerList list) {
        return settings.trustAd().contains(server.getAddress())
                || list.options().trustAd() && !isDocker(server);
    }

    private boolean isProbed(InetSocketAddress server, ServerList list) {
        return settings.probe().isPresent()
                && server.getAddress().isLoopbackAddress()
                && !isDocker(server)
                && !isVouchedFor(server, list);
    }

    private static boolean isDocker(InetSocketAddress server) {
        return IpAddress.of(server.getAddress()).equals(DOCKER);
    }

    private void probe(InetSocketAddress server, HostName name, Deadline deadline) throws InterruptedException {
        Instant now = clock.instant();
        Probed known = probed.get(server);
        if (known != null && now.isBefore(known.until())) {
            return;
        }
        Standing before = known == null ? Standing.UNKNOWN : known.standing();
        Deadline share = deadline.orAfter(
                shorter(settings.tryTimeout(), deadline.remaining().dividedBy(2)));
        Finding finding = new ValidationProbe(exchange).probe(server, name, share);
        Probed found = switch (finding.verdict()) {
            case VALIDATES -> new Probed(Standing.COUNTS, now.plus(VALIDATES_KEPT));
            case DOES_NOT_VALIDATE -> new Probed(Standing.COUNTS_FOR_NOTHING, now.plus(DOES_NOT_KEPT));
            case NO_FINDING -> new Probed(before, now.plus(NO_FINDING_PAUSE));
        };
        probed.put(server, found);
        if (known == null || found.standing() != before) {
            log(server, found.standing(), finding.why());
        }
    }

    private static void log(InetSocketAddress server, Standing standing, String why) {
        String name = Nameservers.show(server);
        switch (standing) {
            case COUNTS -> LOGGER.log(System.Logger.Level.DEBUG, name + " validates: " + why);
            case UNKNOWN ->
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "Whether " + name
                                + " validates could not be found out (dns.probe); what it says is secure waits: "
                                + why);
            case COUNTS_FOR_NOTHING ->
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        name + " does not validate (dns.probe), so its AD bit does not count, and there is no DANE: "
                                + why);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
