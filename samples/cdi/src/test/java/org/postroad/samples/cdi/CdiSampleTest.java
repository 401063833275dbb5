// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.eclipse.microprofile.health.Readiness;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample works as its README says: all beans are found by the container, those of Postroad's jar among them. */
@Timeout(300)
class CdiSampleTest {

    @Test
    void cdi_mailTakesTheRelayOfItsSender() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean asExpected = CdiSample.runs(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(asExpected).as(text).isTrue();
        assertThat(text.lines())
                .containsExactly(
                        "from shop.test:",
                        "  ann@news.test: DELIVERED by RELAY",
                        "  bob@lists.test: DELIVERED by RELAY",
                        "  messages at the relay of shop.test: 2",
                        "from bank.test:",
                        "  ann@news.test: DELIVERED by RELAY",
                        "  bob@lists.test: DELIVERED by RELAY",
                        "  messages at the relay of bank.test: 2");
    }

    @Test
    void cdi_theHealthCheckIsDownIfThereIsAProblem() {
        try (SeContainer container = SeContainerInitializer.newInstance().initialize()) {
            HealthCheckResponse health = container
                    .select(MailReadiness.class, Readiness.Literal.INSTANCE)
                    .get()
                    .call();
            String report = (String) health.getData().orElseThrow().get("report");
            assertThat(report)
                    .contains("internet mail (Transport.send) is org.postroad.provider.MxTransport")
                    .contains("RelaySelector: org.postroad.samples.cdi.SenderRelays (CDI bean)");
            // Whether this machine has a network is unknown.
            boolean hasProblem = report.lines().anyMatch(line -> line.startsWith("problem: "));
            assertThat(health.getStatus()).isEqualTo(hasProblem ? Status.DOWN : Status.UP);
        }
    }
}
