// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of one send.
 *
 * @param domains one delivery for each recipient domain, in the order of first appearance
 */
public record DeliveryReport(List<DomainReport> domains) {

    public DeliveryReport {
        domains = List.copyOf(domains);
    }

    /** Every recipient, domain by domain. */
    public List<RecipientReport> recipients() {
        return domains.stream().flatMap(domain -> domain.recipients().stream()).toList();
    }

    /** The report on one recipient. */
    public Optional<RecipientReport> recipient(Mailbox mailbox) {
        return recipients().stream()
                .filter(report -> report.recipient().equals(mailbox))
                .findFirst();
    }

    /** Whether every recipient's mail was accepted. */
    public boolean isComplete() {
        return recipients().stream().allMatch(report -> report.verdict() == Verdict.DELIVERED);
    }

    /** Several lines for people, one block a domain. */
    @Override
    public String toString() {
        return domains.stream().map(DomainReport::toString).collect(Collectors.joining("\n"));
    }
}
