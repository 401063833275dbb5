// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueOptionsTest {

    private static final Instant NOON = Instant.parse("2030-01-01T12:00:00Z");

    @Test
    void queue_optionsAreKept() {
        QueueOptions options = QueueOptions.NONE
                .withGiveUpBy(NOON.plusMillis(1))
                .withSendAt(NOON)
                .withPriority(Priority.HIGH)
                .withKey("!order~17");
        assertThat(options.key()).contains("!order~17");
        assertThat(options.sendAt()).contains(NOON);
        assertThat(options.giveUpBy()).contains(NOON.plusMillis(1));
        assertThat(options.priority()).isEqualTo(Priority.HIGH);
        assertThat(QueueOptions.NONE.priority()).isEqualTo(Priority.NORMAL);
    }

    @Test
    void queue_aKeyHasALimit() {
        assertThat(QueueOptions.NONE.withKey("k".repeat(199)).key()).isPresent();
        assertThat(QueueOptions.NONE.withKey("k".repeat(200)).key()).isPresent();
        assertThatThrownBy(() -> QueueOptions.NONE.withKey("k".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "with 201 characters is not 1 to 200 characters of printable ASCII without spaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a\n", "\u007f", "\u00e9"})
    void queue_aKeyIsPrintableAscii(String key) {
        assertThatThrownBy(() -> QueueOptions.NONE.withKey(key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void queue_aMessageIsNotGivenUpBeforeItIsSent() {
        for (Instant early : new Instant[] {NOON, NOON.minusMillis(1)}) {
            assertThatThrownBy(() -> QueueOptions.NONE.withSendAt(NOON).withGiveUpBy(early))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The message would be given up at " + early
                            + ", which is not later than 2030-01-01T12:00:00Z, when it would be sent");
            assertThatThrownBy(() -> QueueOptions.NONE.withGiveUpBy(early).withSendAt(NOON))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
