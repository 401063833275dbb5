// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Mailbox;

/** The values of an envelope: envelope id and NOTIFY. */
class EnvelopeTest {

    private static final Mailbox RECIPIENT = Mailbox.parse("a@v4.test");

    /** Notices repeat the id in a field of their own, which must not be empty. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "   ", "caf\u00e9", "a\tb"})
    void envid_mustBePrintableAndNotBlank(String id) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Envelope.checkedId(id))
                .withMessageStartingWith("The envelope id ");
    }

    @Test
    void envid_hasAMaximumLength() {
        assertThat(Envelope.checkedId("a".repeat(Envelope.MAX_ID))).hasSize(Envelope.MAX_ID);
        assertThatIllegalArgumentException().isThrownBy(() -> Envelope.checkedId("a".repeat(Envelope.MAX_ID + 1)));
    }

    @Test
    void notify_neverCannotBeCombined() {
        assertThat(Notify.parse("never")).containsExactly(Notify.NEVER);
        assertThat(Notify.parse("SUCCESS, delay")).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.DELAY);
        Set<Notify> both = Set.of(Notify.NEVER, Notify.DELAY);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Envelope.Recipient(RECIPIENT, both, Optional.empty()))
                .withMessageStartingWith("NOTIFY=NEVER cannot be combined with other values: ");
    }

    @Test
    void notify_anUnknownWordIsNamedWithTheAllowedOnes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Notify.parse("SOMETIMES"))
                .withMessage("\"SOMETIMES\" is not one of NEVER, SUCCESS, FAILURE, DELAY");
    }
}
