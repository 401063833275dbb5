// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.postroad.api.Printable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** Reads the names in the octets of a message, including compressed ones (RFC 1035 §4.1.4). */
final class WireNames {

    /** Maximum number of compression pointers in one name: one for each label of the longest name. */
    static final int MAX_POINTERS = 127;

    /** Octets of the header of a message. No name begins there. */
    static final int HEADER = 12;

    private static final int MAX_LENGTH = 255;
    private static final int POINTER = 0xc0;

    /** Octets of the preference of an MX record. SRV and other such types are not queried. */
    private static final int PREFERENCE = 2;

    /** Octets of the five 32-bit numbers of a SOA record. */
    private static final int SOA_NUMBERS = 20;

    private final byte[] octets;

    WireNames(byte[] octets) {
        this.octets = octets;
    }

    /** The message structure is broken, or exceeds a limit. */
    static final class BrokenException extends IOException {
        private static final long serialVersionUID = 1;

        BrokenException(String message) {
            super(message);
        }
    }

    /** Returns the position after the name that begins here. The targets of its compression pointers are not checked. */
    int end(int start) throws BrokenException {
        int at = start;
        while (true) {
            int length = octet(at);
            if (length == 0) {
                return at + 1;
            } else if ((length & POINTER) == POINTER) {
                octet(at + 1);
                return at + 2;
            } else if ((length & POINTER) != 0) {
                throw new BrokenException("it has a label of an unknown kind");
            }
            at += 1 + length;
        }
    }

    /** Returns the decompressed name that begins here. */
    Name read(int start) throws BrokenException {
        try {
            return new Name(readOctets(start));
        } catch (BrokenException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokenException("it has an invalid name: " + Printable.describe(e));
        }
    }

    /**
     * Returns the data of a record with its names decompressed; empty if the type has no compressed names. Compression is allowed only in
     * types as old as compression itself (RFC 3597 §4). Octets after the names are dropped, except after the root name: what makes a record
     * a null MX must be exact.
     */
    Optional<byte[]> expand(int type, int start, int length) throws BrokenException {
        return switch (type) {
            case Type.CNAME, Type.DNAME, Type.NS, Type.PTR -> Optional.of(names(start, length, 0, 1, 0));
            case Type.MX -> Optional.of(names(start, length, PREFERENCE, 1, 0));
            case Type.SOA -> Optional.of(names(start, length, 0, 2, SOA_NUMBERS));
            default -> Optional.empty();
        };
    }

    private byte[] names(int start, int length, int before, int count, int behind) throws BrokenException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int limit = start + length;
        int at = start + before;
        for (int i = start; i < at; i++) {
            data.write(octet(i));
        }
        boolean isRoot = false;
        for (int i = 0; i < count; i++) {
            byte[] name = readOctets(at);
            isRoot = name.length == 1; // here or as the target of a pointer
            data.writeBytes(name);
            at = end(at);
        }
        if (at + behind > limit || (at + behind < limit && isRoot)) {
            throw new BrokenException("its names are not of the length of its data");
        }
        data.write(octets, at, behind);
        return data.toByteArray();
    }

    private byte[] readOctets(int start) throws BrokenException {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        int at = start;
        int pointers = 0;
        while (true) {
            int length = octet(at);
            if ((length & POINTER) == POINTER) {
                int target = (length & ~POINTER) << 8 | octet(at + 1);
                if (target < HEADER || target >= at || ++pointers > MAX_POINTERS) {
                    throw new BrokenException("it has a name with an invalid compression pointer");
                }
                at = target;
            } else if ((length & POINTER) != 0 || name.size() + 1 + length > MAX_LENGTH) {
                throw new BrokenException("it has an invalid name");
            } else {
                octet(at + length);
                name.write(octets, at, 1 + length);
                at += 1 + length;
                if (length == 0) {
                    return name.toByteArray();
                }
            }
        }
    }

    private int octet(int at) throws BrokenException {
        if (at >= octets.length) {
            throw new BrokenException("it ends too early");
        }
        return octets[at] & 0xff;
    }
}
