// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * What to query.
 *
 * @param signed whether to request signatures, for local validation
 */
record DnsQuery(Chain chain, int type, boolean signed) {

    /** Maximum size of an answer over UDP, small enough to pass every network unfragmented (RFC 9715 §3.2 recommends no more than 1400). */
    static final int UDP_SIZE = 1232;

    /** @param id must not be predictable (RFC 5452 §4.3) */
    Message toMessage(QueryForm form, int id) {
        Message query = Message.newQuery(Record.newRecord(chain.name(), type, DClass.IN));
        query.getHeader().setID(id);
        // RFC 6840 §5.7: without DO, the AD bit in the query requests the AD bit in the answer.
        if (form.asksForAd()) {
            query.getHeader().setFlag(signed ? Flags.CD : Flags.AD);
        }
        if (form.hasEdns()) {
            int flags = signed ? ExtendedFlags.DO : 0;
            query.addRecord(new OPTRecord(UDP_SIZE, 0, 0, flags), Section.ADDITIONAL);
        }
        return query;
    }
}
