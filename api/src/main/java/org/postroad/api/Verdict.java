// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The result for one recipient at the end of a send. */
public enum Verdict {
    /** A remote MTA took responsibility for the message. */
    DELIVERED,
    /** The message is stored durably in our own queue, which delivers it or notifies the sender of failure. Class 2. */
    QUEUED,
    /** The message will not be delivered. Class 5. */
    FAILED,
    /** Temporary failure: the same send may succeed later. Class 4. */
    DEFERRED,
    /**
     * The message was sent, but the reply was lost: it may have been accepted (TRY-05). Class 4, 4.4.2. Sending it again may
     * create a duplicate.
     */
    IN_DOUBT
}
