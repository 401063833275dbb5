// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Whatever a policy host answers. */
class HttpResponseFuzz {

    @FuzzTest
    void answers(byte[] input) {
        try {
            byte[] policy = new HttpResponse(new ByteArrayInputStream(input)).policy();
            check(policy.length <= Math.min(input.length, StsPolicy.MAX_OCTETS), () -> "a body of " + policy.length);
        } catch (IOException e) {
            checkNoControl(String.valueOf(e.getMessage()));
        }
    }
}
