// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;

/**
 * What became of one recipient, and why.
 *
 * @param recipient the mailbox
 * @param verdict the result
 * @param status its enhanced status code
 * @param decision which rule decided, and in words why
 * @param decidedBy the contact that decided; empty where no host was contacted
 */
public record RecipientReport(
        Mailbox recipient, Verdict verdict, EnhancedStatus status, Decision decision, Optional<DecidedBy> decidedBy) {

    /**
     * The rule and the words.
     *
     * @param rule the requirement's ID, such as {@code END-04}; where there is none, the section of an RFC
     * @param explanation for people, one sentence, cleaned
     */
    public record Decision(String rule, String explanation) {}

    /**
     * The contact that decided.
     *
     * @param remote who was contacted
     * @param stage how far it went
     * @param outcome what happened
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

    /** The reply that decided, where a server gave one. */
    public Optional<Reply> reply() {
        return decidedBy.flatMap(by -> by.outcome().serverReply());
    }

    /** What became of it, without the recipient: {@code FAILED 5.4.4 (END-04): ...}. */
    public String describe() {
        return verdict + " " + status + " (" + decision.rule() + "): " + decision.explanation();
    }

    /** {@code <user@example.org> FAILED 5.4.4 (END-04): ...}. */
    @Override
    public String toString() {
        return "<" + Printable.clean(recipient.toString()) + "> " + describe();
    }
}
