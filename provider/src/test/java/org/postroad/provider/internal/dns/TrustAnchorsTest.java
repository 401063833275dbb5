// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The part of a trust anchor file that an error message shows. */
class TrustAnchorsTest {

    @Test
    void dnssec_theErrorOfAFileHasNoControlCharacters() {
        assertThatThrownBy(() -> TrustAnchors.parse("example. IN \u0007\u001b[31mDS 1 13 2 00"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 1 has the character \"\\u0007\"; allowed")
                .satisfies(e -> assertThat(e.getMessage()).matches("\\P{Cntrl}*"));
    }

    /** It can stand for any number of records, and dnsjava's reader fails on some forms of it. */
    @ParameterizedTest
    @ValueSource(strings = {"$GENERATE 1-4294967295 . DS 20326 8 2 00", "$generate 1- 8 2 00"})
    void dnssec_generatedRecordsAreRefused(String line) {
        assertThatThrownBy(() -> TrustAnchors.parse(line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("$GENERATE is not allowed");
    }

    /** dnsjava's reader fails on an empty quoted string. */
    @ParameterizedTest
    @ValueSource(strings = {"\"\" IN DS", "\\", "a\\;\"\"", "ä"})
    void dnssec_quotedStringsAndEscapesAreRefusedOutsideComments(String line) {
        assertThatThrownBy(() -> TrustAnchors.parse("; \"anchors\" \\ ä\r\n" + line + "\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("line 2 has the character ");
    }
}
