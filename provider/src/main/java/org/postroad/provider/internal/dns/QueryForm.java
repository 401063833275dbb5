// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** How a question is put, from the usual way to what servers from before EDNS understand. */
enum QueryForm {

    /** With EDNS (RFC 6891), and asking for the AD bit or for signatures. */
    FULL,

    /** Without EDNS, but asking for the AD bit, which is in the header (RFC 6840 §5.7). */
    WITHOUT_EDNS,

    /** With neither: nothing can be secure then. */
    BARE;

    static QueryForm of(Message query) {
        if (query.getOPT() != null) {
            return FULL;
        }
        return query.getHeader().getFlag(Flags.AD) ? WITHOUT_EDNS : BARE;
    }

    boolean hasEdns() {
        return this == FULL;
    }

    boolean asksForAd() {
        return this != BARE;
    }

    Optional<QueryForm> simpler() {
        return this == BARE ? Optional.empty() : Optional.of(values()[ordinal() + 1]);
    }
}
