// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

/** Content-Transfer-Encoding (RFC 2045 §6), as far as notices use it. */
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
