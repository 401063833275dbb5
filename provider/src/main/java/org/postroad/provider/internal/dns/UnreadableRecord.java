// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.HexFormat;
import org.xbill.DNS.Compression;
import org.xbill.DNS.DNSInput;
import org.xbill.DNS.DNSOutput;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Tokenizer;

/**
 * A record whose data do not fit its type. It stays in the message, so that the record is not taken to be absent. It keeps its octets,
 * because they are covered by its signature.
 */
final class UnreadableRecord extends Record {

    private static final long serialVersionUID = 1;

    private byte[] data;

    UnreadableRecord(Name name, int type, int dclass, long ttl, byte[] data) {
        super(name, type, dclass, ttl);
        this.data = data;
    }

    @Override
    protected void rrFromWire(DNSInput in) {
        data = in.readByteArray();
    }

    /** Returns the text format of RFC 3597 §5. */
    @Override
    protected String rrToString() {
        return "\\# " + data.length + " " + HexFormat.of().formatHex(data);
    }

    @Override
    protected void rdataFromString(Tokenizer st, Name origin) throws TextParseException {
        throw new TextParseException("An unreadable record has no text");
    }

    @Override
    protected void rrToWire(DNSOutput out, Compression compression, boolean canonical) {
        out.writeByteArray(data);
    }
}
