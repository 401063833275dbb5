// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
import org.postroad.provider.internal.tls.Published;
import org.postroad.provider.internal.tls.Reported;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsLadder;
import org.postroad.provider.internal.tls.TlsLadder.Decision;

/**
 * Finds out what a destination publishes about TLS, once for each address, when it is about to be contacted: the addresses of a host need not
 * all be secure. Used by one delivery, by one thread.
 */
final class TlsInquiry {

    private final Domain domain;
    private final TlsPolicy policy;
    private final DaneInquiry dane;
    private final Consumer<TlsPolicy.Said> policyLog;
    private final Deadline deadline;
    private final Map<RemoteMta, Inquired> inquired = new HashMap<>();
    private final Map<HostName, Published.Sts> policies = new HashMap<>();
    private Optional<Published.Sts> noPolicy = Optional.empty();
    private boolean prepared;

    /** What follows for one address, and what reports say of it; nobody reports to an address. */
    private record Inquired(Decision decision, Optional<Reported> reported) {}

    /** Asks DNS, and has it in the report. */
    @FunctionalInterface
    interface Questions {
        <R> Lookup<R> ask(HostName name, RecordType<R> type) throws InterruptedException;
    }

    /**
     * @param dns asks each question once
     * @param policyLog receives what MTA-STS says, for each host that it is asked about
     */
    TlsInquiry(Domain domain, TlsPolicy policy, Questions dns, Consumer<TlsPolicy.Said> policyLog, Deadline deadline) {
        this.domain = domain;
        this.policy = policy;
        this.dane = new DaneInquiry(dns);
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
     * How the host is to be contacted at that address.
     *
     * @param listed the answers in which the address is
     * @param known what DNS said so far
     */
    Decision decide(RemoteMta remote, List<DnsAnswer.Found<IpAddress>> listed, List<Lookup<?>> known)
            throws InterruptedException {
        boolean published = remote.role() == RemoteMta.Role.MAIL_EXCHANGER && isHeeded();
        // A next hop of our own configuration, or an address, is nobody's to publish about.
        if (!published || !(remote.host() instanceof HostName host)) {
            return TlsLadder.decide(Published.NOTHING, policy.startTls(), policy.demand());
        }
        Inquired before = inquired.get(remote);
        if (before != null) {
            return before.decision();
        }
        Optional<DnsAnswer<?>> mx = mx(known);
        Published.Dane records = policy.dane()
                ? dane.ask(new DaneInquiry.Subject(host, remote.port(), listed, nextHopNames(host, mx, listed)))
                : Published.Dane.ABSENT;
        // Who is not contacted for now need not be asked about further.
        Published.Sts sts = records instanceof Published.Dane.Failed ? Published.Sts.ABSENT : sts(host);
        Published said = new Published(records, sts, isProved(host, mx));
        Decision decision = TlsLadder.decide(said, policy.startTls(), policy.demand());
        inquired.put(remote, new Inquired(decision, domain.host().name().map(name -> Reported.of(said, name))));
        return decision;
    }

    private Published.Sts sts(HostName host) throws InterruptedException {
        Published.Sts before = policies.get(host);
        if (before != null) {
            return before;
        }
        if (noPolicy.isPresent()) {
            return noPolicy.get();
        }
        TlsPolicy.Said said = policy.sts().say(domain, host, deadline);
        policyLog.accept(said);
        policies.put(host, said.sts());
        if (said.sts() instanceof Published.Sts.Absent || said.sts() instanceof Published.Sts.Unavailable) {
            noPolicy =
                    Optional.of(said.sts()); // of no host: to ask again would take another share of the time (TLS-11)
        }
        return said.sts();
    }

    /** Whether anything that is published counts. */
    private boolean isHeeded() {
        return policy.startTls() != StartTls.DISABLED && policy.demand() != TlsDemand.WAIVED;
    }

    /**
     * What a session at an address that was decided about counts as; empty where nothing that is published counts.
     *
     * @param source our end; empty: there was no session
     * @param failure of the session
     */
    Optional<TlsResult> result(RemoteMta remote, Optional<IpAddress> source, Optional<TlsFailure> failure) {
        return Optional.ofNullable(inquired.get(remote))
                .flatMap(Inquired::reported)
                .map(reported -> new TlsResult(reported.policy(), remote, source, failure.or(reported::flaw)))
                // Where there was no session, and not for what is published: there is nothing to tell.
                .filter(result ->
                        result.source().isPresent() || result.failure().isPresent());
    }

    /**
     * TLS-13: whether the host is proved to be the domain's, as far as DNS is concerned. It is the domain itself, whose name its certificate
     * or its TLSA records have to have, or DNSSEC proved the MX records.
     */
    private boolean isProved(HostName host, Optional<DnsAnswer<?>> mx) {
        return domain.host().equals(host)
                || mx.filter(answer -> answer instanceof DnsAnswer.Found<?> found && isSecure(found))
                        .isPresent();
    }

    /**
     * RFC 7672 §3.2.2: the domain, and the end of its chain of aliases, where DNSSEC proved that the host is its mail exchanger. A domain without
     * MX records is its own.
     */
    private Set<HostName> nextHopNames(
            HostName host, Optional<DnsAnswer<?>> mx, List<DnsAnswer.Found<IpAddress>> listed) {
        Set<HostName> names = new HashSet<>();
        List<DnsAnswer.Found<?>> chains = new ArrayList<>(listed);
        if (!domain.host().equals(host)) {
            chains.clear();
            mx.filter(DnsAnswer.Found.class::isInstance)
                    .map(DnsAnswer.Found.class::cast)
                    .ifPresent(chains::add);
        }
        chains.stream().filter(TlsInquiry::isSecure).forEach(chain -> {
            domain.host().name().ifPresent(names::add);
            chain.canonicalName().hostName().ifPresent(names::add);
        });
        return names;
    }

    private static boolean isSecure(DnsAnswer.Found<?> found) {
        return found.security() == Security.SECURE;
    }

    /** What DNS said when it was asked for the domain's MX records. */
    private Optional<DnsAnswer<?>> mx(List<Lookup<?>> known) {
        for (Lookup<?> lookup : known) {
            if (lookup.type().equals(RecordType.MX) && domain.host().equals(lookup.name())) {
                return Optional.of(lookup.answer());
            }
        }
        return Optional.empty();
    }
}
