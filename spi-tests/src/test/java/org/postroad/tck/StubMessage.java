// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A decoded DNS answer (RFC 1035 §4), and the encoding of queries. A message that cannot be decoded causes a
 * {@link RuntimeException}.
 *
 * @param octets the whole message
 */
record StubMessage(
        int code,
        boolean truncated,
        boolean authentic,
        List<Resource> answers,
        List<Resource> authority,
        byte[] octets) {

    static final int HEADER = 12;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int OPT = 41;

    private static final int RECURSION_DESIRED = 0x0100;
    private static final int AUTHENTIC = 0x0020;
    private static final int TRUNCATED = 0x0200;
    private static final int UDP_SIZE = 1232;

    /**
     * A record.
     *
     * @param owner lower case, without the final dot
     * @param at the position of its data in the message
     */
    record Resource(String owner, int type, long ttl, int at, int length) {}

    static byte[] question(int id, String name, int type, boolean edns) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, id, RECURSION_DESIRED | AUTHENTIC, 1, 0, 0, edns ? 1 : 0);
        for (String label : name.split("\\.")) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        write(out, type, 1);
        if (edns) {
            out.write(0);
            write(out, OPT, UDP_SIZE, 0, 0, 0);
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int... numbers) {
        for (int number : numbers) {
            out.write(number >> 8);
            out.write(number);
        }
    }

    static StubMessage read(byte[] octets) {
        ByteBuffer in = ByteBuffer.wrap(octets);
        int flags = u16(in.position(2));
        int questions = u16(in);
        int answers = u16(in);
        int authority = u16(in);
        in.position(HEADER);
        for (int i = 0; i < questions; i++) {
            name(in);
            in.getInt();
        }
        return new StubMessage(
                flags & 0x0f,
                (flags & TRUNCATED) != 0,
                (flags & AUTHENTIC) != 0,
                resources(in, answers),
                resources(in, authority),
                octets);
    }

    private static List<Resource> resources(ByteBuffer in, int count) {
        List<Resource> resources = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String owner = name(in);
            int type = u16(in);
            in.getShort();
            long ttl = in.getInt() & 0xffffffffL;
            int length = u16(in);
            resources.add(new Resource(owner, type, ttl, in.position(), length));
            in.position(in.position() + length);
        }
        return resources;
    }

    /** Returns the data of a record. Names in it may point to earlier positions. */
    ByteBuffer dataOf(Resource resource) {
        return ByteBuffer.wrap(octets).limit(resource.at() + resource.length()).position(resource.at());
    }

    /** Decodes a name: labels separated by dots, special characters escaped; a single dot for the root. */
    static String name(ByteBuffer in) {
        StringBuilder text = new StringBuilder();
        ByteBuffer at = in;
        while (true) {
            int length = at.get() & 0xff;
            if (length == 0) {
                return text.isEmpty() ? "." : text.substring(0, text.length() - 1);
            } else if (length >= 0xc0) {
                int pointer = (length & 0x3f) << 8 | (at.get() & 0xff);
                if (pointer >= at.position() - 2) {
                    throw new IllegalArgumentException("A name points forward");
                }
                at = at.duplicate().position(pointer);
            } else {
                byte[] label = new byte[length];
                at.get(label);
                text.append(escaped(label)).append('.');
            }
        }
    }

    private static String escaped(byte[] label) {
        StringBuilder text = new StringBuilder();
        for (byte octet : label) {
            int c = octet & 0xff;
            if (c <= ' ' || c > '~') {
                text.append(String.format(Locale.ROOT, "\\%03d", c));
            } else {
                text.append(c == '.' || c == '\\' ? "\\" : "").append((char) c);
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }

    static int u16(ByteBuffer in) {
        return in.getShort() & 0xffff;
    }
}
