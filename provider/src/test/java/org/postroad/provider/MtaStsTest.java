// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** MTA-STS (RFC 8461), from the TXT record to the message. */
@Timeout(120)
class MtaStsTest {

    @TempDir
    Path directory;

    private Map<String, String> outcomes() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djavax.net.ssl.trustStore=" + directory.resolve("trusted.p12"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        MtaStsScenarios.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    @Test
    void sts_thePolicyOfTheDomainDecides() throws Exception {
        assertThat(outcomes())
                .containsEntry("listed and trusted", "1 sent, MTA_STS")
                .containsEntry("by a pattern", "1 sent, MTA_STS")
                .containsEntry("another name in the certificate", "not sent, 4.7.5, 1 connections")
                .containsEntry("not listed", "not sent, 4.7.5, 0 connections")
                .containsEntry("STARTTLS taken away", "not sent, 4.7.4, 1 connections")
                .hasEntrySatisfying(
                        "in test, another name",
                        outcome -> assertThat(outcome)
                                .startsWith("1 sent, OPPORTUNISTIC, ")
                                .contains("other.test"))
                .containsEntry("in test, STARTTLS taken away", "1 sent, NONE, no TLS")
                .containsEntry("mode none", "1 sent, OPPORTUNISTIC")
                .containsEntry("no policy there", "1 sent, OPPORTUNISTIC")
                .containsEntry("a policy that is none", "1 sent, OPPORTUNISTIC")
                .hasSize(10);
    }
}
