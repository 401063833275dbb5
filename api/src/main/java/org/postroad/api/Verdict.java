// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** The result for one recipient at the end of a send. */
public enum Verdict {
    /** A remote MTA took responsibility for the message. */
    DELIVERED("a server took responsibility for the message"),
    /** The message is stored durably in our own queue, which delivers it or notifies the sender of failure. Class 2. */
    QUEUED("the message is stored in our queue, which delivers it or notifies the sender"),
    /** The message will not be delivered. Class 5. */
    FAILED("the message will not be delivered; sending it again without a change fails again"),
    /** Temporary failure: the same send may succeed later. Class 4. */
    DEFERRED("a temporary failure; the same send may succeed later"),
    /**
     * The message was sent, but the reply was lost: it may have been accepted (TRY-05). Class 4, 4.4.2. Sending it again may
     * create a duplicate.
     */
    IN_DOUBT(
            "the message was sent, but the reply was lost; it may have arrived, and sending it again may create a duplicate");

    private final String meaning;

    Verdict(String meaning) {
        this.meaning = meaning;
    }

    /** {@return what it means for the mail, human-readable} */
    public String meaning() {
        return meaning;
    }
}
