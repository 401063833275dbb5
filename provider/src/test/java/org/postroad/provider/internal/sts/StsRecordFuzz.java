// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.postroad.provider.fuzz.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import org.postroad.provider.fuzz.Fuzzing;

/** Parses arbitrary TXT records. */
class StsRecordFuzz {

    @FuzzTest
    void records(byte[] input) {
        Fuzzing.linear(input, () -> checkRecords(input));
    }

    private void checkRecords(byte[] input) {
        List<String> texts = Fuzzing.text(input).lines().toList();
        StsRecord.parse(texts).ifPresent(record -> {
            check(record.id().matches("[A-Za-z0-9]{1,32}"), () -> "an id is " + record.id());
            check(
                    StsRecord.parse(List.of("v=STSv1; id=" + record.id() + ";")).isPresent(),
                    () -> record + " written as a record is none");
        });
    }
}
