// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetSocketAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsName;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.api.TlsaRecord;
import org.postroad.spi.MailDns;
import org.postroad.tck.StubExchange.TemporaryFailure;
import org.postroad.tck.StubMessage.Resource;

/** A stub resolver that meets the contract, without a cache. Subclasses break one part each. */
class StubMailDns implements MailDns {

    /** The time limit of each server except the last one. */
    static final Duration SHARE = Duration.ofMillis(250);

    private static final int MAX_ALIASES = 12;
    private static final int FORMERR = 1;
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;
    private static final int NS = 2;
    private static final long NO_LIMIT = Integer.MAX_VALUE;

    private final SecureRandom random = new SecureRandom();
    private final List<InetSocketAddress> servers;
    private final StubExchange exchange;

    StubMailDns(List<InetSocketAddress> servers) {
        this(servers, new StubExchange());
    }

    StubMailDns(List<InetSocketAddress> servers, StubExchange exchange) {
        this.servers = servers;
        this.exchange = exchange;
    }

    /** The progress of a query along its alias chain. */
    record Chain(String name, List<DnsAnswer.Alias> aliases, long ttl, boolean secure) {
        Chain follow(String target, long otherTtl, Security ofAlias) {
            List<DnsAnswer.Alias> followed = new ArrayList<>(aliases);
            followed.add(new DnsAnswer.Alias(new DnsName(name), new DnsName(target), ofAlias));
            return new Chain(target, followed, Math.min(ttl, otherTtl), secure);
        }

        Duration ttl(long otherTtl) {
            return Duration.ofSeconds(Math.min(ttl, otherTtl));
        }

        Security security() {
            return secure ? Security.SECURE : Security.INSECURE;
        }
    }

    /** The content of a message: an answer, or an alias that must be followed. */
    record Step<R>(Chain chain, Optional<DnsAnswer<R>> answer) {}

