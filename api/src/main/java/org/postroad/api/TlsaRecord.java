// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.HexFormat;

/**
 * A TLSA record (RFC 6698 §2.1).
 *
 * @param usage certificate usage, 0 to 255
 * @param selector 0 to 255
 * @param matchingType 0 to 255
 * @param data certificate association data, in hexadecimal, lower case
 */
public record TlsaRecord(int usage, int selector, int matchingType, String data) {

    /**
     * Checks the fields, and converts the data to lower case.
     *
     * @throws IllegalArgumentException if a field is out of range, or the data is not hexadecimal
     */
    public TlsaRecord {
        if (((usage | selector | matchingType) & ~0xff) != 0) {
            throw new IllegalArgumentException(
                    "TLSA fields are 0 to 255, these are " + usage + " " + selector + " " + matchingType);
        }
        data = HexFormat.of().formatHex(HexFormat.of().parseHex(data));
    }

    /** {@return the record in zone file format (RFC 6698 §2.2)} */
    @Override
    public String toString() {
        return usage + " " + selector + " " + matchingType + " " + data;
    }
}
