// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;

/**
 * The delivery to one recipient domain, from the first DNS lookup to the last verdict.
 *
 * @param domain the recipient domain
 * @param lookups the DNS lookups, in the order of the queries
 * @param refusedAddresses addresses that were not used because of their kind (ADDR-05)
 * @param attempts every contact, in order
 * @param recipients one report for each recipient of the domain, in the order of the envelope
 * @param mtaSts the MTA-STS result; empty if MTA-STS was not checked
 */
public record DomainReport(
        Domain domain,
        List<Lookup<?>> lookups,
        List<RefusedAddress> refusedAddresses,
        List<Attempt> attempts,
        List<RecipientReport> recipients,
        Optional<MtaStsResult> mtaSts) {

    public DomainReport {
        lookups = List.copyOf(lookups);
        refusedAddresses = List.copyOf(refusedAddresses);
        attempts = List.copyOf(attempts);
        recipients = List.copyOf(recipients);
    }

    /** Creates a report for a delivery that did not check MTA-STS. */
    public DomainReport(
            Domain domain,
            List<Lookup<?>> lookups,
            List<RefusedAddress> refusedAddresses,
            List<Attempt> attempts,
            List<RecipientReport> recipients) {
        this(domain, lookups, refusedAddresses, attempts, recipients, Optional.empty());
    }

    /** Creates a report on a domain for which no DNS lookup was made and no server was contacted. */
    public static DomainReport withoutContact(Domain domain, List<RecipientReport> recipients) {
        return new DomainReport(domain, List.of(), List.of(), List.of(), recipients);
    }

    /** Returns a copy of this report with the same lookups and contacts, but other recipient reports. */
    public DomainReport with(List<RecipientReport> others) {
        return new DomainReport(domain, lookups, refusedAddresses, attempts, others, mtaSts);
    }

    /**
     * Returns several human-readable lines. Each recipient has lines of its own, so that it can be shown without the others.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(domain.toString());
        lookups.forEach(lookup -> text.append("\n  dns      ").append(lookup));
        mtaSts.filter(result -> result.kind() != MtaStsResult.Kind.NONE)
                .ifPresent(result -> text.append("\n  mta-sts  ").append(result));
        refusedAddresses.forEach(refused -> text.append("\n  refused  ").append(refused));
        for (Attempt attempt : attempts) {
            text.append("\n  contact  ").append(attempt.remote()).append(", ").append(attempt.tls());
            if (attempt.superseded()) {
                text.append("; tried once more at the same address");
            }
            for (RecipientOutcome outcome : attempt.outcomes()) {
                text.append("\n           <")
                        .append(Printable.clean(outcome.recipient().toString()))
                        .append("> ")
                        .append(outcome.stage())
                        .append(": ")
                        .append(outcome.outcome().describeAt(attempt.remote()));
            }
        }
        recipients.forEach(recipient -> text.append("\n  result   ").append(recipient));
        return text.toString();
    }
}
