// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.provider.internal.route.ErrorPolicy.Disposition;

/** The meaning of each outcome, one per row. */
class ErrorPolicyTest {

    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
            250-END_OF_DATA | DELIVERED    | 2.0.0
            200-END_OF_DATA | DELIVERED    | 2.0.0
            no-answer       | SOFT         | 4.4.1
            broken          | SOFT         | 4.4.2
            doubt           | IN_DOUBT     | 4.4.2
            unfit-5.6.3     | HOST_REFUSED | 5.6.3
            unfit-4.7.4     | SOFT         | 4.7.4
            421-GREETING    | SOFT         | 4.0.0
            500-GREETING    | HOST_REFUSED | 5.0.0
            599-EHLO        | HOST_REFUSED | 5.0.0
            550-CONNECT     | HOST_REFUSED | 5.0.0
            499-EHLO        | SOFT         | 4.0.0
            454-STARTTLS    | SOFT         | 4.0.0
            501-STARTTLS    | SOFT         | 4.7.4
            454-AUTH        | SOFT         | 4.0.0
            535-AUTH        | SOFT         | 4.7.8
            550-MAIL        | REJECTED     | 5.0.0
            552-RCPT        | REJECTED     | 5.0.0
            554-DATA        | REJECTED     | 5.0.0
            552-END_OF_DATA | REJECTED     | 5.0.0
            451-END_OF_DATA | SOFT         | 4.0.0
            250-DATA        | SOFT         | 4.5.0
            354-RCPT        | SOFT         | 4.5.0
            """)
    void TRY_eachOutcomeHasItsDisposition(String script, Disposition meaning, String status) {
        RecipientOutcome result = Simulation.outcome(Simulation.U, script);
        assertThat(ErrorPolicy.meaning(result.stage(), result.outcome())).isEqualTo(meaning);
        assertThat(ErrorPolicy.status(result.stage(), result.outcome())).hasToString(status);
    }

    @Test
    void TRY_02_theServersOwnEnhancedStatusIsKept() {
        Outcome refused = new Outcome.Refused(new Reply(550, List.of("5.7.1 not you")));
        assertThat(ErrorPolicy.status(Stage.RCPT, refused)).hasToString("5.7.1");
    }

    @ParameterizedTest(name = "{0}, accepted before {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            452-RCPT        | true  | true
            552-RCPT        | true  | true
            452-RCPT        | false | false
            552-RCPT        | false | false
            450-RCPT        | true  | false
            550-RCPT        | true  | false
            452-MAIL        | true  | false
            452-END_OF_DATA | true  | false
            no-answer       | true  | false
            """)
    void TRY_08_tooManyRecipientsIsRecognised(String script, boolean acceptedBefore, boolean tooMany) {
        RecipientOutcome result = Simulation.outcome(Simulation.U, script);
        assertThat(ErrorPolicy.isTooManyRecipients(result.stage(), result.outcome(), acceptedBefore))
                .isEqualTo(tooMany);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            499-END_OF_DATA | false
            500-END_OF_DATA | true
            502-DATA        | true
            504-END_OF_DATA | true
            505-END_OF_DATA | false
            554-END_OF_DATA | false
            500-RCPT        | false
            250-END_OF_DATA | false
            broken          | false
            """)
    void chunking_aRefusalOfTheCommandIsDistinguishedFromOneOfTheMessage(String script, boolean refused) {
        RecipientOutcome result = Simulation.outcome(Simulation.U, script);
        assertThat(ErrorPolicy.isCommandRefused(result.stage(), result.outcome()))
                .isEqualTo(refused);
    }

    private static Outcome refused(int code, String text) {
        return new Outcome.Refused(new Reply(code, List.of(text)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            450 | 4.7.1 try again later        | true
            451 | 4.7.1 come back              | true
            450 | 4.2.0 Greylisted for 300 s   | true
            451 | you are on our gray list     | true
            450 | 4.2.1 grey-listing in action | true
            450 | 4.2.1 mailbox busy           | false
            452 | 4.7.1 greylisted             | false
            449 | 4.7.1 greylisted             | false
            550 | 5.7.1 greylisted             | false
            """)
    void RETRY_01_greylistingIsRecognised(int code, String text, boolean greylisting) {
        assertThat(ErrorPolicy.isGreylisting(Stage.RCPT, refused(code, text))).isEqualTo(greylisting);
        assertThat(ErrorPolicy.isGreylisting(Stage.RCPT, new Outcome.BadConnection(text)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            550 | 5.7.1 not from your network  | true
            554 | 5.7.26 no authentication     | true
            550 | 5.1.1 no such user           | false
            550 | no such user                 | false
            450 | 4.7.1 later                  | false
            """)
    void RETRY_01_policyRefusalsAreRecognised(int code, String text, boolean policy) {
        assertThat(ErrorPolicy.isPolicyRefusal(refused(code, text))).isEqualTo(policy);
        assertThat(ErrorPolicy.isPolicyRefusal(new Outcome.BadConnection(text))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"DELIVERED, false", "REJECTED, false", "IN_DOUBT, false", "SOFT, true", "HOST_REFUSED, true"})
    void TRY_06_onlyPendingRecipientsGoToTheNextHost(Disposition meaning, boolean open) {
        assertThat(meaning.isOpen()).isEqualTo(open);
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550, 5.1.1 no such user, true",
        "RCPT, 551, 5.1.6 moved, true",
        "RCPT, 550, 5.1.2 no such domain, false",
        "RCPT, 550, no such user, false",
        "MAIL, 550, 5.1.1 no such sender, false",
        "END_OF_DATA, 550, 5.1.1 no such user, false"
    })
    void RETRY_refusalsBecauseOfAMissingMailboxAreRecognised(Stage stage, int code, String text, boolean unknown) {
        assertThat(ErrorPolicy.isUnknownMailbox(stage, refused(code, text))).isEqualTo(unknown);
        assertThat(ErrorPolicy.isUnknownMailbox(stage, new Outcome.BadConnection(text)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "499 no, false, false, false",
        "500 no, true, false, false",
        "501 no, true, true, false",
        "501 5.0.0 no, true, true, false",
        "501 5.5.2 no, true, true, false",
        "501 5.5.4 no, true, true, true",
        "501 5.1.3 no, true, false, false",
        "502 5.5.1 no, true, false, false",
        "503 5.5.1 no, true, false, false",
        "504 no, true, true, false",
        "504 5.7.1 no, true, false, false",
        "505 no, false, false, false",
        "550 5.1.1 no, false, false, false",
        "550 5.5.4 no, false, true, true",
        "451 4.5.4 no, false, true, true",
        "455 no, false, true, true",
        "555 no, false, true, true",
        "555 5.5.4 no, false, true, true"
    })
    void policy_aRefusalMayConcernTheCommandOrItsParameters(
            String text, boolean command, boolean perhapsParameters, boolean parameters) {
        Reply reply = new Reply(Integer.parseInt(text.substring(0, 3)), List.of(text.substring(4)));
        assertThat(ErrorPolicy.isCommandRefused(reply)).isEqualTo(command);
        assertThat(ErrorPolicy.mayMeanParameters(reply)).isEqualTo(perhapsParameters);
        assertThat(ErrorPolicy.isParameterRefused(reply)).isEqualTo(parameters);
    }

    @ParameterizedTest(name = "{0}, content taken {1}: {2}, connection lost: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            broken          | false | true  | true
            broken          | true  | true  | true
            doubt           | false | false | true
            no-answer       | false | false | false
            421-MAIL        | false | true  | true
            421-RCPT        | true  | true  | true
            451-MAIL        | false | true  | false
            451-MAIL        | true  | false | false
            550-DATA        | false | true  | false
            450-RCPT        | false | false | false
            250-END_OF_DATA | false | false | false
            unfit-5.6.3     | false | false | false
            """)
    void TRY_09_whatMayConcernTheSession(String script, boolean contentTaken, boolean session, boolean lost) {
        RecipientOutcome result = Simulation.outcome(Simulation.U, script);
        assertThat(ErrorPolicy.mayConcernSession(result.stage(), result.outcome(), contentTaken))
                .isEqualTo(session);
        assertThat(ErrorPolicy.isConnectionLost(result.outcome())).isEqualTo(lost);
    }
}
