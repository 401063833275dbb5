// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;

/**
 * The result for one recipient, and the reason.
 *
 * @param recipient the mailbox
 * @param verdict the result
 * @param status its enhanced status code
 * @param decision the rule that decided, and the explanation
 * @param decidedBy the contact that decided; empty if no host was contacted
 */
public record RecipientReport(
        Mailbox recipient, Verdict verdict, EnhancedStatus status, Decision decision, Optional<DecidedBy> decidedBy) {

    /**
     * A rule and an explanation.
     *
     * @param rule the ID of the requirement, such as {@code END-04}; the section of an RFC if there is none
     * @param explanation one human-readable sentence, cleaned
     */
    public record Decision(String rule, String explanation) {}

    /**
     * The contact that decided.
     *
     * @param remote the address contacted
     * @param stage how far the session got
     * @param outcome the outcome
     * @param tls the protection of the connection
     */
    public record DecidedBy(RemoteMta remote, Stage stage, Outcome outcome, TlsSummary tls) {}

    public RecipientReport {
        boolean fits = switch (verdict) {
            case DELIVERED, QUEUED -> status.isSuccess();
            case FAILED -> status.isPermanent();
            case DEFERRED, IN_DOUBT -> status.isTransient();
        };
        if (!fits) {
            throw new IllegalArgumentException("The status " + status + " does not fit the verdict " + verdict);
        }
    }

    /** Returns the server reply that decided, if there is one. */
    public Optional<Reply> reply() {
        return decidedBy.flatMap(by -> by.outcome().serverReply());
    }

    /** Returns the result without the recipient: {@code FAILED 5.4.4 (END-04): ...}. */
    public String describe() {
        return verdict + " " + status + " (" + decision.rule() + "): " + decision.explanation();
    }

    /** Returns {@code <user@example.org> FAILED 5.4.4 (END-04): ...}. */
    @Override
    public String toString() {
        return "<" + Printable.clean(recipient.toString()) + "> " + describe();
    }
}
