// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The result of one send. */
public final class DeliveryReport {

    /**
     * The version of the format of {@link #toJson()}. A version gets more fields and more values of enumerations, but no field of it is
     * removed or changes its type or meaning.
     */
    public static final int JSON_VERSION = 1;

    private static final String NEXT_LINE = "\n           ";

    private final List<DomainReport> domains;
    private final List<InvalidRecipient> invalidRecipients;
    private final List<MessageWarning> warnings;

    /** Creates a report. */
    public DeliveryReport(
            List<DomainReport> domains, List<InvalidRecipient> invalidRecipients, List<MessageWarning> warnings) {
        this.domains = List.copyOf(domains);
        this.invalidRecipients = List.copyOf(invalidRecipients);
        this.warnings = List.copyOf(warnings);
    }

    /** {@return one report for each recipient domain, in the order of first appearance} */
    public List<DomainReport> domains() {
        return domains;
    }

    /** {@return the recipients with malformed addresses, to which nothing can be sent, in the caller's order} */
    public List<InvalidRecipient> invalidRecipients() {
        return invalidRecipients;
    }

    /** {@return the problems of the message itself that did not prevent sending; they concern all recipients} */
    public List<MessageWarning> warnings() {
        return warnings;
    }

    /** Creates a report without invalid recipients and without warnings. */
    public DeliveryReport(List<DomainReport> domains) {
        this(domains, List.of(), List.of());
    }

    /** {@return a report on recipients that were settled without a DNS lookup and without contacting a server} */
    public static DeliveryReport withoutContact(List<RecipientReport> recipients) {
        Map<Domain, List<RecipientReport>> byDomain = new LinkedHashMap<>();
        recipients.forEach(report -> byDomain.computeIfAbsent(report.recipient().domain(), domain -> new ArrayList<>())
                .add(report));
        List<DomainReport> domains = new ArrayList<>();
        byDomain.forEach((domain, own) -> domains.add(DomainReport.withoutContact(domain, own)));
        return new DeliveryReport(domains);
    }

    /** {@return a copy of this report with more invalid recipients at the end} */
    public DeliveryReport withInvalidRecipients(List<InvalidRecipient> more) {
        return new DeliveryReport(domains, concat(invalidRecipients, more), warnings);
    }

    /** {@return a copy of this report with more warnings at the end} */
    public DeliveryReport withWarnings(List<MessageWarning> more) {
        return new DeliveryReport(domains, invalidRecipients, concat(warnings, more));
    }

    /** {@return a copy of this report with other domain reports} */
    public DeliveryReport withDomains(List<DomainReport> others) {
        return new DeliveryReport(others, invalidRecipients, warnings);
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** {@return the reports on all recipients with a valid address, domain by domain} */
    public List<RecipientReport> recipients() {
        return domains.stream().flatMap(domain -> domain.recipients().stream()).toList();
    }

    /** {@return the report on one recipient, or empty if the recipient is not part of this send} */
    public Optional<RecipientReport> recipient(Mailbox mailbox) {
        return recipients().stream()
                .filter(report -> report.recipient().equals(mailbox))
                .findFirst();
    }

    /** {@return whether the mail to every recipient was accepted} */
    public boolean isComplete() {
        return invalidRecipients.isEmpty()
                && recipients().stream().allMatch(report -> report.verdict() == Verdict.DELIVERED);
    }

    /**
     * {@return the story of the send in human-readable lines, cleaned} It has the parts of {@link #toString()}, in more detail:
     * {@link DomainReport#explain()} for each domain, then what to do about each invalid recipient, then the warnings.
     */
    public String explain() {
        return Stream.of(
                        domains.stream().map(DomainReport::explain),
                        invalidRecipients.stream()
                                .map(invalid -> invalid + NEXT_LINE + ReportDetails.of(invalid.bounceClass())),
                        warnings.stream()
                                .map(warning ->
                                        "warning: " + warning + NEXT_LINE + "the message was sent all the same"))
                .flatMap(lines -> lines)
                .collect(Collectors.joining("\n"));
    }

    /**
     * {@return everything that the report contains, as JSON (RFC 8259) in one line of ASCII characters} The format is stable and has the
     * version {@link #JSON_VERSION}; {@code REPORT.md} of the provider describes it. Texts are not cleaned: their characters are escaped.
     */
    public String toJson() {
        return new JsonObject()
                .with("version", JSON_VERSION)
                .with("complete", isComplete())
                .with("domains", domains.stream().map(ReportJson::of).toList())
                .with(
                        "invalidRecipients",
                        invalidRecipients.stream().map(ReportJson::of).toList())
                .with("warnings", warnings.stream().map(ReportJson::of).toList())
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeliveryReport that
                && domains.equals(that.domains)
                && invalidRecipients.equals(that.invalidRecipients)
                && warnings.equals(that.warnings);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domains, invalidRecipients, warnings);
    }

    /** {@return several human-readable lines: one block for each domain, then one line for each invalid recipient and each warning} */
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
