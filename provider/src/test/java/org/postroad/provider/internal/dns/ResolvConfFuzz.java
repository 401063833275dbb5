// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import org.postroad.provider.fuzz.Fuzzing;

/** Parses arbitrary text as {@code resolv.conf}. */
class ResolvConfFuzz {

    @FuzzTest
    void resolvConf(byte[] input) {
        Fuzzing.linear(
                input,
                () -> checkNoControl(ResolvConfText.parse(Fuzzing.text(input), Path.of("resolv.conf"))
                        .toString()));
    }
}
