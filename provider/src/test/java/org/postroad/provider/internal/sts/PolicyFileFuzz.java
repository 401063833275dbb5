// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import org.postroad.provider.fuzz.Fuzzing;

/** Parses policy files with arbitrary content. */
class PolicyFileFuzz {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    @FuzzTest
    void files(byte[] input) {
        Fuzzing.linear(input, () -> checkFile(input));
    }

    private static void checkFile(byte[] input) {
        PolicyDirectory.Stored stored;
        try {
            stored = PolicyDirectory.parse(input, NOW);
        } catch (BadPolicyException e) {
            checkNoControl(String.valueOf(e.getMessage()));
            return;
        }
        check(
                !stored.kept().fetchedAt().isAfter(NOW),
                () -> "fetched at " + stored.kept().fetchedAt());
        checkNoControl(stored.domain().text());
        // Called for each send; must not throw.
        stored.kept().isValid(NOW);
    }
}
