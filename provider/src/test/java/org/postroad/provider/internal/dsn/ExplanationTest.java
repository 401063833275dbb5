// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.EnhancedStatus;

/** The human-readable explanation and advice for each status. */
class ExplanationTest {

    private static final List<EnhancedStatus> WITHOUT_WORDS_OF_THEIR_OWN = List.of(
            EnhancedStatus.SUCCESS_2_0_0,
            EnhancedStatus.UNDEFINED_4_0_0,
            EnhancedStatus.UNDEFINED_5_0_0,
            EnhancedStatus.MAIL_SYSTEM_4_3_0,
            EnhancedStatus.PROTOCOL_4_5_0);

    @Test
    void everyStatusOfOurs_hasAnExplanation() {
        String general = Explanation.of(Samples.found("a@example.org", EnhancedStatus.UNDEFINED_5_0_0))
                .happened();
        assertThat(general).isEqualTo("The message could not be handed over to example.org.");

        List<EnhancedStatus> constants = Arrays.stream(EnhancedStatus.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(ExplanationTest::status)
                .filter(status -> !WITHOUT_WORDS_OF_THEIR_OWN.contains(status))
                .toList();
        assertThat(constants)
                .hasSizeGreaterThan(15)
                .allSatisfy(status -> assertThat(Explanation.of(Samples.found("a@example.org", status))
                                .happened())
                        .isNotEqualTo(general));
    }

    @ParameterizedTest
    @CsvSource({
        "5.1.2, nothing in the Internet named example.org",
        "5.1.10, receives no mail",
        "4.3.5, Our own mail system",
        "4.4.1, No mail server of example.org answered",
        "4.4.2, broke",
        "4.4.3, could not find out which server",
        "5.4.3, no usable address",
        "5.4.4, cannot be reached from our network",
        "5.4.6, come back to ourselves",
        "4.4.7, in time",
        "5.3.4, larger than example.org takes",
        "5.6.7, characters",
        "4.7.5, secure",
        "4.7.8, did not let us in"
    })
    void whatWeFoundOut(String status, String words) {
        assertThat(Explanation.of(Samples.found(
                                "a@example.org", EnhancedStatus.tryParse(status).orElseThrow()))
                        .happened())
                .contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "550, 5.1.1 x, There is no such mailbox at example.org.",
        "550, 5.1.2 x, The mail server of example.org does not accept this address.",
        "450, 4.1.8 x, The mail server of example.org does not accept this address for now.",
        "550, 5.2.1 x, The mailbox is closed.",
        "450, 4.2.1 x, The mailbox is closed for now.",
        "452, 4.2.2 x, The mailbox is full.",
        "552, 5.2.3 x, The message is larger than example.org takes.",
        "550, 5.7.1 x, The mail server of example.org does not accept the message under its rules.",
        "550, spam?, The mail server of example.org did not take the message.",
        "451, later, The mail server of example.org did not take the message for now."
    })
    void whatAServerSaid(int code, String line, String words) {
        assertThat(Explanation.of(Samples.refused("a@example.org", code, line)).happened())
                .isEqualTo(words);
    }

    /**
     * Some servers refuse unknown addresses with 5.4.1. A server that sent this reply was reached, so the text must not blame the network.
     */
    @Test
    void networkCode_ofAServer_isNotExplainedAsOurNetwork() {
        assertThat(Explanation.of(Samples.refused("a@example.org", 550, "5.4.1 Recipient address rejected"))
                        .happened())
                .isEqualTo("The mail server of example.org did not take the message.");
    }

    @Test
    void lostConnection_isExplainedAsPossiblyDelivered() {
        assertThat(Explanation.of(Samples.found("a@example.org", EnhancedStatus.BAD_CONNECTION_4_4_2))
                        .advice())
                .contains("possible that the message arrived");
    }

    @Test
    void advice_forAGeneralStatus_dependsOnItsClass() {
        assertThat(Explanation.of(Samples.refused("a@example.org", 451, "later"))
                        .advice())
                .contains("again later");
        assertThat(Explanation.of(Samples.refused("a@example.org", 550, "no")).advice())
                .contains("another way");
        assertThat(Explanation.of(Samples.found("a@example.org", EnhancedStatus.UNDEFINED_4_0_0))
                        .advice())
                .contains("again later");
        assertThat(Explanation.of(Samples.found("a@example.org", EnhancedStatus.UNDEFINED_5_0_0))
                        .advice())
                .doesNotContain("again");
    }

    private static EnhancedStatus status(Field field) {
        try {
            return (EnhancedStatus) Optional.ofNullable(field.get(null)).orElseThrow();
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
