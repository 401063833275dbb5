// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** MTA-STS (RFC 8461), from the TXT record to the message. */
@Timeout(300)
class MtaStsTest {

    @TempDir
    Path directory;

    @Test
    void sts_thePolicyOfTheDomainDecides() throws Exception {
        assertThat(TrustingJvm.outcomes(MtaStsScenarios.class, directory))
                .containsEntry("listed and trusted", "1 sent, MTA_STS; sts success")
                .containsEntry("by a pattern", "1 sent, MTA_STS; sts success")
                .containsEntry(
                        "another name in the certificate",
                        "not sent, 4.7.5, 1 connections; sts certificate-host-mismatch")
                .containsEntry("not listed", "not sent, 4.7.5, 0 connections; sts validation-failure")
                .containsEntry("STARTTLS taken away", "not sent, 4.7.4, 1 connections; sts starttls-not-supported")
                .hasEntrySatisfying(
                        "in test, another name",
                        outcome -> assertThat(outcome)
                                .startsWith("1 sent, OPPORTUNISTIC, ")
                                .contains("other.test")
                                .endsWith("; sts certificate-host-mismatch"))
                .containsEntry(
                        "in test, not listed",
                        "1 sent, OPPORTUNISTIC, MTA-STS testing mode: the policy does not list this host; sts validation-failure")
                .containsEntry("in test, STARTTLS taken away", "1 sent, NONE, no TLS; sts starttls-not-supported")
                .containsEntry("mode none", "1 sent, OPPORTUNISTIC; no-policy-found success")
                .containsEntry("no policy there", "1 sent, OPPORTUNISTIC; sts sts-policy-fetch-error")
                .containsEntry("a policy that is none", "1 sent, OPPORTUNISTIC; sts sts-policy-invalid")
                .containsEntry("behind a NAT64", "1 sent, MTA_STS; sts success")
                .containsEntry(
                        "behind a NAT64, another name", "not sent, 4.7.5, 1 connections; sts certificate-host-mismatch")
                .containsEntry(
                        "behind a discovered NAT64, another name",
                        "not sent, 4.7.5, 1 connections; sts certificate-host-mismatch")
                .containsEntry("before a restart", "1 sent, MTA_STS; sts success")
                .containsEntry("after it, all taken away", "not sent, 4.7.4, 1 connections; sts starttls-not-supported")
                .containsEntry("all taken away", "1 sent, NONE, no TLS; no-policy-found starttls-not-supported")
                .containsEntry("listed and trusted, in the report", "enforce: mx4.v4.test (id 1); questions 1")
                .containsEntry("not listed, in the report", "enforce: mx5.v4.test (id 1); questions 1")
                .containsEntry("in test, not listed, in the report", "testing: mx5.v4.test (id 1); questions 1")
                .containsEntry("mode none, in the report", "none; questions 1")
                .hasEntrySatisfying(
                        "no policy there, in the report",
                        outcome -> assertThat(outcome)
                                .startsWith("announced, but could not be fetched: sts-policy-fetch-error: ")
                                .contains("404")
                                .endsWith("; questions 1"))
                .containsEntry(
                        "after it, all taken away, in the report",
                        "enforce: mx4.v4.test (id 1, cached; not available now); questions 1")
                .hasSize(34);
    }
}
