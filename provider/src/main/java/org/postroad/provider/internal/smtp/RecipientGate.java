// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.List;
import org.postroad.api.Mailbox;

/** Stands between the recipients and the data. It may wait, as long as it keeps to the deadline of the send. */
@FunctionalInterface
public interface RecipientGate {

    /** Lets everything through, and so nobody waits at it. */
    RecipientGate OPEN = accepted -> true;

    /** Whether to send the message, now that the server took these recipients (at least one). */
    boolean proceed(List<Mailbox> accepted);
}
