// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import org.postroad.api.EnhancedStatus;

/**
 * The event that a notice reports: the Action of RFC 3464 §2.3.3.
 *
 * <p>{@code delivered} is not included. It means that the message is in the recipient's mailbox, and this MTA does not deliver to
 * mailboxes: it only sees that a server accepted the message. A server that supports DSN reports the rest itself; for one that does not,
 * {@link #RELAYED} is reported. Nor is {@code expanded}, because this MTA has no lists of addresses.
 */
public enum Event {
    /** Delivery will not be tried again. The status is the last one, unchanged; it is of class 4 if time ran out (RETRY-02). */
    FAILED("failed"),
    /** Not delivered yet; delivery will be tried again. */
    DELAYED("delayed"),
    /** Accepted by a server without DSN support, so no other server will report success (RFC 3461 §5.2.2). */
    RELAYED("relayed");

    private final String action;

    Event(String action) {
        this.action = action;
    }

    /** Returns the value of the Action field. */
    String action() {
        return action;
    }

    /** Returns whether this event can be reported with the given status. */
    boolean goesWith(EnhancedStatus status) {
        return switch (this) {
            case FAILED -> !status.isSuccess();
            case DELAYED -> status.isTransient();
            case RELAYED -> status.isSuccess();
        };
    }
}
