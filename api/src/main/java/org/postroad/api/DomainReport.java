// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The delivery to one recipient domain, from the first DNS lookup to the last verdict. */
public final class DomainReport {

    private static final String NEXT_LINE = "\n           ";

    private final Domain domain;
    private final List<Lookup<?>> lookups;
    private final List<RefusedAddress> refusedAddresses;
    private final List<Attempt> attempts;
    private final List<RecipientReport> recipients;
    private final Optional<MtaStsResult> mtaSts;

    /** Creates a report. */
    public DomainReport(
            Domain domain,
            List<Lookup<?>> lookups,
            List<RefusedAddress> refusedAddresses,
            List<Attempt> attempts,
            List<RecipientReport> recipients,
            Optional<MtaStsResult> mtaSts) {
        this.domain = domain;
        this.lookups = List.copyOf(lookups);
        this.refusedAddresses = List.copyOf(refusedAddresses);
        this.attempts = List.copyOf(attempts);
        this.recipients = List.copyOf(recipients);
        this.mtaSts = mtaSts;
    }

    /** {@return the recipient domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return the DNS lookups, in the order of the queries} */
    public List<Lookup<?>> lookups() {
        return lookups;
    }

    /** {@return the addresses that were not used because of their kind (ADDR-05)} */
    public List<RefusedAddress> refusedAddresses() {
        return refusedAddresses;
    }

    /** {@return every contact, in order} */
    public List<Attempt> attempts() {
        return attempts;
    }

    /** {@return one report for each recipient of the domain, in the order of the envelope} */
    public List<RecipientReport> recipients() {
        return recipients;
    }

    /** {@return the MTA-STS result; empty if MTA-STS was not checked} */
    public Optional<MtaStsResult> mtaSts() {
        return mtaSts;
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

    /** {@return a report on a domain for which no DNS lookup was made and no server was contacted} */
    public static DomainReport withoutContact(Domain domain, List<RecipientReport> recipients) {
        return new DomainReport(domain, List.of(), List.of(), List.of(), recipients);
    }

    /** {@return a copy of this report with the same lookups and contacts, but other recipient reports} */
    public DomainReport with(List<RecipientReport> others) {
        return new DomainReport(domain, lookups, refusedAddresses, attempts, others, mtaSts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DomainReport that
                && domain.equals(that.domain)
                && lookups.equals(that.lookups)
                && refusedAddresses.equals(that.refusedAddresses)
                && attempts.equals(that.attempts)
                && recipients.equals(that.recipients)
                && mtaSts.equals(that.mtaSts);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, lookups, refusedAddresses, attempts, recipients, mtaSts);
    }

    /**
     * {@return the story of the delivery in human-readable lines, cleaned: what {@link #toString()} says, and for each DNS answer its TTL
     * and security, what became of each address, when each contact took place and how long it took, the server's certificate, and what
     * each result means and what to do}
     */
    public String explain() {
        return text(true);
    }

    /** {@return several human-readable lines} Each recipient has lines of its own, so that it can be shown without the others. */
    @Override
    public String toString() {
        return text(false);
    }

    private String text(boolean detailed) {
        StringBuilder text = new StringBuilder(domain.toString());
        lookups.forEach(
                lookup -> text.append("\n  dns      ").append(lookup).append(detailed ? ReportDetails.of(lookup) : ""));
        mtaSts.filter(result -> detailed || result.kind() != MtaStsResult.Kind.NONE)
                .ifPresent(result -> text.append("\n  mta-sts  ").append(result));
        refusedAddresses.forEach(refused -> text.append("\n  refused  ").append(refused));
        if (detailed) {
            ReportDetails.addresses(lookups, refusedAddresses, attempts)
                    .forEach(line -> text.append("\n  address  ").append(line));
        }
        attempts.forEach(attempt -> append(text, attempt, detailed));
        for (RecipientReport recipient : recipients) {
            text.append("\n  result   ").append(recipient);
            if (detailed) {
                ReportDetails.of(recipient)
                        .forEach(line -> text.append(NEXT_LINE).append(line));
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Attempt attempt, boolean detailed) {
        text.append("\n  contact  ").append(attempt.remote()).append(", ").append(attempt.tls());
        if (attempt.superseded()) {
            text.append("; tried once more at the same address");
        }
        if (detailed) {
            text.append(NEXT_LINE).append(ReportDetails.of(attempt));
        }
        for (RecipientOutcome outcome : attempt.outcomes()) {
            text.append(NEXT_LINE)
                    .append("<")
                    .append(Printable.clean(outcome.recipient().toString()))
                    .append("> ")
                    .append(outcome.stage())
                    .append(": ")
                    .append(outcome.outcome().describeAt(attempt.remote()));
        }
    }
}
