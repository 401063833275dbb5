// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/**
 * Asks one authoritative server what its zone contains, without recursion. It uses the transport, the parser and the limits of the stub
 * resolver, but no cache, and no other server answers in its place. Only audits ask authoritative servers. Thread-safe; every call blocks
 * its thread.
 */
public final class AuthorityClient implements AutoCloseable {

    /** The port of name servers. */
    public static final int PORT = 53;

    /** How long audits wait for an answer to each try. */
    public static final Duration TRY_TIMEOUT = Duration.ofSeconds(2);

    private static final int TRIES = 2;

    private final DnsExchange exchange = new DnsExchange();
    /** Creates the ids of queries, which must not be predictable (RFC 5452 §4.3). */
    private final SecureRandom random = new SecureRandom();

    private final Duration tryTimeout;

    /** @param tryTimeout how long to wait for an answer to each of two tries */
    public AuthorityClient(Duration tryTimeout) {
        this.tryTimeout = tryTimeout;
    }

    /**
     * Makes one query. An alias that leads out of the data of the server is a failure: its target is for other servers to answer.
     *
     * @return the answer; a failure if the server is silent or does not answer for this name as an authority
     * @throws InterruptedException immediately when the thread is interrupted
     */
    public <R> DnsAnswer<R> ask(InetSocketAddress server, HostName name, RecordType<R> type, Deadline deadline)
            throws InterruptedException {
        String shown = ServerList.show(server);
        Chain start = Chain.from(DnsjavaMailDns.absolute(name));
        try {
            Message query = query(start, type, true);
            Message answer = exchange(query, server, deadline);
            if (isMisunderstood(answer.getRcode())) {
                query = query(start, type, false);
                answer = exchange(query, server, deadline);
            }
            return answer(MessageReader.read(query, answer, start, shown), type, answer, shown);
        } catch (SocketTimeoutException e) {
            return new DnsAnswer.Failed<>(Cause.TIMEOUT, shown + " did not answer");
        } catch (AnswerParser.MalformedException e) {
            return new DnsAnswer.Failed<>(Cause.MALFORMED, shown + ": " + e.getMessage());
        } catch (PendingTries.ClosedException e) {
            return new DnsAnswer.Failed<>(Cause.CLOSED, "DNS was closed");
        } catch (IOException | UnresolvedAddressException | UnsupportedAddressTypeException e) {
            return new DnsAnswer.Failed<>(Cause.NETWORK, shown + " cannot be queried: " + Printable.describe(e));
        }
    }

    private Message query(Chain chain, RecordType<?> type, boolean edns) {
        Message query = new DnsQuery(chain, type.code(), false)
                .toMessage(edns ? QueryForm.FULL : QueryForm.BARE, random.nextInt(0x10000));
        query.getHeader().unsetFlag(Flags.RD);
        query.getHeader().unsetFlag(Flags.AD); // an authority has nothing to validate
        return query;
    }

    private Message exchange(Message query, InetSocketAddress server, Deadline deadline)
            throws IOException, InterruptedException {
        for (int tried = 1; tried < TRIES; tried++) {
            try {
                return exchange.ask(query, server, false, deadline.atMost(tryTimeout));
            } catch (SocketTimeoutException e) {
                query.getHeader().setID(random.nextInt(0x10000)); // a packet may be lost
            }
        }
        return exchange.ask(query, server, false, deadline.atMost(tryTimeout));
    }

    private static boolean isMisunderstood(int rcode) {
        return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
    }

    static <R> DnsAnswer<R> answer(ParsedAnswer reading, RecordType<R> type, Message answer, String server) {
        if (reading instanceof ParsedAnswer.Failed useless) {
            return new DnsAnswer.Failed<>(useless.cause(), useless.detail());
        } else if (!answer.getHeader().getFlag(Flags.AA)) {
            return new DnsAnswer.Failed<>(Cause.LAME, server + " is not authoritative for this name");
        } else if (reading instanceof ParsedAnswer.Alias alias) {
            return new DnsAnswer.Failed<>(
                    Cause.LAME,
                    server + " answered with an alias to "
                            + Records.name(alias.chain().name()));
        }
        return DnsjavaMailDns.toAnswer((ParsedAnswer.WithChain) reading, type, Security.INSECURE, List.of());
    }

    /** Ends all queries in flight immediately. */
    @Override
    public void close() {
        exchange.close();
    }
}
