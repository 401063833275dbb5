// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/** How far a contact with a remote MTA got, in the order of an SMTP session. */
public enum Stage {
    CONNECT("connecting"),
    GREETING("waiting for the greeting"),
    EHLO("EHLO"),
    STARTTLS("STARTTLS"),
    AUTH("AUTH"),
    MAIL("MAIL FROM"),
    RCPT("RCPT TO"),
    DATA("DATA"),
    /** From the first octet of the message to the reply after its end. */
    END_OF_DATA("end of data");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** {@return the human-readable form} */
    @Override
    public String toString() {
        return text;
    }
}
