// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The oracle for work tells what is linear from what is not. */
class FuzzingTest {

    private final byte[] input = new byte[Fuzzing.MAX_INPUT];

    private byte[] last = input;

    @Test
    void linear_fewCopiesOfTheInputAreAllowed() {
        assertThatCode(() -> Fuzzing.linear(input, () -> copies(100))).doesNotThrowAnyException();
    }

    @Test
    void linear_aCopyForEachOctetFails() {
        assertThatThrownBy(() -> Fuzzing.linear(input, () -> copies(input.length)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("octets allocated for an input of 65536");
    }

    private void copies(int count) {
        for (int i = 0; i < count; i++) {
            last = last.clone(); // kept, so that the copy is made
        }
    }
}
