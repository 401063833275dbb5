// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import org.postroad.api.EnhancedStatus;

/**
 * What a notice reports: the Action of RFC 3464 §2.3.3.
 *
 * <p>{@code delivered} is not among them. It says that the message is in the recipient's mailbox, and we put nothing into
 * mailboxes: that a server has taken the message is all we ever see. A server that knows DSN reports the rest itself; for one
 * that does not, what we can say is {@link #RELAYED}.
 */
public enum Event {
    /** It will not be tried again. The status is the last one as it stands, of class 4 where time ran out (RETRY-02). */
    FAILED("failed"),
    /** It has not got through yet, and will be tried again. */
    DELAYED("delayed"),
    /** A server took it that knows no DSN, so that nobody else will report success (RFC 3461 §5.2.2). */
    RELAYED("relayed"),
    /** The address stands for several others, to which it was passed on (RFC 3461 §5.2.7). */
    EXPANDED("expanded");

    private final String action;

    Event(String action) {
        this.action = action;
    }

    /** The value of the field Action. */
    String action() {
        return action;
    }

    /** Whether a recipient of whom this is reported can have this status. */
    boolean goesWith(EnhancedStatus status) {
        return switch (this) {
            case FAILED -> !status.isSuccess();
            case DELAYED -> status.isTransient();
            case RELAYED, EXPANDED -> status.isSuccess();
        };
    }
}
