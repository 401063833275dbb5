// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;

/**
 * Prevents a process that no longer owns a delivery from sending its content. It is checked directly before content is sent and again
 * before its last octets, in each transaction of a delivery. The first refusal is final. Thread-safe.
 */
public final class Fence {

    /** Never refuses: no other process can own the delivery. */
    public static final Fence NONE = new Fence(Optional::empty);

    private final Claim claim;
    private volatile Optional<String> refusal = Optional.empty();

    public Fence(Claim claim) {
        this.claim = claim;
    }

    /** The caller's check of its right to deliver. */
    @FunctionalInterface
    public interface Claim {

        /** Returns why the content must not be sent; empty if it may be sent. May wait for a database. Throws no exception. */
        Optional<String> refusal();
    }

    /** Checks the claim. Blocks for as long as the claim does. */
    Optional<String> ask() {
        if (refusal.isEmpty()) {
            refusal = claim.refusal();
        }
        return refusal;
    }

    /** Returns why content was refused; empty if it was not. Does not check the claim. */
    public Optional<String> refusal() {
        return refusal;
    }

    /** Returns the outcome for recipients whose content was refused. It is temporary: the current owner of the delivery may try again. */
    public static Outcome outcome(String why) {
        return new Outcome.HostUnsuitable(EnhancedStatus.MAIL_SYSTEM_4_3_0, why);
    }
}
