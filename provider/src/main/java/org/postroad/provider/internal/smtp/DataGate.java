// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.List;
import org.postroad.api.Mailbox;

/** Decides whether the content is sent, after all recipients were offered. May block, but must observe the deadline of the send. */
@FunctionalInterface
public interface DataGate {

    /** Always proceeds; a transaction with this gate does not wait for its decision. */
    DataGate OPEN = accepted -> true;

    /**
     * Returns whether to send the message to these recipients.
     *
     * @param accepted the recipients that the server accepted, at least one
     */
    boolean proceed(List<Mailbox> accepted);
}
