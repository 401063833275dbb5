// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Arrays;
import java.util.Optional;

/**
 * Reads DER elements (X.690) one after the other, without trusting their lengths. Supports only one-octet tags and definite lengths. For
 * truncated content, {@link #enter} returns the part that is there, {@link #next} returns nothing. Not thread-safe.
 */
final class Der {

    private static final int LONG_LENGTH = 0x80;
    private static final int MAX_LENGTH_OCTETS = 3;
    private static final int TAG_GOES_ON = 0x1f;

    private final byte[] octets;
    private int position;

    Der(byte[] octets) {
        this.octets = octets.clone();
    }

    record Element(int tag, byte[] content) {}

    /** Returns the next element; empty if there is none or it is malformed. */
    Optional<Element> next() {
        int tag = octet();
        int length = length();
        if (tag < 0 || (tag & TAG_GOES_ON) == TAG_GOES_ON || length < 0 || length > octets.length - position) {
            position = octets.length;
            return Optional.empty();
        }
        position += length;
        return Optional.of(new Element(tag, Arrays.copyOfRange(octets, position - length, position)));
    }

    /** Returns the octets of the next element, including tag and length; empty if there is none or it is malformed. */
    Optional<byte[]> nextOctets() {
        int start = position;
        return next().map(element -> Arrays.copyOfRange(octets, start, position));
    }

    /** Returns the content of the next element, complete or truncated, if it has this tag. */
    Optional<Der> enter(int tag) {
        int found = octet();
        int length = length();
        if (found != tag || length < 0) {
            return Optional.empty();
        }
        int end = position + Math.min(length, octets.length - position);
        return Optional.of(new Der(Arrays.copyOfRange(octets, position, end)));
    }

    boolean isAtEnd() {
        return position == octets.length;
    }

    /** Returns the next octet, or -1 at the end. */
    private int octet() {
        return position < octets.length ? octets[position++] & 0xff : -1;
    }

    /** Returns the length, or -1 if it is malformed. */
    private int length() {
        int first = octet();
        if (first < LONG_LENGTH) {
            return first;
        }
        int count = first - LONG_LENGTH;
        if (count == 0 || count > MAX_LENGTH_OCTETS) {
            return -1;
        }
        int length = 0;
        for (int i = 0; i < count; i++) {
            int octet = octet();
            if (octet < 0) {
                return -1;
            }
            length = length << 8 | octet;
        }
        return length;
    }
}
