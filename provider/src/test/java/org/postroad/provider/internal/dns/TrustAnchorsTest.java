// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The part of a trust anchor file that an error message shows. */
class TrustAnchorsTest {

    @Test
    void dnssec_theErrorOfAFileHasNoControlCharacters() {
        assertThatThrownBy(() -> TrustAnchors.parse("example. IN \u0007\u001b[31mDS 1 13 2 00"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("invalid zone-file lines")
                .satisfies(e -> assertThat(e.getMessage()).matches("\\P{Cntrl}*"));
    }
}