    @Override
    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        try {
            Chain chain = new Chain(name.text(), List.of(), NO_LIMIT, true);
            while (true) {
                if (deadline.hasPassed()) {
                    throw new TemporaryFailure(Cause.TIMEOUT, "the time is over");
                }
                Step<R> step = askServers(servers, chain, type, deadline);
                if (step.answer().isPresent()) {
                    return step.answer().get();
                }
                chain = step.chain();
            }
        } catch (TemporaryFailure trouble) {
            return failed(trouble);
        }
    }

    <R> DnsAnswer<R> failed(TemporaryFailure trouble) {
        return new DnsAnswer.Failed<>(trouble.why(), String.valueOf(trouble.getMessage()));
    }

    /** Queries the servers, each with its share of the time; the last one gets all the remaining time. */
    <R> Step<R> askServers(List<InetSocketAddress> asked, Chain chain, RecordType<R> type, Deadline deadline)
            throws TemporaryFailure, InterruptedException {
        for (InetSocketAddress server : asked.subList(0, asked.size() - 1)) {
            try {
                return askServer(server, chain, type, deadline.atMost(SHARE));
            } catch (TemporaryFailure next) {
                if (next.why() == Cause.CLOSED) {
                    throw next;
                }
            }
        }
        return askServer(asked.get(asked.size() - 1), chain, type, deadline);
    }

    private <R> Step<R> askServer(InetSocketAddress server, Chain chain, RecordType<R> type, Deadline deadline)
            throws TemporaryFailure, InterruptedException {
        if (isClosed()) {
            throw new TemporaryFailure(Cause.CLOSED, "closed");
        }
        StubMessage message = exchange.ask(question(chain, type, true), server, deadline);
        if (message.code() == FORMERR && dropsEdns()) {
            message = exchange.ask(question(chain, type, false), server, deadline);
        }
        if (message.code() == SERVFAIL) {
            throw new TemporaryFailure(Cause.SERVER_FAILURE, server + ": SERVFAIL");
        } else if (message.code() != 0 && message.code() != NXDOMAIN) {
            throw new TemporaryFailure(Cause.REFUSED, server + ": response code " + message.code());
        }
        try {
            Chain read = new Chain(chain.name(), chain.aliases(), chain.ttl(), isSecure(chain, message));
            return step(message, follows(type) ? follow(message, read) : read, type);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new TemporaryFailure(Cause.MALFORMED, server + ": " + e);
        }
    }

    private byte[] question(Chain chain, RecordType<?> type, boolean edns) {
        return StubMessage.question(random.nextInt(0x10000), chain.name(), type.code(), edns);
    }

    boolean follows(RecordType<?> type) {
        return !type.equals(RecordType.CNAME);
    }

    boolean dropsEdns() {
        return true;
    }

    boolean isSecure(Chain chain, StubMessage message) {
        return chain.secure() && message.authentic();
    }

    /** Without the AD bit, it is unknown which record of the messages is not authentic. */
    Security ofAlias(Chain chain) {
        return chain.secure() ? Security.SECURE : Security.UNKNOWN;
    }

    /** Returns the aliases to list in an answer. */
    List<DnsAnswer.Alias> listed(Chain chain) {
        return chain.aliases();
    }

    int maxAliases() {
        return MAX_ALIASES;
    }

    Chain follow(StubMessage message, Chain start) throws TemporaryFailure {
        Chain chain = start;
        for (Resource record : message.answers()) {
            if (record.type() == StubMessage.CNAME && record.owner().equals(chain.name())) {
                chain = chain.follow(StubMessage.name(message.dataOf(record)), record.ttl(), ofAlias(chain));
                if (chain.aliases().size() > maxAliases()) {
                    throw new TemporaryFailure(Cause.ALIAS_CHAIN, "more than " + maxAliases() + " aliases");
                }
            }
        }
        return chain;
    }

    <R> Step<R> step(StubMessage message, Chain chain, RecordType<R> type) throws TemporaryFailure {
        List<R> records = new ArrayList<>();
        long ttl = NO_LIMIT;
        boolean any = false;
        for (Resource record : message.answers()) {
            if (record.type() == type.code() && isWanted(record, chain)) {
                any = true;
                ttl = Math.min(ttl, record.ttl());
                read(type.code(), message.dataOf(record))
                        .map(type.javaType()::cast)
                        .ifPresent(records::add);
            }
        }
        if (!records.isEmpty()) {
            return answer(
                    chain,
                    new DnsAnswer.Found<>(records, new DnsName(chain.name()), chain.ttl(ttl), chain.security())
                            .withAliases(listed(chain)));
        }
        Optional<Long> negative = negativeTtl(message);
        Duration kept = negative.isPresent() ? chain.ttl(negative.get()) : Duration.ZERO;
        if (message.code() == NXDOMAIN) {
            return answer(chain, noSuchName(chain, kept));
        } else if (any || negative.isPresent()) {
            return answer(chain, noData(chain, kept));
        } else if (!message.answers().isEmpty()) {
            return new Step<>(chain, Optional.empty());
        } else if (message.authority().stream().anyMatch(record -> record.type() == NS)) {
            throw new TemporaryFailure(Cause.LAME, "a referral");
        }
        return answer(chain, noData(chain, Duration.ZERO));
    }

    private <R> DnsAnswer<R> noData(Chain chain, Duration ttl) {
        return new DnsAnswer.NoData<R>(ttl, chain.security()).withAliases(listed(chain));
    }

    <R> DnsAnswer<R> noSuchName(Chain chain, Duration ttl) {
        return new DnsAnswer.NoSuchName<R>(ttl, chain.security()).withAliases(listed(chain));
    }

    static <R> Step<R> answer(Chain chain, DnsAnswer<R> answer) {
        return new Step<>(chain, Optional.of(answer));
    }

    boolean isWanted(Resource record, Chain chain) {
        return record.owner().equals(chain.name());
    }

    /** RFC 2308 §5: the smaller of the SOA's own TTL and its last field. */
    private static Optional<Long> negativeTtl(StubMessage message) {
        return message.authority().stream()
                .filter(record -> record.type() == StubMessage.SOA)
                .map(record -> {
                    ByteBuffer data = message.dataOf(record);
                    return Math.min(record.ttl(), data.getInt(data.limit() - 4) & 0xffffffffL);
                })
                .findFirst();
    }

    /** Decodes a record; returns empty if it is not relevant. */
    Optional<Object> read(int type, ByteBuffer data) {
        return switch (type) {
            case 1 -> Optional.of(IpAddress.of(Family.IPV4, rest(data)));
            case 5, 12 -> Optional.of(new DnsName(StubMessage.name(data)));
            case 15 -> Optional.of(new MxRecord(StubMessage.u16(data), new DnsName(StubMessage.name(data))));
            case 16 -> Optional.of(text(data));
            case 28 -> Optional.of(IpAddress.of(Family.IPV6, rest(data)));
            case 38 -> data.get() == 0 ? Optional.of(IpAddress.of(Family.IPV6, rest(data))) : Optional.empty();
            case 52 ->
                Optional.of(new TlsaRecord(
                        data.get() & 0xff,
                        data.get() & 0xff,
                        data.get() & 0xff,
                        HexFormat.of().formatHex(rest(data))));
            default -> throw new IllegalArgumentException("type " + type);
        };
    }

    String text(ByteBuffer data) {
        StringBuilder text = new StringBuilder();
        while (data.hasRemaining()) {
            text.append(string(data));
        }
        return text.toString();
    }

    static String string(ByteBuffer data) {
        byte[] octets = new byte[data.get() & 0xff];
        data.get(octets);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    private static byte[] rest(ByteBuffer data) {
        byte[] octets = new byte[data.remaining()];
        data.get(octets);
        return octets;
    }

    final boolean isClosed() {
        return exchange.isClosed();
    }

    @Override
    public void close() {
        exchange.close();
    }
}
