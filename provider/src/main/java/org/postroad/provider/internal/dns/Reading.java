// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.util.List;
import org.postroad.api.DnsAnswer.Cause;
import org.xbill.DNS.Record;

/** Interpretation of one message. A closed set. */
sealed interface Reading {

    /** Records of the queried type, at the end of the chain. */
    record Records(List<Record> records, Chain chain) implements Reading {}

    /** The message ends with an alias, whose target must be queried next. */
    record Alias(Chain chain) implements Reading {}

    record NoData(Duration ttl) implements Reading {}

    record NoSuchName(Duration ttl) implements Reading {}

    /** The message has no usable information. */
    record Useless(Cause cause, String detail) implements Reading {}
}
