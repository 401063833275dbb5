// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.util.List;
import org.postroad.api.DnsAnswer.Cause;
import org.xbill.DNS.Record;

/** Interpretation of one message. A closed set. */
sealed interface ParsedAnswer {

    /** Records of the queried type, at the end of the chain. */
    record Data(List<Record> records, Chain chain) implements ParsedAnswer {}

    /** The message ends with an alias, whose target must be queried next. */
    record Alias(Chain chain) implements ParsedAnswer {}

    record NoData(Duration ttl) implements ParsedAnswer {}

    record NoSuchName(Duration ttl) implements ParsedAnswer {}

    /** The message has no usable information. */
    record Failed(Cause cause, String detail) implements ParsedAnswer {}
}
