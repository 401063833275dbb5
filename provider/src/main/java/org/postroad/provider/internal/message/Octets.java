// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Looks for rare octets in arrays, eight at a time: every octet of a message is looked at several times on its way, and nearly all are
 * ordinary.
 */
final class Octets {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int STEP = Long.BYTES;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Octets() {}

    /** The index of the first CR or LF, or the end. What is before it is most of a line, and is copied in one piece. */
    static int firstLineEnd(byte[] octets, int from, int end) {
        int i = from;
        while (i + STEP <= end && !(has(octets, i, '\r') || has(octets, i, '\n'))) {
            i += STEP;
        }
        while (i < end && octets[i] != '\r' && octets[i] != '\n') {
            i++;
        }
        return i;
    }

    /** Whether one of them is zero. */
    static boolean haveNul(byte[] octets, int from, int end) {
        int i = from;
        for (; i + STEP <= end; i += STEP) {
            if (has(octets, i, 0)) {
                return true;
            }
        }
        for (; i < end; i++) {
            if (octets[i] == 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of them is above 127. */
    static boolean have8bit(byte[] octets, int from, int end) {
        int i = from;
        for (; i + STEP <= end; i += STEP) {
            if ((eight(octets, i) & HIGH_BITS) != 0) {
                return true;
            }
        }
        for (; i < end; i++) {
            if (octets[i] < 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of the eight is this one: then, and only then, it borrows from its high bit where it is taken from each. */
    private static boolean has(byte[] octets, int index, int wanted) {
        long differences = eight(octets, index) ^ (ONES * wanted);
        return ((differences - ONES) & ~differences & HIGH_BITS) != 0;
    }

    private static long eight(byte[] octets, int index) {
        return (long) EIGHT.get(octets, index);
    }
}
