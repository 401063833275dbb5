// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * A recipient with a malformed address. Nothing was sent to it and no DNS lookup was made, because it has no reliable domain.
 *
 * @param address as given by the caller; not cleaned, but {@link #toString()} cleans it
 * @param status 5.1.3 (RFC 3463 §3.2)
 * @param decision the rule that decided, and the explanation
 */
public record InvalidRecipient(String address, EnhancedStatus status, RecipientReport.Decision decision) {

    /**
     * Checks the status.
     *
     * @throws IllegalArgumentException if the status is not permanent
     */
    public InvalidRecipient {
        if (!status.isPermanent()) {
            throw new IllegalArgumentException("The status " + status + " of an invalid address is not permanent");
        }
    }

    /** {@return why the mail was not sent} */
    public BounceClass bounceClass() {
        return BounceRules.ofOwn(status);
    }

    /** {@return the problem, without the recipient: {@code FAILED 5.1.3 (RFC 5321 4.1.2): ...}} */
    public String describe() {
        return Verdict.FAILED + " " + status + " (" + decision.rule() + "): " + decision.explanation();
    }

    /** {@return {@code <user@@example.org> FAILED 5.1.3 (RFC 5321 4.1.2): ...}} */
    @Override
    public String toString() {
        return "<" + Printable.clean(address) + "> " + describe();
    }
}
