// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * An MX record.
 *
 * @param preference 0 to 65535; lower is tried first
 * @param exchange the mail exchanger; the root in a null MX (RFC 7505)
 */
public record MxRecord(int preference, DnsName exchange) {

    /**
     * Checks the preference.
     *
     * @throws IllegalArgumentException if the preference is out of range
     */
    public MxRecord {
        if (preference < 0 || preference > 0xffff) {
            throw new IllegalArgumentException("The MX preference " + preference + " is not between 0 and 65535");
        }
    }

    /** {@return whether this is a null MX record (RFC 7505 §3): preference 0 and the root as exchange} */
    public boolean isNull() {
        return preference == 0 && exchange.isRoot();
    }

    @Override
    public String toString() {
        return preference + " " + exchange;
    }
}
