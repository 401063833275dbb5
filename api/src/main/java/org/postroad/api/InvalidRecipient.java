// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * A recipient whose address is malformed. Nothing was sent to it, and DNS was not asked: it has no domain that can be relied on.
 *
 * @param address as the caller gave it; not cleaned, {@link #toString()} is
 * @param status 5.1.3 (RFC 3463 §3.2)
 * @param decision which rule decided, and in words why
 */
public record InvalidRecipient(String address, EnhancedStatus status, RecipientReport.Decision decision) {

    public InvalidRecipient {
        if (!status.isPermanent()) {
            throw new IllegalArgumentException("The status " + status + " of an invalid address is not permanent");
        }
    }

    /** What is wrong, without the recipient: {@code FAILED 5.1.3 (RFC 5321 4.1.2): ...}. */
    public String describe() {
        return Verdict.FAILED + " " + status + " (" + decision.rule() + "): " + decision.explanation();
    }

    /** {@code <user@@example.org> FAILED 5.1.3 (RFC 5321 4.1.2): ...}. */
    @Override
    public String toString() {
        return "<" + Printable.clean(address) + "> " + describe();
    }
}
