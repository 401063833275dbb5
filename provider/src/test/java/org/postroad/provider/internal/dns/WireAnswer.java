// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** An answer built octet by octet, including malformed ones that no codec would produce. Sections must be filled in order. */
final class WireAnswer {

    /** The name of the question, as a compression pointer. */
    static final byte[] ASKED = {(byte) 0xc0, 12};

    private static final int RESPONSE = 0x8180;
    private static final int COUNTS = 4;

    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private final int[] counts = {1, 0, 0, 0};
    private final byte[] head;

    WireAnswer(Message query, int rcode) {
        head = query.toWire();
        head[2] = (byte) (RESPONSE >> 8);
        head[3] = (byte) ((RESPONSE & 0xf0) | rcode);
        octets.write(head, 0, questionEnd());
    }

    private int questionEnd() {
        int at = 12;
        while (head[at] != 0) {
            at += 1 + head[at];
        }
        return at + 5;
    }

    /** Returns the position at which the next record will begin. */
    int position() {
        return octets.size();
    }

    WireAnswer add(int section, byte[] name, int type, byte[] data) {
        return add(section, name, type, DClass.IN, 300, data);
    }

    WireAnswer add(int section, byte[] name, int type, int dclass, int ttl, byte[] data) {
        ByteBuffer fixed = ByteBuffer.allocate(10);
        fixed.putShort((short) type).putShort((short) dclass).putInt(ttl).putShort((short) data.length);
        octets.writeBytes(name);
        octets.writeBytes(fixed.array());
        octets.writeBytes(data);
        counts[section]++;
        return this;
    }

    /** Adds OPT with these options. */
    WireAnswer opt(int extendedCode, int... options) {
        return add(Section.ADDITIONAL, new byte[1], Type.OPT, 1232, extendedCode << 24, bytes(options));
    }

    /** Counts one record more than there are. */
    WireAnswer promise(int section) {
        counts[section]++;
        return this;
    }

    /** Adds octets that belong to no record. */
    WireAnswer raw(int... more) {
        octets.writeBytes(bytes(more));
        return this;
    }

    byte[] octets() {
        byte[] all = octets.toByteArray();
        for (int i = 0; i < counts.length; i++) {
            ByteBuffer.wrap(all).putShort(COUNTS + 2 * i, (short) counts[i]);
        }
        return all;
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Returns the name in wire format, without compression. */
    static byte[] name(String text) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        for (String label : text.split("\\.")) {
            name.write(label.length());
            name.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        name.write(0);
        return name.toByteArray();
    }

    static byte[] mx(int preference, String exchange) {
        return join(bytes(preference >> 8, preference), name(exchange));
    }

    static byte[] join(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }
}
