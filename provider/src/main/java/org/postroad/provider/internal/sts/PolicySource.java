// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;

/** Where policies are fetched. Thread-safe. Blocking, up to the deadline. */
public interface PolicySource {

    /**
     * The octets of the policy of a domain, at most {@value StsPolicy#MAX_OCTETS}.
     *
     * @param domain the domain of the mailbox, and not the policy host below it
     * @throws IOException if they could not be had; the message says why, for people, and is cleaned
     * @throws InterruptedException if the thread is interrupted; soon
     */
    byte[] fetch(HostName domain, Deadline deadline) throws IOException, InterruptedException;
}
