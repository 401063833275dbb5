// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.util.Optional;
import java.util.Set;
import org.postroad.api.Mailbox;

/** When a notice is due, and how much of the message it brings back. Pure. */
public final class NoticeRules {

    /** Octets of a message that comes back as a whole. */
    public static final long MAX_FULL = 256 * 1024;

    /** What a sender gets who wished for nothing; DELAY is our choice (RFC 3461 §4.1 leaves it to us). */
    private static final Set<Wish> CUSTOM = Set.of(Wish.FAILURE, Wish.DELAY);

    private NoticeRules() {}

    /**
     * Whether a notice about a recipient is due.
     *
     * <p>Never to the null sender: from there come notices, and notices about notices would never end (RFC 5321 §6.1). Of
     * {@link Event#RELAYED}, the caller asks only where the next server knows no DSN; others report themselves.
     *
     * @param sender the reverse-path of the message
     * @param wishes the recipient's NOTIFY; empty where none was given. NEVER silences all others
     */
    public static boolean isDue(Event event, Optional<Mailbox> sender, Set<Wish> wishes) {
        if (sender.isEmpty() || wishes.contains(Wish.NEVER)) {
            return false;
        }
        Set<Wish> effective = wishes.isEmpty() ? CUSTOM : wishes;
        return effective.contains(
                switch (event) {
                    case FAILED -> Wish.FAILURE;
                    case DELAYED -> Wish.DELAY;
                    case RELAYED, EXPANDED -> Wish.SUCCESS;
                });
    }

    /**
     * How much of the message comes back: all of it where a failure is reported, RET=FULL was given, and it is neither larger than
     * {@link #MAX_FULL} nor has lines that cannot be sent; its header otherwise. RET speaks of failures only (RFC 3461 §4.3);
     * where it is missing, the choice is ours, and the sender knows what it wrote. On its way a notice may lose more of it: it never depends
     * on what it returns (RFC 6522 §3).
     */
    public static Returned returned(Event event, Optional<Returned> wish, OriginalMessage.Facts original) {
        boolean wanted = event == Event.FAILED && wish.equals(Optional.of(Returned.FULL));
        boolean possible = original.size() <= MAX_FULL && !original.hasOverlongLine();
        return wanted && possible ? Returned.FULL : Returned.HEADERS;
    }
}
