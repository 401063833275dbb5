// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;
import org.postroad.provider.internal.tls.DaneRecords;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedDane;

/**
 * Looks up the TLSA records for one address of a mail exchanger (TLS-06, RFC 7672 §2.2). The names queried (TLSA base domains) are
 *
 * <ol>
 *   <li>if the address is secure: the end of the host's alias chain, then the host;
 *   <li>if the address is not secure, but the host is an alias and that alias is secure: the host. The security of the address answer is
 *       that of the whole chain, so the CNAME is queried separately, unless the answer contains the security of that alias;
 *   <li>otherwise none: in an unsigned zone nothing is queried, because some name servers there fail on unknown types.
 * </ol>
 *
 * <p>The first name that has secure records decides. Used by one thread.
 */
final class DaneInquiry {

    private final TlsQuestions dns;

    /** @param dns sends each question only once and returns the first answer afterwards */
    DaneInquiry(TlsQuestions dns) {
        this.dns = dns;
    }

    /** Queries DNS and adds the lookup to the report. */
    @FunctionalInterface
    interface TlsQuestions {
        <R> Lookup<R> ask(HostName name, RecordType<R> type) throws InterruptedException;
    }

    /**
     * The address to look up.
     *
     * @param host the mail exchanger
     * @param listed the DNS answers that contain the address
     * @param nextHop names of the recipient domain that the host's certificate may carry (RFC 7672 §3.2.2)
     */
    record TlsaTarget(HostName host, int port, List<DnsAnswer.Found<IpAddress>> listed, Set<HostName> nextHop) {

        private boolean isSecure() {
            return listed.stream().anyMatch(DaneInquiry::isSecure);
        }

        private boolean isAlias() {
            DnsName own = new DnsName(host.text());
            return listed.stream().anyMatch(found -> !found.canonicalName().equals(own));
        }

        /**
         * Returns the security of the host's own alias, the first of the chain, if the answers with the address contain it;
         * {@link Security#UNKNOWN} if the CNAME must be queried.
         */
        private Security ofAlias() {
            Set<Security> each = listed.stream()
                    .map(found -> found.aliases().stream()
                            .findFirst()
                            .map(DnsAnswer.Alias::security)
                            .orElse(Security.UNKNOWN))
                    .collect(Collectors.toSet());
            if (each.contains(Security.SECURE)) {
                return Security.SECURE;
            }
            return each.equals(Set.of(Security.INSECURE)) ? Security.INSECURE : Security.UNKNOWN;
        }

        private Set<HostName> ends() {
            Set<HostName> ends = new LinkedHashSet<>();
            listed.stream()
                    .filter(DaneInquiry::isSecure)
                    .forEach(found -> found.canonicalName().hostName().ifPresent(ends::add));
            return ends;
        }
    }

    private static boolean isSecure(DnsAnswer.Found<?> found) {
        return found.security() == Security.SECURE;
    }

    PublishedDane ask(TlsaTarget subject) throws InterruptedException {
        Set<HostName> bases = subject.ends();
        if (!subject.isSecure()) {
            Security ofAlias = subject.isAlias() ? subject.ofAlias() : Security.INSECURE;
            if (ofAlias == Security.UNKNOWN) {
                Lookup<DnsName> alias = dns.ask(subject.host(), RecordType.CNAME);
                if (alias.answer() instanceof DnsAnswer.Failed<DnsName> failed) {
                    return new PublishedDane.TlsaLookupFailed(
                            policy(subject.host(), List.of()),
                            "they may be at a secure alias, CNAME of " + subject.host() + ": " + failed.reason());
                }
                ofAlias =
                        alias.answer() instanceof DnsAnswer.Found<DnsName> found ? found.security() : Security.INSECURE;
            }
            if (ofAlias != Security.SECURE) {
                return PublishedDane.ABSENT;
            }
        }
        bases.add(subject.host());
        String labels = "_" + subject.port() + "._tcp";
        for (HostName base : bases) {
            if (!base.hasRoomFor(labels)) {
                continue;
            }
            PublishedDane published =
                    read(base, dns.ask(base.prefixedWith(labels), RecordType.TLSA), subject.nextHop());
            if (!(published instanceof PublishedDane.NoTlsa)) {
                return published;
            }
        }
        return PublishedDane.ABSENT;
    }

    private static PublishedDane read(HostName base, Lookup<TlsaRecord> lookup, Set<HostName> nextHop) {
        return lookup.answer()
                .fold(
                        found -> isSecure(found) ? usable(base, found.records(), nextHop) : PublishedDane.ABSENT,
                        noData -> PublishedDane.ABSENT,
                        noSuchName -> PublishedDane.ABSENT,
                        failed -> new PublishedDane.TlsaLookupFailed(policy(base, List.of()), failed.reason()));
    }

    private static PublishedDane usable(HostName base, List<TlsaRecord> records, Set<HostName> nextHop) {
        TlsResult.Policy all = policy(base, records);
        Set<TlsaRecord> usable = DaneRecords.usable(records);
        if (usable.isEmpty()) {
            return new PublishedTlsPolicies.PublishedDane.Unusable(all);
        }
        Set<HostName> names = new HashSet<>(nextHop);
        names.add(base);
        return new PublishedTlsPolicies.PublishedDane.Usable(usable, names, all);
    }

    private static TlsResult.Policy policy(HostName base, Collection<TlsaRecord> records) {
        List<String> lines = records.stream().map(TlsaRecord::toString).sorted().toList(); // a record set is unordered
        return new TlsResult.Policy(TlsResult.Type.TLSA, base, lines, List.of());
    }
}
