// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * Parses (RFC 4291 §2.2) and formats (RFC 5952) IP addresses. The parsers return an empty array if the text is not an address.
 */
final class IpText {

    private static final byte[] NONE = {};
    private static final int GROUPS = 8;

    private IpText() {}

    static byte[] parseV4(String text) {
        byte[] octets = new byte[4];
        int index = 0;
        int value = -1;
        int digits = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? '.' : text.charAt(i);
            if (c == '.') {
                if (value < 0 || index == 4) {
                    return NONE;
                }
                octets[index++] = (byte) value;
                value = -1;
                digits = 0;
            } else if (c >= '0' && c <= '9') {
                // A leading zero is rejected: some parsers read such a number as octal.
                if (digits > 0 && value == 0) {
                    return NONE;
                }
                value = (value < 0 ? 0 : value) * 10 + (c - '0');
                digits++;
                if (value > 255) {
                    return NONE;
                }
            } else {
                return NONE;
            }
        }
        return index == 4 ? octets : NONE;
    }

    static byte[] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = parseGroups(text);
            return all.length == 16 ? all : NONE;
        }
        String head = text.substring(0, gap);
        String tail = text.substring(gap + 2);
        byte[] before = head.isEmpty() ? NONE : parseGroups(head);
        byte[] after = tail.isEmpty() ? NONE : parseGroups(tail);
        boolean bad = (!head.isEmpty() && (before.length == 0 || head.indexOf('.') >= 0))
                || (!tail.isEmpty() && after.length == 0);
        if (bad || before.length + after.length > 14) {
            return NONE;
        }
        byte[] octets = new byte[16];
        System.arraycopy(before, 0, octets, 0, before.length);
        System.arraycopy(after, 0, octets, 16 - after.length, after.length);
        return octets;
    }

    private static byte[] parseGroups(String text) {
        String[] groups = text.split(":", -1);
        if (groups.length > GROUPS) {
            return NONE;
        }
        byte[] octets = new byte[groups.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < groups.length; i++) {
            if (i == groups.length - 1 && groups[i].indexOf('.') >= 0) {
                byte[] v4 = parseV4(groups[i]);
                if (v4.length == 0) {
                    return NONE;
                }
                System.arraycopy(v4, 0, octets, length, 4);
                length += 4;
            } else {
                int value = parseGroup(groups[i]);
                if (value < 0) {
                    return NONE;
                }
                octets[length++] = (byte) (value >> 8);
                octets[length++] = (byte) value;
            }
        }
        return java.util.Arrays.copyOf(octets, length);
    }

    private static int parseGroup(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }

    static String formatV4(byte[] octets) {
        return (octets[0] & 0xff) + "." + (octets[1] & 0xff) + "." + (octets[2] & 0xff) + "." + (octets[3] & 0xff);
    }

    static String formatV6(byte[] octets) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (octets[2 * i] & 0xff) << 8 | (octets[2 * i + 1] & 0xff);
        }
        if (isV4Mapped(groups)) {
            return "::ffff:" + formatV4(java.util.Arrays.copyOfRange(octets, 12, 16));
        }
        int[] run = longestZeroRun(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == run[0]) {
                text.append("::");
                i += run[1] - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    private static boolean isV4Mapped(int[] groups) {
        for (int i = 0; i < 5; i++) {
            if (groups[i] != 0) {
                return false;
            }
        }
        return groups[5] == 0xffff;
    }

    /** {@return start and length of the first longest run of at least two zero groups; start is -1 if there is none} */
    private static int[] longestZeroRun(int[] groups) {
        int[] best = {-1, 1};
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > best[1]) {
                best = new int[] {i, end - i};
            }
            i = Math.max(i, end - 1);
        }
        return best;
    }
}
