// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Queries the name servers in turn until one gives a useful answer.
 *
 * <p>The next server is queried after silence, an unreachable server, SERVFAIL, REFUSED, NOTIMP, FORMERR, a lame referral or an answer that
 * cannot be parsed. A server that answered is not queried again for the same message, except in a simpler form ({@link QueryForms}). A
 * silent server is queried once in every round, and its late answer still counts until another server has answered. For a while afterwards,
 * a silent server is queried last, so that it does not delay every query.
 *
 * <p>Only servers of equal trust take part ({@link AdTrust#serversToQuery}): an answer of a server whose AD bit does not count never replaces
 * that of a server whose AD bit counts (TLS-08). With local validation ({@link #askSigned}), all servers are equal.
 */
final class Nameservers implements Upstream {

    /** Maximum size of an answer over UDP, small enough to pass every network unfragmented (RFC 9715 §3.2 recommends no more than 1400). */
    static final int UDP_SIZE = 1232;

    /** How long a silent server is queried last. */
    static final Duration SILENCE_REMEMBERED = Duration.ofSeconds(30);

    private final DnsSettings settings;
    private final ServerList.ServerListSource source;
    private final DnsExchange exchange;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AdTrust trust;
    private final QueryForms forms;
    private final InsecureClaims insecureClaims;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<InetSocketAddress, Instant> silentUntil = new ConcurrentHashMap<>();

    Nameservers(
            DnsSettings settings,
            ServerList.ServerListSource source,
            DnsExchange exchange,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.source = source;
        this.exchange = exchange;
        this.clock = clock;
        this.random = random;
        this.trust = new AdTrust(settings, exchange, clock);
        this.forms = new QueryForms(clock);
        this.insecureClaims = new InsecureClaims(
                clock,
                (server, deadline) -> exchange.ask(
                        newQuery(new DnsQuery(Chain.from(Name.root), Type.SOA, false), QueryForm.FULL),
                        server,
                        source.servers().options().tcp(),
                        deadline));
    }

    /**
     * Result of a query to the servers.
     *
     * @param authentic whether a server whose AD bit counts reports the message as validated
     * @param message the message that was read; empty if the reading is useless
     */
    record ServerAnswer(ParsedAnswer reading, boolean authentic, Optional<Message> message) {}

    /**
     * What to query.
     *
     * @param signed whether to request signatures, for local validation
     */
    record DnsQuery(Chain chain, int type, boolean signed) {}

    @Override
    public Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException {
        ServerAnswer heard = askInTurn(new DnsQuery(chain, type, false), deadline);
        return new Response(heard.reading(), heard.authentic());
    }

    /** Queries with all signatures and proofs, including data that the servers themselves consider bogus (RFC 4035 §3.2.1, §3.2.2). */
    ServerAnswer askSigned(Chain chain, int type, Deadline deadline) throws InterruptedException {
        return askInTurn(new DnsQuery(chain, type, true), deadline);
    }

    InsecureClaims insecureClaims() {
        return insecureClaims;
    }

    /** Returns all servers, human-readable. */
    String names() {
        return source.servers().servers().stream().map(Nameservers::show).collect(Collectors.joining(", "));
    }

    AdTrust trust() {
        return trust;
    }

    QueryForms forms() {
        return forms;
    }

    void noteSilence(InetSocketAddress server) {
        silentUntil.put(server, clock.instant().plus(SILENCE_REMEMBERED));
    }

    /** Records that the server has answered, so it is at most slow, not silent. */
    void noteAnswer(InetSocketAddress server) {
        silentUntil.remove(server);
    }

    static ServerAnswer failed(Cause cause, String detail) {
        return new ServerAnswer(new ParsedAnswer.Failed(cause, detail), false, Optional.empty());
    }

    private ServerAnswer askInTurn(DnsQuery wanted, Deadline deadline) throws InterruptedException {
        ServerList all = source.servers();
        if (all.servers().isEmpty()) {
            return failed(Cause.NETWORK, all.problem());
        }
        AdTrust.EqualServers among = wanted.signed() ? new AdTrust.EqualServers(all, false) : trust.serversToQuery(all, deadline);
        ServerList list = among.list();
        if (list.servers().isEmpty()) {
            return failed(Cause.SERVER_FAILURE, list.problem());
        }
        ServerList.Options options = list.options();
        TryOrder order = new TryOrder(
                silentLast(options.rotate() ? rotated(list.servers()) : list.servers()),
                options.rounds().orElse(settings.rounds()),
                options.tryTimeout().orElse(settings.tryTimeout()),
                deadline);
        try (PendingTries pending = exchange.open()) {
            ServerAnswer heard = new ServerInquiry(
                            this, wanted, new ServerInquiry.InquiryPlan(among, order, deadline), pending)
                    .run();
            return heard.reading() instanceof ParsedAnswer.Failed useless
                            && !list.problem().isEmpty()
                    ? failed(useless.cause(), useless.detail() + "; " + list.problem())
                    : heard;
        } catch (DnsExchange.ClosedException e) {
            return failed(Cause.CLOSED, "DNS was closed");
        } catch (IOException e) {
            return failed(Cause.NETWORK, "no server can be asked: " + Printable.describe(e));
        }
    }

    private List<InetSocketAddress> rotated(List<InetSocketAddress> servers) {
        List<InetSocketAddress> rotated = new ArrayList<>(servers);
        Collections.rotate(rotated, -Math.floorMod(turn.getAndIncrement(), servers.size()));
        return rotated;
    }

    private List<InetSocketAddress> silentLast(List<InetSocketAddress> servers) {
        Instant now = clock.instant();
        silentUntil.values().removeIf(until -> !until.isAfter(now));
        List<InetSocketAddress> ordered = new ArrayList<>(servers);
        ordered.sort(Comparator.comparing(silentUntil::containsKey));
        return ordered;
    }

    Message newQuery(DnsQuery wanted, QueryForm form) {
        Message query = Message.newQuery(Record.newRecord(wanted.chain().name(), wanted.type(), DClass.IN));
        query.getHeader().setID(random.nextInt(0x10000));
        // RFC 6840 §5.7: without DO, the AD bit in the query requests the AD bit in the answer.
        if (form.asksForAd()) {
            query.getHeader().setFlag(wanted.signed() ? Flags.CD : Flags.AD);
        }
        if (form.hasEdns()) {
            int flags = wanted.signed() ? ExtendedFlags.DO : 0;
            query.addRecord(new OPTRecord(UDP_SIZE, 0, 0, flags), Section.ADDITIONAL);
        }
        return query;
    }

    static String show(InetSocketAddress server) {
        IpAddress address = IpAddress.of(server.getAddress());
        String host = address.family() == Family.IPV6 ? "[" + address + "]" : address.toString();
        return host + ":" + server.getPort();
    }
}
