// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;

/** Whoever is asked for one message: the name servers, or the validation before them. */
interface Upstream {

    /**
     * What was said in the end.
     *
     * @param secure whether the message is authentic: a server that we trust in this says so, or it was proved here
     */
    record Response(Reading reading, boolean secure) {

        static Response useless(Cause cause, String detail) {
            return new Response(new Reading.Useless(cause, detail), false);
        }
    }

    Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException;
}
