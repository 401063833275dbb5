// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsAnswer.Failed;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.spi.MailDns;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * The built-in DNS client: a stub resolver with dnsjava as its codec. It does not cache; {@link CachingMailDns} does.
 *
 * <p>A query takes as many messages as its alias chain requires. Each message is sent to the servers in turn.
 */
public final class DnsjavaMailDns implements MailDns {

    private final DnsSettings settings;
    private final DnsExchange exchange = new DnsExchange();
    private final Nameservers nameservers;
    private final Upstream upstream;

    /** @throws LinkageError if dnsjava or one of its dependencies is missing: it is thrown here, not by the first query */
    public DnsjavaMailDns(DnsSettings settings) {
        this(settings, Deadline.MONOTONIC, new SecureRandom());
        // initialises the classes that a query needs
        Message.newQuery(Record.newRecord(Name.root, Type.MX, DClass.IN));
    }

    /**
     * @param clock determines when to check resolv.conf again, and how long a silent server is queried last
     * @param random creates the ids of queries; must not be predictable (RFC 5452 §4.3)
     */
    DnsjavaMailDns(DnsSettings settings, InstantSource clock, RandomGenerator random) {
        this.settings = settings;
        ServerList.ServerListSource servers = settings.servers().isEmpty()
                ? new ResolvConf(settings.resolvConf(), clock)
                : () -> new ServerList(settings.servers(), "");
        this.nameservers = new Nameservers(settings, servers, exchange, clock, random);
        this.upstream = settings.anchors()
                .<Upstream>map(anchors -> new Validation(nameservers, anchors, clock, Clock.systemUTC()))
                .orElse(nameservers);
    }

    /** Returns who validates DNSSEC, as known now, without a query. */
    public ValidationState validationState() {
        return nameservers.validationState(settings.anchors().isPresent());
    }

    @Override
    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        if (!Records.canRead(type)) {
            return new Failed<>(Cause.CONTRACT, "records of type " + type + " cannot be read");
        }
        if (deadline.hasPassed()) {
            return new Failed<>(Cause.TIMEOUT, "the deadline passed before DNS was queried");
        }
        Deadline total = deadline.atMost(settings.timeout());
        Chain chain = Chain.from(absolute(name));
        List<DnsAnswer.Alias> aliases = new ArrayList<>();
        boolean secure = true;
        while (true) {
            Upstream.Response response = upstream.ask(chain, type.code(), total);
            if (response.reading() instanceof ParsedAnswer.Failed useless) {
                return new Failed<>(useless.cause(), useless.detail());
            }
            ParsedAnswer.WithChain reading = (ParsedAnswer.WithChain) response.reading();
            chain = reading.chain();
            addAliases(aliases, chain, response.secure());
            secure &= response.secure();
            if (!(reading instanceof ParsedAnswer.Alias)) {
                return toAnswer(reading, type, secure ? Security.SECURE : Security.INSECURE, aliases);
            }
        }
    }

    /**
     * Adds the aliases that one message added to the chain. A message that is authentic proves each of them; one that is not does not tell
     * which of its record sets is not.
     */
    private static void addAliases(List<DnsAnswer.Alias> aliases, Chain chain, boolean authentic) {
        for (int i = aliases.size(); i < chain.aliases().size(); i++) {
            aliases.add(new DnsAnswer.Alias(
                    Records.name(chain.aliases().get(i)),
                    Records.name(chain.target(i)),
                    authentic ? Security.SECURE : Security.UNKNOWN));
        }
    }

    /** Ends all queries in flight immediately. */
    @Override
    public void close() {
        exchange.close();
    }

    /** LOOKUP-01: with the root as the origin, no search path can ever apply. */
    static Name absolute(HostName name) {
        try {
            return Name.fromString(name.text(), Name.root);
        } catch (TextParseException e) {
            throw new IllegalStateException("The host name " + name + " is not a DNS name", e);
        }
    }

    static <R> DnsAnswer<R> toAnswer(
            ParsedAnswer.WithChain reading, RecordType<R> type, Security security, List<DnsAnswer.Alias> aliases) {
        Duration ttl = reading.chain().ttl();
        if (reading instanceof ParsedAnswer.NoSuchName) {
            return new DnsAnswer.NoSuchName<R>(ttl, security).withAliases(aliases);
        }
        List<R> records = reading instanceof ParsedAnswer.Data found
                ? found.records().stream()
                        .map(record -> Records.read(type, record))
                        .flatMap(Optional::stream)
                        .toList()
                : List.of();
        return records.isEmpty()
                ? new DnsAnswer.NoData<R>(ttl, security).withAliases(aliases)
                : new DnsAnswer.Found<>(records, Records.name(reading.chain().name()), ttl, security)
                        .withAliases(aliases);
    }
}
