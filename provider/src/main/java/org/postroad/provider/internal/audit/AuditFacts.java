// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.AuditHost;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditScenario;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Lookup;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;

/**
 * What an audit knows about a domain. The rules only read it: they contact no server.
 *
 * @param domain a domain name
 * @param options what was wanted
 * @param lookups the answers of the configured resolver
 * @param hosts the hosts with what their addresses answered
 * @param scenarios the scenarios
 * @param authority what the authoritative servers answered
 * @param ownSender this host as a sender of the site; empty if it is not one
 */
public record AuditFacts(
        Domain domain,
        AuditOptions options,
        List<Lookup<?>> lookups,
        List<AuditHost> hosts,
        List<AuditScenario> scenarios,
        AuthorityFacts authority,
        Optional<OwnSender> ownSender) {

    public AuditFacts {
        lookups = List.copyOf(lookups);
        hosts = List.copyOf(hosts);
        scenarios = List.copyOf(scenarios);
    }

    /**
     * What the authoritative servers answered.
     *
     * @param notChecked why none was asked; empty if some were
     * @param isTemporary whether that is a temporary failure
     * @param answers the answers of each server
     */
    public record AuthorityFacts(Optional<String> notChecked, boolean isTemporary, List<AuthorityAnswer> answers) {
        public AuthorityFacts {
            answers = List.copyOf(answers);
        }

        /** Returns that no server was asked. */
        public static AuthorityFacts notChecked(String why) {
            return new AuthorityFacts(Optional.of(why), false, List.of());
        }

        static AuthorityFacts failed(String why) {
            return new AuthorityFacts(Optional.of(why), true, List.of());
        }
    }

    /**
     * One answer of an authoritative server.
     *
     * @param server name and address of the server, human-readable
     * @param lookup question and answer
     */
    public record AuthorityAnswer(String server, Lookup<?> lookup) {}

    /**
     * How this host reaches each family.
     *
     * @param families the families in which it reaches the Internet, at least one
     * @param nat64 whether it reaches IPv4 through NAT64
     * @param nat64Failure why it is unknown whether there is a NAT64
     * @param relays the relays for the other family
     * @param selectorFailure why the relay selector has no result
     */
    public record OwnSender(
            Set<Family> families,
            boolean nat64,
            Optional<String> nat64Failure,
            List<Relay> relays,
            Optional<String> selectorFailure) {
        public OwnSender {
            families = Set.copyOf(families);
            relays = List.copyOf(relays);
        }
    }

    /** Returns the answer to the question for the MX records; a failure if it was not asked. */
    DnsAnswer<MxRecord> mx() {
        return answer((HostName) domain.host(), RecordType.MX)
                .orElseGet(() -> new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "it was not looked up"));
    }

    @SuppressWarnings("unchecked") // a lookup has the type of its answer
    <R> Optional<DnsAnswer<R>> answer(HostName name, RecordType<R> type) {
        return lookups.stream()
                .filter(lookup -> lookup.name().equals(name) && lookup.type().equals(type))
                .findFirst()
                .map(lookup -> (DnsAnswer<R>) lookup.answer());
    }

    /** Returns the lookups of addresses of this family that failed temporarily. */
    List<Lookup<?>> failedLookups(Family family) {
        return lookups.stream()
                .filter(lookup -> lookup.type().equals(RecordType.ofAddresses(family))
                        && lookup.answer().failure().isPresent())
                .toList();
    }

    /** Returns the hosts that some sender can use. */
    List<AuditHost> usableHosts() {
        return hosts.stream().filter(host -> host.unusable().isEmpty()).toList();
    }

    /** Returns whether the domain states that it accepts no mail (RFC 7505). */
    boolean hasNullMx() {
        List<MxRecord> records = mx().recordsOrNone();
        return records.size() == 1 && records.get(0).isNull();
    }

    /** Returns the largest preference value of an MX record; 0 if there is none. */
    int largestPreference() {
        return mx().recordsOrNone().stream()
                .mapToInt(MxRecord::preference)
                .max()
                .orElse(0);
    }
}
