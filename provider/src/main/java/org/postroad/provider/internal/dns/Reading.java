// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.util.List;
import org.postroad.api.DnsAnswer.Cause;
import org.xbill.DNS.Record;

/** What one message said. A closed set. */
sealed interface Reading {

    /** Records of the type asked for, at the end of the chain. */
    record Records(List<Record> records, Chain chain) implements Reading {}

    /** The message ends in an alias: its target must be asked for. */
    record Alias(Chain chain) implements Reading {}

    record NoData(Duration ttl) implements Reading {}

    record NoSuchName(Duration ttl) implements Reading {}

    /** Nothing is known. */
    record Useless(Cause cause, String detail) implements Reading {}
}
