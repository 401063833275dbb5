// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.Optional;
import java.util.Set;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;

/** Decides whether a notice is due and how much of the message it returns. Pure. */
public final class NoticeRules {

    /** Maximum size in octets of a message that is returned in full. */
    public static final long MAX_FULL = 256 * 1024;

    /** Notices sent if the sender requested none; DELAY is our choice, which RFC 3461 §4.1 allows. */
    private static final Set<Notify> DEFAULT_NOTIFY = Set.of(Notify.FAILURE, Notify.DELAY);

    private NoticeRules() {}

    /**
     * Returns whether a notice about a recipient is due.
     *
     * <p>Never for the null sender: it is the sender of notices, and notices about notices would never end (RFC 5321 §6.1). For
     * {@link Event#RELAYED}, the caller must call this only if the next server does not support DSN; others send their own notices.
     *
     * @param sender the reverse-path of the message
     * @param requested the recipient's NOTIFY; empty if none was given. NEVER overrides all others
     */
    public static boolean isDue(Event event, Optional<Mailbox> sender, Set<Notify> requested) {
        if (sender.isEmpty() || requested.contains(Notify.NEVER)) {
            return false;
        }
        Set<Notify> effective = requested.isEmpty() ? DEFAULT_NOTIFY : requested;
        return effective.contains(
                switch (event) {
                    case FAILED -> Notify.FAILURE;
                    case DELAYED -> Notify.DELAY;
                    case RELAYED -> Notify.SUCCESS;
                });
    }

    /**
     * Returns how much of the message the notice includes: the whole message if a failure is reported, RET=FULL was given, the message is
     * not larger than {@link #MAX_FULL} and it has no overlong lines; otherwise only its header. RET applies to failures only (RFC 3461
     * §4.3). Without RET the choice is ours, and the sender has the message anyway. The returned part may be reduced further when the
     * notice is sent, because a notice is valid without it (RFC 6522 §3).
     */
    public static ReturnedContent returned(
            Event event, Optional<Returned> requested, OriginalMessage.OriginalFacts original) {
        boolean wanted = event == Event.FAILED && requested.equals(Optional.of(Returned.FULL));
        boolean possible = original.size() <= MAX_FULL && !original.hasOverlongLine();
        return wanted && possible ? ReturnedContent.FULL : ReturnedContent.HEADERS;
    }
}
