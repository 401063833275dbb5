// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.List;
import org.postroad.api.DnsAnswer.Cause;
import org.xbill.DNS.Record;

/** Interpretation of one message. A closed set. */
sealed interface ParsedAnswer {

    /** Interpretation of a message that says something about the last name of its chain. */
    sealed interface WithChain extends ParsedAnswer {

        /** Returns the chain to which the message led, with the TTL of the interpretation. */
        Chain chain();
    }

    /** Records of the queried type, at the end of the chain. */
    record Data(List<Record> records, Chain chain) implements WithChain {}

    /** The message ends with an alias, whose target must be queried next. */
    record Alias(Chain chain) implements WithChain {}

    record NoData(Chain chain) implements WithChain {}

    record NoSuchName(Chain chain) implements WithChain {}

    /** The message has no usable information. */
    record Failed(Cause cause, String detail) implements ParsedAnswer {}
}
