// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;

/** Use of PIPELINING and LIMITS in a whole send. */
@Timeout(300)
class PipeliningTransportTest extends TransportTesting {

    @BeforeEach
    void offer() {
        mx4.keywords("PIPELINING", "LIMITS RCPTMAX=2");
    }

    @Test
    void TRY_08_tooManyRecipientsGoIntoAnotherTransactionAndTheFirstSucceeds() throws Exception {
        mx4.keywords("PIPELINING").onCommand("RCPT TO:<b@", "452 4.5.3 too many recipients", 1);
        send(message("a@v4.test", "b@v4.test", "c@v4.test"));
        assertThat(mx4.connections()).isEqualTo(1);
        assertThat(mx4.received())
                .extracting(message -> message.recipients().size())
                .containsExactly(2, 1);
    }

    @Test
    void TRY_06_onlyTheTemporarilyRefusedRecipientIsSentToTheNextHost() throws Exception {
        dns.zone("""
                two.test.     MX 10 mx4.two.test.
                two.test.     MX 20 mx6.two.test.
                mx4.two.test. A 192.0.2.4
                mx6.two.test. AAAA 2001:db8::6
                """);
        mx4.onCommand("RCPT TO:<b@", "450 4.2.1 later");
        send(message("a@two.test", "b@two.test"));
        assertThat(mx4.received())
                .singleElement()
                .satisfies(message -> assertThat(message.recipients()).containsExactly("<a@two.test>"));
        assertThat(mx6.received())
                .singleElement()
                .satisfies(message -> assertThat(message.recipients()).containsExactly("<b@two.test>"));
    }

    @Test
    void limits_aTransactionHasNoMoreRecipientsThanRcptmax() throws Exception {
        send(message("a@v4.test", "b@v4.test", "c@v4.test", "d@v4.test", "e@v4.test"));
        assertThat(mx4.connections()).isEqualTo(1);
        assertThat(mx4.received())
                .extracting(message -> message.recipients().size())
                .containsExactly(2, 2, 1);
    }

    @Test
    void pipelining_canBeSwitchedOff() throws Exception {
        mx4.keywords("PIPELINING");
        int turns = turnsOfASend();
        properties.setProperty("mail.mx.pipelining.enable", "false");
        // MAIL, RCPT twice and DATA separately: three turns more than in one group.
        assertThat(turnsOfASend()).isEqualTo(turns + 3);
    }

    private int turnsOfASend() throws Exception {
        int before = mx4.turns();
        send(message("a@v4.test", "b@v4.test"));
        transcript.await(line -> mx4.openConnections() == 0, Duration.ofSeconds(30)); // QUIT is counted too
        return mx4.turns() - before;
    }

    @Test
    void TRY_02_aDomainWithoutPendingRecipientsKeepsItsResults() throws Exception {
        mx4.keywords("PIPELINING").onCommand("RCPT", "550 5.1.1 no such user");
        assertThat(failure("a@v4.test", "b@v4.test").report().recipients())
                .hasSize(2)
                .extracting(RecipientReport::verdict)
                .containsOnly(Verdict.FAILED);
        assertThat(mx4.received()).isEmpty();
    }

    @Test
    void pipelining_aReplyAboutTheCommandDoesNotMakeTheAddressInvalid() throws Exception {
        mx4.keywords("PIPELINING").onCommand("RCPT TO:<b@", "503 5.5.1 not so fast", 1);
        send(message("a@v4.test", "b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
        assertThat(mx4.connections()).isEqualTo(1);
    }

    @Test
    void dsn_aReplyAboutAParameterDoesNotMakeTheAddressInvalid() throws Exception {
        properties.setProperty("mail.mx.dsn.notify", "FAILURE");
        mx4.keywords("PIPELINING", "DSN").onCommand("RCPT TO:<a@v4.test> NOTIFY", "555 5.5.4 unsupported");
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        mx4.onCommand("RCPT", "555 5.5.4 unsupported");
        MxSendFailedException failure = failure("a@v4.test");
        assertThat(failure.getInvalidAddresses()).isEmpty();
        assertThat(failure.getValidUnsentAddresses()).hasSize(1);
    }
}
