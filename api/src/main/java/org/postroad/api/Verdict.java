// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** What became of a recipient when a send is over. */
public enum Verdict {
    /** A remote MTA took responsibility for the message. */
    DELIVERED,
    /** It is safe in our own queue, which delivers it, or tells the sender why not. Class 2. */
    QUEUED,
    /** It will not arrive: class 5. */
    FAILED,
    /** Not now; the same send may succeed later: class 4. */
    DEFERRED,
    /** The message was sent and the reply lost: it may have arrived (TRY-05). Class 4, 4.4.2. Sending again may duplicate it. */
    IN_DOUBT
}
