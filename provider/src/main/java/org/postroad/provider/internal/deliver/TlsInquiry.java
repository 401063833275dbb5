// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Security;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;
import org.postroad.provider.internal.tls.DaneRecords;
import org.postroad.provider.internal.tls.Published;
import org.postroad.provider.internal.tls.Reported;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsLadder;
import org.postroad.provider.internal.tls.TlsLadder.Decision;

/**
 * Finds out what a destination publishes about TLS, once for each of its hosts, when it is about to be contacted. Used by one
 * delivery, by one thread.
 */
final class TlsInquiry {

    private final Domain domain;
    private final TlsPolicy policy;
    private final Questions dns;
    private final Consumer<TlsPolicy.Said> policyLog;
    private final Deadline deadline;
    private final Map<HostName, Inquired> inquired = new HashMap<>();
    private boolean prepared;

    /** What follows for one host, and what reports say of it; nobody reports to an address. */
    private record Inquired(Decision decision, Optional<Reported> reported) {}

    /** Asks DNS, and has it in the report. */
    @FunctionalInterface
    interface Questions {
        <R> Lookup<R> ask(HostName name, RecordType<R> type) throws InterruptedException;
    }

    /** @param policyLog receives what MTA-STS says, for each host that it is asked about */
    TlsInquiry(Domain domain, TlsPolicy policy, Questions dns, Consumer<TlsPolicy.Said> policyLog, Deadline deadline) {
        this.domain = domain;
        this.policy = policy;
        this.dns = dns;
        this.policyLog = policyLog;
        this.deadline = deadline;
    }

    /** While DNS is asked for the addresses of mail exchangers: has it asked for what decides about TLS for all of them, too. */
    void prepare(Executor helpers) {
        if (isHeeded() && policy.sts() != TlsPolicy.StsSource.NONE && !prepared) {
            prepared = true;
            // Whatever comes of it comes of it again when it is needed.
            helpers.execute(new FutureTask<>(() -> {
                policy.sts().prepare(domain, deadline);
                return true;
            }));
        }
    }

    /**
     * How the host is to be contacted.
     *
     * @param remotes addresses of one host
     * @param known what DNS said so far
     */
    Decision decide(List<RemoteMta> remotes, List<Lookup<?>> known) throws InterruptedException {
        RemoteMta remote = remotes.get(0);
        boolean published = remote.role() == RemoteMta.Role.MAIL_EXCHANGER && isHeeded();
        // A next hop of our own configuration, or an address, is nobody's to publish about.
        if (!published || !(remote.host() instanceof HostName host)) {
            return TlsLadder.decide(Published.NOTHING, policy.startTls(), policy.demand());
        }
        Inquired before = inquired.get(host);
        if (before != null) {
            return before.decision();
        }
        boolean authentic = isAuthentic(known);
        Published.Dane dane = policy.dane() ? dane(host, remote.port(), authentic, known) : Published.Dane.ABSENT;
        // Who is not contacted for now need not be asked about further.
        Published.Sts sts = dane instanceof Published.Dane.Failed ? Published.Sts.ABSENT : sts(host);
        Published said = new Published(dane, sts, authentic);
        Decision decision = TlsLadder.decide(said, policy.startTls(), policy.demand());
        inquired.put(host, new Inquired(decision, domain.host().name().map(name -> Reported.of(said, name))));
        return decision;
    }

    private Published.Sts sts(HostName host) throws InterruptedException {
        TlsPolicy.Said said = policy.sts().say(domain, host, deadline);
        policyLog.accept(said);
        return said.sts();
    }

    /** Whether anything that is published counts. */
    private boolean isHeeded() {
        return policy.startTls() != StartTls.DISABLED && policy.demand() != TlsDemand.WAIVED;
    }

