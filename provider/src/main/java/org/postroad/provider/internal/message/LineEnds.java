// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

/** Where lines end. What is between is most of a message, and is copied in one piece. */
final class LineEnds {

    private LineEnds() {}

    /** The index of the first CR or LF, or the end. */
    static int first(byte[] octets, int from, int end) {
        int i = from;
        while (i < end && octets[i] != '\r' && octets[i] != '\n') {
            i++;
        }
        return i;
    }
}
