// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** The values of Content-Transfer-Encoding (RFC 2045 §6) that notices use. */
enum Encoding {
    SEVEN_BIT("7bit"),
    EIGHT_BIT("8bit"),
    QUOTED_PRINTABLE("quoted-printable");

    private final String text;

    Encoding(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
