// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** What happened when one planned contact was made, without a message. */
public final class AddressProbe {

    private final PlannedContact contact;
    private final List<ProbeStep> steps;
    private final TlsSummary tls;
    private final Map<String, String> extensions;
    private final Optional<Failure> failure;
    private final List<Mailbox> accepted;
    private final List<RecipientOutcome> refused;

    /** Creates a result. */
    public AddressProbe(
            PlannedContact contact,
            List<ProbeStep> steps,
            TlsSummary tls,
            Map<String, String> extensions,
            Optional<Failure> failure,
            List<Mailbox> accepted,
            List<RecipientOutcome> refused) {
        this.contact = contact;
        this.steps = List.copyOf(steps);
        this.tls = tls;
        Map<String, String> cleaned = new LinkedHashMap<>();
        extensions.forEach((keyword, parameters) -> cleaned.put(Printable.clean(keyword), Printable.clean(parameters)));
        this.extensions = Collections.unmodifiableMap(cleaned);
        this.failure = failure;
        this.accepted = List.copyOf(accepted);
        this.refused = List.copyOf(refused);
    }

    /**
     * Why there was no session that could carry mail.
     *
     * @param stage how far it got
     * @param outcome what happened
     * @param status what a delivery would make of it
     */
    public record Failure(Stage stage, Outcome outcome, EnhancedStatus status) {}

    /** {@return the planned contact} */
    public PlannedContact contact() {
        return contact;
    }

    /** {@return the steps in order; none if no connection was made. A connection that is made once more begins with CONNECT again} */
    public List<ProbeStep> steps() {
        return steps;
    }

    /** {@return the protection of the session; {@code NONE} if there was no session} */
    public TlsSummary tls() {
        return tls;
    }

    /**
     * {@return what the server announced in its last reply to EHLO: keywords in upper case with their parameters, which can be empty, such
     * as {@code SIZE} with {@code 52428800}; cleaned} Empty if there was no session, or the server knows HELO only. At most 100 keywords.
     */
    public Map<String, String> extensions() {
        return extensions;
    }

    /** {@return why there was no session that could carry mail; empty if there was one} */
    public Optional<Failure> failure() {
        return failure;
    }

    /** {@return the recipients that the server accepted; none if they were not offered} */
    public List<Mailbox> accepted() {
        return accepted;
    }

    /** {@return the recipients that it refused, as a delivery would report it; none if they were not offered} */
    public List<RecipientOutcome> refused() {
        return refused;
    }

    private String announced() {
        return extensions.isEmpty()
                ? "nothing"
                : extensions.entrySet().stream()
                        .map(each -> (each.getKey() + " " + each.getValue()).strip())
                        .collect(Collectors.joining(", "));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressProbe that
                && contact.equals(that.contact)
                && steps.equals(that.steps)
                && tls.equals(that.tls)
                && extensions.equals(that.extensions)
                && failure.equals(that.failure)
                && accepted.equals(that.accepted)
                && refused.equals(that.refused);
    }

    @Override
    public int hashCode() {
        return Objects.hash(contact, steps, tls, extensions, failure, accepted, refused);
    }

    /** {@return the result without the steps: several human-readable lines} */
    public String summary() {
        StringJoiner lines = new StringJoiner("\n");
        failure.ifPresent(why -> lines.add("failed: " + why.status() + ", " + why.stage() + ": "
                + why.outcome().describeAt(contact.remote())));
        if (failure.isEmpty()) {
            lines.add("protection: " + tls);
            lines.add("announces: " + announced());
        }
        accepted.forEach(mailbox -> lines.add("accepts <" + Printable.clean(mailbox.toString()) + ">"));
        refused.forEach(outcome -> lines.add("refuses <"
                + Printable.clean(outcome.recipient().toString()) + "> " + outcome.stage() + ": "
                + outcome.outcome().describe()));
        return lines.toString();
    }

    /** {@return several human-readable lines: the contact, the steps, the result} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(contact.toString());
        steps.forEach(step -> text.append("\n  ").append(step));
        summary().lines().forEach(line -> text.append("\n  ").append(line));
        return text.toString();
    }
}
