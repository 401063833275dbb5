// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The delivery to one recipient domain, from the first question to the last verdict.
 *
 * @param domain the recipient domain
 * @param lookups what DNS said, in the order of asking
 * @param refusedAddresses addresses that were not used because of what they are (ADDR-05)
 * @param attempts every contact, in order
 * @param recipients one report for each recipient of the domain, in the order of the envelope
 * @param mtaSts what MTA-STS came to; empty where it was not asked about
 */
public record DomainReport(
        Domain domain,
        List<Lookup<?>> lookups,
        List<RefusedAddress> refusedAddresses,
        List<Attempt> attempts,
        List<RecipientReport> recipients,
        Optional<MtaStsResult> mtaSts) {

    /** Recipients that a line names where several have the same outcome; the rest is counted. */
    private static final int MAX_NAMED = 10;

    public DomainReport {
        lookups = List.copyOf(lookups);
        refusedAddresses = List.copyOf(refusedAddresses);
        attempts = List.copyOf(attempts);
        recipients = List.copyOf(recipients);
    }

    /** Where MTA-STS was not asked about. */
    public DomainReport(
            Domain domain,
            List<Lookup<?>> lookups,
            List<RefusedAddress> refusedAddresses,
            List<Attempt> attempts,
            List<RecipientReport> recipients) {
        this(domain, lookups, refusedAddresses, attempts, recipients, Optional.empty());
    }

    /** The report on a domain about which nobody was asked anything. */
    public static DomainReport untouched(Domain domain, List<RecipientReport> recipients) {
        return new DomainReport(domain, List.of(), List.of(), List.of(), recipients);
    }

    /** The same questions and contacts, for others, or with other results. */
    public DomainReport with(List<RecipientReport> others) {
        return new DomainReport(domain, lookups, refusedAddresses, attempts, others, mtaSts);
    }

    /** Several lines for people. */
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
            byText(
                            attempt.outcomes(),
                            RecipientOutcome::recipient,
                            result -> result.stage() + ": " + result.outcome().describeAt(attempt.remote()))
                    .forEach((outcome, whose) -> text.append("\n           ")
                            .append(named(whose, MAX_NAMED))
                            .append(' ')
                            .append(outcome));
        }
        // Everybody is named here: who reads a report looks for an address.
        byText(recipients, RecipientReport::recipient, RecipientReport::describe)
                .forEach((result, whose) -> text.append("\n  result   ")
                        .append(named(whose, Integer.MAX_VALUE))
                        .append(' ')
                        .append(result));
        return text.toString();
    }

    /** Whose text it is, in order; what is said of many is said once. */
    private static <T> Map<String, List<Mailbox>> byText(
            List<T> results, Function<T, Mailbox> recipient, Function<T, String> words) {
        Map<String, List<Mailbox>> byText = new LinkedHashMap<>();
        results.forEach(result -> byText.computeIfAbsent(words.apply(result), text -> new ArrayList<>())
                .add(recipient.apply(result)));
        return byText;
    }

    private static String named(List<Mailbox> mailboxes, int most) {
        int more = mailboxes.size() - most;
        return mailboxes.stream()
                        .limit(most)
                        .map(mailbox -> "<" + Printable.clean(mailbox.toString()) + ">")
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
