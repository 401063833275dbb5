// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample works as its README says. */
@Timeout(300)
class OutboxTest {

    @Test
    void outbox_anOrderAndItsMailAreStoredTogetherOrNotAtAll() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        boolean asPromised = Outbox.runs(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String text = printed.toString(StandardCharsets.UTF_8);
        assertThat(asPromised).as(text).isTrue();
        assertThat(text.lines())
                .containsExactly(
                        "JdbcShop: The payment for the lamp was refused",
                        "JtaShop: The payment for the table was refused",
                        "book: paid, in the database, confirmations: 1",
                        "lamp: not paid, not in the database, confirmations: 0",
                        "chair: paid, in the database, confirmations: 1",
                        "table: not paid, not in the database, confirmations: 0");
    }
}
