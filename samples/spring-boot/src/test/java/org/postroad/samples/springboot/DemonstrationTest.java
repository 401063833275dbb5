// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample works as its README says. */
@Timeout(120)
class DemonstrationTest {

    @Test
    void outbox_anOrderAndItsMailAreStoredTogetherOrNotAtAll() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean asPromised = Demonstration.runs(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(asPromised).as(text).isTrue();
        assertThat(text.lines())
                .containsExactly(
                        "The payment for the lamp was refused",
                        "Everything delivered: true",
                        "In the database: [book]",
                        "Arrived: [Subject: Your order: book, Subject: Your order: book]",
                        "Health of the queue: UP",
                        "ok: transport: internet mail (Transport.send) is org.postroad.provider.MxQueueTransport");
    }
}
