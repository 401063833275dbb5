// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.postroad.provider.fuzz.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.postroad.provider.fuzz.Fuzzing;

/** Parses arbitrary text as a file of trust anchors. */
class TrustAnchorsFuzz {

    @FuzzTest
    void trustAnchors(byte[] input) {
        Fuzzing.linear(
                input,
                () -> Fuzzing.read(() -> TrustAnchors.parse(Fuzzing.text(input)))
                        .ifPresent(
                                anchors -> check(!anchors.records().isEmpty(), () -> "no anchor, and no complaint")));
    }
}
