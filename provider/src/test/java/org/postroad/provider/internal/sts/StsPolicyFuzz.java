// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.postroad.provider.fuzz.Fuzzing;

/** Parses arbitrary octets as a policy. */
class StsPolicyFuzz {

    @FuzzTest
    void policies(byte[] input) throws IOException {
        Fuzzing.linear(input, () -> checkPolicies(input));
    }

    private void checkPolicies(byte[] input) throws IOException {
        StsPolicy policy;
        try {
            policy = PolicyReader.read(input);
        } catch (BadPolicyException e) {
            checkNoControl(String.valueOf(e.getMessage()));
            return;
        }
        String written = String.join("\r\n", policy.lines());
        check(
                PolicyReader.read(written.getBytes(StandardCharsets.UTF_8)).equals(policy),
                () -> policy + " written as a policy is something else");
    }
}
