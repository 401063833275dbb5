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
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.provider.internal.tls.TlsLadder;
import org.postroad.provider.internal.tls.TlsLadder.Decision;

/**
 * Finds out what a destination publishes about TLS. Looks it up once for each address, just before contact, because the addresses of a host
 * need not all be DNSSEC-secure. Belongs to one delivery; used by one thread.
 */
final class TlsPolicyLookup {

    private final Domain domain;
    private final TlsPreferences policy;
    private final DaneInquiry dane;
    private final Consumer<TlsPreferences.StsLookup> stsListener;
    private final Deadline deadline;
    private final Map<RemoteMta, TlsLadder.HostDecision> rulings = new HashMap<>();
    private final Map<HostName, PublishedTlsPolicies.PublishedSts> policies = new HashMap<>();
    private Optional<PublishedTlsPolicies.PublishedSts> noPolicy = Optional.empty();
    private boolean prepared;

    /**
     * @param dns sends each question only once
     * @param stsListener receives the MTA-STS result for each host looked up
     */
    TlsPolicyLookup(
            Domain domain,
            TlsPreferences policy,
            DaneInquiry.TlsQuestions dns,
            Consumer<TlsPreferences.StsLookup> stsListener,
            Deadline deadline) {
        this.domain = domain;
        this.policy = policy;
        this.dane = new DaneInquiry(dns);
        this.stsListener = stsListener;
        this.deadline = deadline;
    }

    /** Starts the MTA-STS lookup of the domain in the background, while the addresses of the mail exchangers are looked up. */
    void prepare(Executor helpers) {
        if (observesPolicies() && policy.sts() != TlsPreferences.StsSource.NONE && !prepared) {
            prepared = true;
            // Errors are ignored: they occur again when the answer is needed.
            helpers.execute(new FutureTask<>(() -> {
                policy.sts().prepare(domain, deadline);
                return true;
            }));
        }
    }

    /**
     * Decides how to contact the host at this address.
     *
     * @param listed the DNS answers that contain the address
     * @param known all DNS answers so far
     */
    Decision decide(RemoteMta remote, List<DnsAnswer.Found<IpAddress>> listed, List<Lookup<?>> known)
            throws InterruptedException {
        boolean published = remote.role() == RemoteMta.Role.MAIL_EXCHANGER && observesPolicies();
        // There is no published TLS policy for a configured next hop or an address literal.
        if (!published
                || !(remote.host() instanceof HostName host)
                || !(domain.host() instanceof HostName recipientDomain)) {
            return TlsLadder.decideWithoutPolicies(policy.startTls(), policy.demand());
        }
        TlsLadder.HostDecision before = rulings.get(remote);
        if (before != null) {
            return before.decision();
        }
        Optional<DnsAnswer<?>> mx = mx(known);
        PublishedTlsPolicies.PublishedDane records = policy.dane()
                ? dane.ask(new DaneInquiry.TlsaTarget(host, remote.port(), listed, nextHopNames(host, mx, listed)))
                : PublishedTlsPolicies.PublishedDane.ABSENT;
        // A host that is skipped for now needs no MTA-STS lookup.
        PublishedTlsPolicies.PublishedSts sts = records instanceof PublishedTlsPolicies.PublishedDane.TlsaLookupFailed
                ? PublishedTlsPolicies.PublishedSts.ABSENT
                : sts(host);
        PublishedTlsPolicies said = new PublishedTlsPolicies(records, sts, isProved(host, mx));
        TlsLadder.HostDecision ruling = TlsLadder.decide(said, policy.startTls(), policy.demand(), recipientDomain);
        rulings.put(remote, ruling);
        return ruling.decision();
    }

    private PublishedTlsPolicies.PublishedSts sts(HostName host) throws InterruptedException {
        PublishedTlsPolicies.PublishedSts before = policies.get(host);
        if (before != null) {
            return before;
        }
        if (noPolicy.isPresent()) {
            return noPolicy.get();
        }
        TlsPreferences.StsLookup lookup = policy.sts().lookUp(domain, host, deadline);
        stsListener.accept(lookup);
        policies.put(host, lookup.sts());
        if (lookup.sts() instanceof PublishedTlsPolicies.PublishedSts.NoPolicy
                || lookup.sts() instanceof PublishedTlsPolicies.PublishedSts.PolicyUnavailable) {
            // Applies to all hosts; another lookup would cost another share of the time (TLS-11).
            noPolicy = Optional.of(lookup.sts());
        }
        return lookup.sts();
    }

    /** Returns whether published policies are observed at all. */
    private boolean observesPolicies() {
        return TlsLadder.observesPolicies(policy.startTls(), policy.demand());
    }

    /**
     * Returns the reportable TLS result of a session at an address decided before; empty if published policies do not apply.
     *
     * @param source the local address
     * @param failure of the session
     */
    Optional<TlsResult> result(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure) {
        TlsLadder.HostDecision ruling = rulings.get(remote);
        return ruling == null
                ? Optional.empty()
                : ruling.policy()
                        .map(reported ->
                                new TlsResult(reported, remote, Optional.of(source), failure.or(ruling::flaw)));
    }

    /** Returns the reportable TLS result of an address that was not contacted; empty if the policy has no failure to report. */
    Optional<TlsResult> resultWithoutSession(RemoteMta remote) {
        TlsLadder.HostDecision ruling = rulings.get(remote);
        return ruling == null || ruling.flaw().isEmpty()
                ? Optional.empty()
                : ruling.policy().map(reported -> new TlsResult(reported, remote, Optional.empty(), ruling.flaw()));
    }

    /**
     * TLS-13: returns whether DNS proves that the host belongs to the domain. Either the host is the domain itself, whose name its
     * certificate or TLSA records must match, or DNSSEC proved the MX records.
     */
    private boolean isProved(HostName host, Optional<DnsAnswer<?>> mx) {
        return domain.host().equals(host)
                || mx.filter(answer -> answer instanceof DnsAnswer.Found<?> found && isSecure(found))
                        .isPresent();
    }

    /**
     * RFC 7672 §3.2.2: returns the domain and the end of its alias chain, if DNSSEC proved that the host is its mail exchanger. A domain
     * without MX records is its own mail exchanger.
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
        chains.stream().filter(TlsPolicyLookup::isSecure).forEach(chain -> {
            domain.host().name().ifPresent(names::add);
            chain.canonicalName().hostName().ifPresent(names::add);
        });
        return names;
    }

    private static boolean isSecure(DnsAnswer.Found<?> found) {
        return found.security() == Security.SECURE;
    }

    /** Returns the answer to the question for the domain's MX records. */
    private Optional<DnsAnswer<?>> mx(List<Lookup<?>> known) {
        for (Lookup<?> lookup : known) {
            if (lookup.type().equals(RecordType.MX) && domain.host().equals(lookup.name())) {
                return Optional.of(lookup.answer());
            }
        }
        return Optional.empty();
    }
}
