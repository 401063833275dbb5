// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkNoControl;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.postroad.provider.fuzz.Fuzzing;

/** Fuzzes the octets of a response. */
class HttpsResponseFuzz {

    private static final int LIMIT = 65_536;

    @FuzzTest
    void answers(byte[] input) {
        Fuzzing.linear(input, () -> checkAnswers(input));
    }

    private void checkAnswers(byte[] input) {
        try {
            HttpsResponse response = HttpsResponse.read(new ByteArrayInputStream(input));
            check(response.status() >= 200 && response.status() < 600, () -> "status " + response.status());
            byte[] body = response.body(LIMIT);
            check(body.length <= Math.min(input.length, LIMIT), () -> "a body of " + body.length);
        } catch (IOException e) {
            checkNoControl(String.valueOf(e.getMessage()));
        }
    }
}
