// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * Asks the servers in turn until one says something.
 *
 * <p>The next server is asked after silence, an unreachable server, SERVFAIL, REFUSED, NOTIMP, FORMERR, a lame referral or an
 * answer that cannot be read. A server that spoke is not asked again for the same message; a silent one once in every round. A
 * server that was silent is asked last for a while, so that it does not cost every question a time-out.
 */
final class Nameservers implements Upstream {

    /** The largest answer over UDP that passes every network unfragmented (RFC 9715 §3.2 recommends no more than 1400). */
    static final int UDP_SIZE = 1232;

    /** How long a silent server is asked last. */
    static final Duration SILENCE_REMEMBERED = Duration.ofSeconds(30);

    private final DnsSettings settings;
    private final ServerList.Source source;
    private final DnsExchange exchange;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Map<InetSocketAddress, Instant> silentUntil = new ConcurrentHashMap<>();

    Nameservers(
            DnsSettings settings,
            ServerList.Source source,
            DnsExchange exchange,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.source = source;
        this.exchange = exchange;
        this.clock = clock;
        this.random = random;
    }

    /**
     * What was said in the end.
     *
     * @param authentic whether a server that we trust in this says that it has validated the message
     * @param message what the reading is of; none where that is useless
     */
    record Heard(Reading reading, boolean authentic, Optional<Message> message) {}

    /**
     * What is asked for.
     *
     * @param signed with signatures, for somebody who validates
     */
    private record Wanted(Chain chain, int type, boolean signed) {}

    @Override
    public Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException {
        Heard heard = askInTurn(new Wanted(chain, type, false), deadline);
        return new Response(heard.reading(), heard.authentic());
    }

    /** With all that proves it, and also where the servers do not believe it themselves (RFC 4035 §3.2.1, §3.2.2). */
    Heard askSigned(Chain chain, int type, Deadline deadline) throws InterruptedException {
        return askInTurn(new Wanted(chain, type, true), deadline);
    }

    /** All servers, for people. */
    String names() {
        return source.servers().servers().stream().map(Nameservers::show).collect(Collectors.joining(", "));
    }

    private Heard askInTurn(Wanted wanted, Deadline deadline) throws InterruptedException {
        ServerList list = source.servers();
        if (list.servers().isEmpty()) {
            return useless(Cause.NETWORK, list.problem(), false);
        }
        List<InetSocketAddress> open = silentLast(list.servers());
        List<Reading.Useless> failures = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            for (InetSocketAddress server : List.copyOf(open)) {
                if (deadline.hasPassed()) {
                    return summary(failures);
                }
                Heard heard = askOne(server, wanted, deadline);
                if (!(heard.reading() instanceof Reading.Useless failure)) {
                    return heard;
                }
                failures.add(failure);
                if (failure.cause() == Cause.CLOSED) {
                    return heard;
                }
                if (!failure.askAgain()) {
                    open.remove(server);
                }
            }
        }
        return summary(failures);
    }

    private List<InetSocketAddress> silentLast(List<InetSocketAddress> servers) {
        Instant now = clock.instant();
        silentUntil.values().removeIf(until -> !until.isAfter(now));
        List<InetSocketAddress> ordered = new ArrayList<>(servers);
        ordered.sort(Comparator.comparing(silentUntil::containsKey));
        return ordered;
    }

    private Heard askOne(InetSocketAddress server, Wanted wanted, Deadline deadline) throws InterruptedException {
        Deadline tryDeadline = deadline.orAfter(settings.tryTimeout());
        try {
            Message query = newQuery(wanted, true);
            Message answer = exchange.ask(query, server, tryDeadline);
            boolean mindsEdns = answer.getRcode() == Rcode.FORMERR || answer.getRcode() == Rcode.BADVERS;
            if (mindsEdns && !wanted.signed()) {
                query = newQuery(wanted, false);
                answer = exchange.ask(query, server, tryDeadline);
            }
            silentUntil.remove(server);
            Reading reading = MessageReader.read(query, answer, wanted.chain(), show(server));
            boolean authentic = answer.getHeader().getFlag(Flags.AD) && settings.trustsAdOf(server);
            return new Heard(reading, authentic, Optional.of(answer));
        } catch (DnsExchange.ClosedException e) {
            return useless(Cause.CLOSED, "DNS was closed", false);
        } catch (DnsExchange.MalformedException e) {
            return useless(Cause.MALFORMED, show(server) + ": " + e.getMessage(), e.mayComeStill());
        } catch (SocketTimeoutException e) {
            silentUntil.put(server, clock.instant().plus(SILENCE_REMEMBERED));
            return useless(Cause.TIMEOUT, show(server) + " did not answer", true);
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            return useless(Cause.NETWORK, show(server) + " cannot be asked: " + Printable.describe(e), true);
        }
    }

    private static Heard useless(Cause cause, String detail, boolean askAgain) {
        return new Heard(new Reading.Useless(cause, detail, askAgain), false, Optional.empty());
    }

    private Message newQuery(Wanted wanted, boolean edns) {
        Message query = Message.newQuery(Record.newRecord(wanted.chain().name(), wanted.type(), DClass.IN));
        query.getHeader().setID(random.nextInt(0x10000));
        // RFC 6840 §5.7: without DO, the AD bit in the question asks for the AD bit in the answer.
        query.getHeader().setFlag(wanted.signed() ? Flags.CD : Flags.AD);
        if (edns) {
            int flags = wanted.signed() ? ExtendedFlags.DO : 0;
            query.addRecord(new OPTRecord(UDP_SIZE, 0, 0, flags), Section.ADDITIONAL);
        }
        return query;
    }

    /** The first failure in which a server spoke, else the last one; with the details of all. */
    private static Heard summary(List<Reading.Useless> failures) {
        if (failures.isEmpty()) {
            return useless(Cause.TIMEOUT, "the time was over before a server was asked", false);
        }
        Cause cause = failures.stream()
                .map(Reading.Useless::cause)
                .filter(each -> each != Cause.TIMEOUT && each != Cause.NETWORK)
                .findFirst()
                .orElse(failures.get(failures.size() - 1).cause());
        LinkedHashSet<String> details = new LinkedHashSet<>();
        failures.forEach(failure -> details.add(failure.detail()));
        return useless(cause, String.join("; ", details), false);
    }

    private static String show(InetSocketAddress server) {
        IpAddress address = IpAddress.of(server.getAddress());
        String host = address.family() == Family.IPV6 ? "[" + address + "]" : address.toString();
        return host + ":" + server.getPort();
    }
}
