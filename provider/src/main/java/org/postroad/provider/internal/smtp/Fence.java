// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;

/**
 * Keeps content from being sent by a process that does not own the delivery any more: it is asked right before content is sent and before
 * its last octets, in each transaction of a delivery. The first refusal is final. Thread-safe.
 */
public final class Fence {

    /** Lets everything through: nobody else can own the delivery. */
    public static final Fence NONE = new Fence(Optional::empty);

    private final Claim claim;
    private volatile Optional<String> refusal = Optional.empty();

    public Fence(Claim claim) {
        this.claim = claim;
    }

    /** What the caller knows of its right to deliver. */
    @FunctionalInterface
    public interface Claim {

        /** Why the content must not be sent; empty: it may. May wait for a database; throws nothing. */
        Optional<String> refusal();
    }

    /** Asks. Waits as the claim does. */
    Optional<String> ask() {
        if (refusal.isEmpty()) {
            refusal = claim.refusal();
        }
        return refusal;
    }

    /** Why content was refused; empty: it was not. Does not ask. */
    public Optional<String> refusal() {
        return refusal;
    }

    /** The result of recipients whose content was refused: nothing speaks against another try, by whoever owns the delivery. */
    public static Outcome outcome(String why) {
        return new Outcome.Unfit(EnhancedStatus.MAIL_SYSTEM_4_3_0, why);
    }
}
