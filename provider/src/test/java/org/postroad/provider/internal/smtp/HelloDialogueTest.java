// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.HostName;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/** Tests the negotiation from the greeting to the extensions: one row for every state and class of reply. */
class HelloDialogueTest {

    private static final HostName SELF = HostName.parse("client.test");

    private static String doing(SmtpDialogue.DialogueStep step) {
        if (step instanceof SmtpDialogue.Send send) {
            return send.group().get(0).line().substring(0, 4);
        }
        return step instanceof SmtpDialogue.Await ? "await" : "done";
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // replies so far | next step | failed at | broken
                "'',                  await,              -,          false",
                "220,                 EHLO,               -,          false",
                "354,                 done,               GREETING,   false",
                "450,                 done,               GREETING,   false",
                "554,                 done,               GREETING,   false",
                "421,                 done,               GREETING,   true",
                "220 250,             done,               -,          false",
                "220 354,             done,               EHLO,       false",
                "220 450,             done,               EHLO,       false",
                "220 421,             done,               EHLO,       true",
                "220 502,             HELO,               -,          false",
                "220 502 250,         done,               -,          false",
                "220 502 502,         done,               EHLO,       false",
                "220 502 450,         done,               EHLO,       false",
                "220 502 421,         done,               EHLO,       true"
            })
    void TRY_04_helloHasTheExpectedSteps(String replies, String then, Stage failedAt, boolean broken) {
        HelloDialogue hello = HelloDialogue.fromGreeting(SELF);
        for (String code : replies.isEmpty() ? new String[0] : replies.split(" ")) {
            hello.reply(new Reply(Integer.parseInt(code), List.of("x", "SIZE 5")));
        }
        assertThat(doing(hello.next())).isEqualTo(then);
        assertThat(hello.failure().map(SmtpFailure::stage).orElse(null)).isEqualTo(failedAt);
        assertThat(hello.isBroken()).isEqualTo(broken);
        assertThat(hello.extensions().size()).isEqualTo(replies.equals("220 250"));
    }

    @Test
    void TRY_07_aLostConnectionIsABadConnection() {
        HelloDialogue hello = HelloDialogue.fromEhlo(SELF);
        hello.lost("gone");
        assertThat(hello.isBroken()).isTrue();
        assertThat(hello.failure().orElseThrow())
                .isEqualTo(new SmtpFailure(Stage.EHLO, new Outcome.BadConnection("gone")));
    }
}
