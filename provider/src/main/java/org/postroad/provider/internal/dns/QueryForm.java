// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;

/** Form of a query, from the usual one to one that servers without EDNS understand. */
enum QueryForm {

    /** With EDNS (RFC 6891), and requesting the AD bit or signatures. */
    FULL,

    /** Without EDNS, but requesting the AD bit, which is in the header (RFC 6840 §5.7). */
    WITHOUT_EDNS,

    /** With neither, so the answer cannot be secure. */
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