    /**
     * What a session with a host that was decided about counts as; empty where nothing that is published counts.
     *
     * @param source our end; empty: there was no session
     * @param failure of the session
     */
    Optional<TlsResult> result(RemoteMta remote, Optional<IpAddress> source, Optional<TlsFailure> failure) {
        return remote.host()
                .name()
                .filter(host -> remote.role() == RemoteMta.Role.MAIL_EXCHANGER)
                .flatMap(host -> Optional.ofNullable(inquired.get(host)))
                .flatMap(Inquired::reported)
                .map(reported -> new TlsResult(reported.policy(), remote, source, failure.or(reported::flaw)))
                // Where there was no session, and not for what is published: there is nothing to tell.
                .filter(result ->
                        result.source().isPresent() || result.failure().isPresent());
    }

    /** Whether DNSSEC proved where the domain wants its mail: by its MX records, or that there are none. */
    private boolean isAuthentic(List<Lookup<?>> known) {
        return known.stream()
                .filter(lookup -> lookup.type().equals(RecordType.MX)
                        && Optional.of(lookup.name()).equals(domain.host().name()))
                .anyMatch(lookup -> security(lookup.answer()).equals(Optional.of(Security.SECURE)));
    }

    /** RFC 7672 §2.2: only where the addresses are secure, at the end of the host's aliases first. */
    private Published.Dane dane(HostName host, int port, boolean authentic, List<Lookup<?>> known)
            throws InterruptedException {
        List<DnsAnswer.Found<?>> addresses = new ArrayList<>();
        for (Lookup<?> lookup : known) {
            if (lookup.name().equals(host)
                    && isAddress(lookup.type())
                    && lookup.answer() instanceof DnsAnswer.Found<?> found) {
                addresses.add(found);
            }
        }
        if (addresses.isEmpty() || addresses.stream().anyMatch(found -> found.security() != Security.SECURE)) {
            return Published.Dane.ABSENT;
        }
        Set<HostName> bases = new LinkedHashSet<>();
        addresses.forEach(found -> found.canonicalName().hostName().ifPresent(bases::add));
        bases.add(host);
        Set<HostName> names = new HashSet<>(bases);
        domain.host().name().filter(name -> authentic).ifPresent(names::add);
        String labels = "_" + port + "._tcp";
        for (HostName base : bases) {
            if (!base.hasRoomFor(labels)) {
                continue;
            }
            Published.Dane said = read(base, dns.ask(base.prefixedWith(labels), RecordType.TLSA), names);
            if (!(said instanceof Published.Dane.Absent)) {
                return said;
            }
        }
        return Published.Dane.ABSENT;
    }

    private static boolean isAddress(RecordType<?> type) {
        return type.equals(RecordType.A) || type.equals(RecordType.AAAA);
    }

    private static Published.Dane read(HostName base, Lookup<TlsaRecord> lookup, Set<HostName> names) {
        return lookup.answer()
                .fold(
                        found -> {
                            if (found.security() != Security.SECURE) {
                                return Published.Dane.ABSENT;
                            }
                            TlsResult.Policy all = policy(base, found.records());
                            Set<TlsaRecord> usable = DaneRecords.usable(found.records());
                            return usable.isEmpty()
                                    ? new Published.Dane.Unusable(all)
                                    : new Published.Dane.Usable(usable, names, all);
                        },
                        noData -> Published.Dane.ABSENT,
                        noSuchName -> Published.Dane.ABSENT,
                        failed -> new Published.Dane.Failed(policy(base, List.of()), failed.reason()));
    }

    private static TlsResult.Policy policy(HostName base, Collection<TlsaRecord> records) {
        List<String> lines = records.stream().map(TlsaRecord::toString).sorted().toList(); // records have no order
        return new TlsResult.Policy(TlsResult.Type.TLSA, base, lines, List.of());
    }

    private static Optional<Security> security(DnsAnswer<?> answer) {
        if (answer instanceof DnsAnswer.Found<?> found) {
            return Optional.of(found.security());
        } else if (answer instanceof DnsAnswer.NoData<?> noData) {
            return Optional.of(noData.security());
        }
        return Optional.empty();
    }
}
