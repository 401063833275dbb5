// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;

/** Source of the answer to one query message: the name servers, or the validation in front of them. */
interface Upstream {

    /**
     * Result of a query.
     *
     * @param secure whether the message is authentic: reported by a server whose AD bit counts, or proved by local validation
     */
    record Response(ParsedAnswer reading, boolean secure) {

        static Response failed(Cause cause, String detail) {
            return new Response(new ParsedAnswer.Failed(cause, detail), false);
        }
    }

    Response ask(Chain chain, int type, Deadline deadline) throws InterruptedException;
}
