// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.postroad.provider.fuzz.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import org.postroad.api.Reply;
import org.postroad.provider.fuzz.Fuzzing;

/** Fuzzes the reply to EHLO. */
class ExtensionsFuzz {

    @FuzzTest
    void keywords(byte[] input) {
        Fuzzing.linear(input, () -> checkKeywords(input));
    }

    private void checkKeywords(byte[] input) {
        Extensions offered =
                Extensions.of(new Reply(250, List.of(Fuzzing.text(input).split("\n", -1))));
        check(offered.keywords().size() <= Extensions.MAX_KEYWORDS, () -> "too many keywords");
        offered.keywords().forEach((keyword, parameters) -> {
            check(keyword.matches("[A-Z0-9][A-Z0-9-]*"), () -> "the keyword " + keyword);
            check(parameters.equals(parameters.strip()), () -> "the parameters " + parameters);
        });
        check(offered.maximumSize().orElse(1) > 0, () -> "a size that allows nothing");
        check(offered.limit("RCPTMAX").orElse(0) >= 0, () -> "a negative limit");
        check(offered.limit("MAILMAX").orElse(0) >= 0, () -> "a negative limit");
        offered.authMechanisms()
                .forEach(mechanism -> check(
                        !mechanism.isEmpty() && !mechanism.matches(".*[ \\t].*"), () -> "mechanism " + mechanism));
        check(offered.equals(Extensions.of(new Reply(250, said(offered)))), () -> "said again it is not " + offered);
    }

    private static List<String> said(Extensions offered) {
        List<String> lines = new ArrayList<>(List.of("greeting"));
        offered.keywords().forEach((keyword, parameters) -> lines.add((keyword + " " + parameters).strip()));
        return lines;
    }
}
