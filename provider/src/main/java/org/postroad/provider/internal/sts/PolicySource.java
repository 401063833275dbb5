// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;

/** Fetches policies. Thread-safe. Blocks until the deadline at most. */
public interface PolicySource {

    /**
     * Returns the policy of a domain, at most {@value StsPolicy#MAX_OCTETS} octets.
     *
     * @param domain the recipient domain, not the policy host below it
     * @throws IOException if it cannot be fetched; the message is human-readable and cleaned
     * @throws InterruptedException soon after the thread is interrupted
     */
    byte[] fetch(HostName domain, Deadline deadline) throws IOException, InterruptedException;
}
