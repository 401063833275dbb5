// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The result of one send.
 *
 * @param domains one delivery for each recipient domain, in the order of first appearance
 * @param invalidRecipients recipients that no mail can be sent to, because their addresses are malformed, in the caller's order
 * @param warnings what is questionable about the message itself, for all recipients; it was sent all the same
 */
public record DeliveryReport(
        List<DomainReport> domains, List<InvalidRecipient> invalidRecipients, List<MessageWarning> warnings) {

    public DeliveryReport {
        domains = List.copyOf(domains);
        invalidRecipients = List.copyOf(invalidRecipients);
        warnings = List.copyOf(warnings);
    }

    /** Without invalid recipients and without warnings. */
    public DeliveryReport(List<DomainReport> domains) {
        this(domains, List.of(), List.of());
    }

    /** The report on recipients for whom nothing was asked of DNS and no server was contacted. */
    public static DeliveryReport untouched(List<RecipientReport> recipients) {
        Map<Domain, List<RecipientReport>> byDomain = new LinkedHashMap<>();
        recipients.forEach(report -> byDomain.computeIfAbsent(report.recipient().domain(), domain -> new ArrayList<>())
                .add(report));
        List<DomainReport> domains = new ArrayList<>();
        byDomain.forEach((domain, own) -> domains.add(DomainReport.untouched(domain, own)));
        return new DeliveryReport(domains);
    }

    /** The same with these invalid recipients after those that are in it. */
    public DeliveryReport withInvalidRecipients(List<InvalidRecipient> more) {
        return new DeliveryReport(domains, concat(invalidRecipients, more), warnings);
    }

    /** The same with these warnings after those that are in it. */
    public DeliveryReport withWarnings(List<MessageWarning> more) {
        return new DeliveryReport(domains, invalidRecipients, concat(warnings, more));
    }

    /** The same message and invalid recipients with other deliveries, or other results of them. */
    public DeliveryReport withDomains(List<DomainReport> others) {
        return new DeliveryReport(others, invalidRecipients, warnings);
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** Every recipient with a valid address, domain by domain. */
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
        return invalidRecipients.isEmpty()
                && recipients().stream().allMatch(report -> report.verdict() == Verdict.DELIVERED);
    }

    /** Several human-readable lines: one block a domain, then the invalid recipients, then the warnings, one line each. */
    @Override
    public String toString() {
        return Stream.of(
                        domains.stream().map(DomainReport::toString),
                        invalidRecipients.stream().map(InvalidRecipient::toString),
                        warnings.stream().map(warning -> "warning: " + warning))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }
}
