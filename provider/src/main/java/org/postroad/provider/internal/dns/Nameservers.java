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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.ServerInquiry.ServerAnswer;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Queries the name servers in turn until one gives a useful answer.
 *
 * <p>The next server is queried after silence, an unreachable server, SERVFAIL, REFUSED, NOTIMP, FORMERR, a lame referral or an answer that
 * cannot be parsed. A server that answered is not queried again for the same message, except in a simpler form ({@link QueryForms}). A
 * silent server is queried once in every round, and its late answer still counts until another server has answered. For a while afterwards,
 * a silent server is queried last, so that it does not delay every query.
 *
 * <p>Only servers of equal trust take part ({@link AdTrust#serversToQuery}): an answer of a server whose AD bit does not count never
 * replaces that of a server whose AD bit counts (TLS-08). With local validation ({@link #askSigned}), all servers are equal.
 */
final class Nameservers implements Upstream, ServerInquiry.InquiryContext {

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

    @Override
    public Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException {
        ServerAnswer answer = askInTurn(new DnsQuery(chain, type, false), deadline);
        return new Response(answer.reading(), answer.authentic());
    }

    /** Queries with all signatures and proofs, including data that the servers themselves consider bogus (RFC 4035 §3.2.1, §3.2.2). */
    ServerAnswer askSigned(Chain chain, int type, Deadline deadline) throws InterruptedException {
        return askInTurn(new DnsQuery(chain, type, true), deadline);
    }

    /** Returns all servers, human-readable. */
    String names() {
        return source.servers().servers().stream().map(ServerList::show).collect(Collectors.joining(", "));
    }

    /** Returns whose AD bit counts, as known now, without a query. */
    ValidationState validationState(boolean local) {
        ServerList list = source.servers();
        return new ValidationState(
                local,
                names(AdTrust.AdBitTrust.COUNTS, list),
                names(AdTrust.AdBitTrust.UNPROVED, list),
                names(AdTrust.AdBitTrust.DOES_NOT_COUNT, list),
                list.problem());
    }

    private List<String> names(AdTrust.AdBitTrust standing, ServerList list) {
        return list.servers().stream()
                .filter(server -> trust.of(server, list) == standing)
                .map(ServerList::show)
                .toList();
    }

    @Override
    public Message newQuery(DnsQuery query, QueryForm form) {
        return query.toMessage(form, random.nextInt(0x10000));
    }

    @Override
    public void noteSilence(InetSocketAddress server) {
        silentUntil.put(server, clock.instant().plus(SILENCE_REMEMBERED));
    }

    @Override
    public void noteAnswer(InetSocketAddress server) {
        silentUntil.remove(server);
    }

    @Override
    public QueryForms forms() {
        return forms;
    }

    @Override
    public AdTrust trust() {
        return trust;
    }

    @Override
    public InsecureClaims insecureClaims() {
        return insecureClaims;
    }

    private ServerAnswer askInTurn(DnsQuery query, Deadline deadline) throws InterruptedException {
        ServerList all = source.servers();
        if (all.servers().isEmpty()) {
            return ServerAnswer.failed(Cause.NETWORK, all.problem());
        }
        AdTrust.EqualServers among =
                query.signed() ? new AdTrust.EqualServers(all, false) : trust.serversToQuery(all, deadline);
        ServerList list = among.list();
        if (list.servers().isEmpty()) {
            return ServerAnswer.failed(Cause.SERVER_FAILURE, list.problem());
        }
        ServerList.Options options = list.options();
        TryOrder order = new TryOrder(
                silentLast(options.rotate() ? rotated(list.servers()) : list.servers()),
                options.rounds().orElse(settings.rounds()),
                options.tryTimeout().orElse(settings.tryTimeout()),
                deadline);
        try (PendingTries pending = exchange.open()) {
            ServerAnswer answer = new ServerInquiry(
                            this, query, new ServerInquiry.InquiryPlan(among, order, deadline), pending)
                    .run();
            return answer.reading() instanceof ParsedAnswer.Failed useless
                            && !list.problem().isEmpty()
                    ? ServerAnswer.failed(useless.cause(), useless.detail() + "; " + list.problem())
                    : answer;
        } catch (PendingTries.ClosedException e) {
            return ServerAnswer.failed(Cause.CLOSED, "DNS was closed");
        } catch (IOException e) {
            return ServerAnswer.failed(Cause.NETWORK, "no server can be queried: " + Printable.describe(e));
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
}
