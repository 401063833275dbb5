// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Searches arrays for rare octets, eight at a time, because every octet of a message is examined several times and nearly all are ordinary.
 */
final class Octets {

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int STEP = Long.BYTES;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Octets() {}

    /** Returns the index of the first CR or LF, or {@code end} if there is none. */
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

    /** Returns whether no octet is zero or above 127. */
    static boolean areOrdinary(byte[] octets, int from, int end) {
        int i = from;
        for (; i + STEP <= end; i += STEP) {
            long eight = eight(octets, i);
            if (((eight | (eight - ONES)) & HIGH_BITS) != 0) {
                return false;
            }
        }
        for (; i < end; i++) {
            if (octets[i] <= 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether any octet is zero. */
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

    /** Returns whether any octet is above 127. */
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

    /**
     * Returns whether one of the eight octets from the index is the wanted one. XOR makes such an octet zero. Subtracting 1 from each octet
     * then sets a high bit that was clear if and only if one of them is zero.
     */
    private static boolean has(byte[] octets, int index, int wanted) {
        long differences = eight(octets, index) ^ (ONES * wanted);
        return ((differences - ONES) & ~differences & HIGH_BITS) != 0;
    }

    private static long eight(byte[] octets, int index) {
        return (long) EIGHT.get(octets, index);
    }
}
