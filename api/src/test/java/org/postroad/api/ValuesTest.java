// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses, replies, deadlines, and text that is safe to show. */
class ValuesTest {

    @Test
    void status_eachConstantIsNamedByItsCode() throws IllegalAccessException {
        int constants = 0;
        for (Field field : EnhancedStatus.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType() == EnhancedStatus.class) {
                String code = ((EnhancedStatus) field.get(null)).toString().replace('.', '_');
                assertThat(field.getName()).endsWith("_" + code);
                constants++;
            }
        }
        assertThat(constants).isGreaterThan(15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5.1.1", "2.0.0", "4.999.999"})
    void status_isReadAndWritten(String text) {
        assertThat(EnhancedStatus.tryParse(text).orElseThrow()).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5.1", "3.0.0", "5.1.1000", "5.1.1.1", " 5.1.1", "5.-1.1"})
    void status_anythingElseIsNone(String text) {
        assertThat(EnhancedStatus.tryParse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "250, 2.1.5 ok, 2.1.5",
        "550, 5.1.1 no such user, 5.1.1",
        "550, 4.1.1 liar, 5.0.0",
        "451, try later, 4.0.0",
        "421, 4.3.2, 4.3.2"
    })
    void reply_itsStatusIsTheServersWhereTheClassFits(int code, String text, String status) {
        assertThat(new Reply(code, List.of(text)).status()).hasToString(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 600, 0, -1})
    void reply_codesOutsideAreRefused(int code) {
        assertThatThrownBy(() -> new Reply(code, List.of("x"))).hasMessageContaining(String.valueOf(code));
    }

    @Test
    void reply_itsTextIsCleaned() {
        assertThat(new Reply(550, List.of("a\u001b[31mred", "b"))).hasToString("550 a\\u001b[31mred / b");
    }

    @Test
    void deadline_countsDownToZeroAndNoFurther() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Deadline deadline = Deadline.after(Duration.ofSeconds(2), now::get);
        assertThat(deadline.remainingMillis()).isEqualTo(2000);
        assertThat(deadline.hasPassed()).isFalse();
        assertThat(deadline.orAfter(Duration.ofSeconds(1)).remaining()).isEqualTo(Duration.ofSeconds(1));
        assertThat(deadline.orAfter(Duration.ofSeconds(3))).isEqualTo(deadline);
        now.set(Instant.EPOCH.plusSeconds(3));
        assertThat(deadline.hasPassed()).isTrue();
        assertThat(deadline.remaining()).isZero();
        // 0 would be for ever in a socket option.
        assertThat(deadline.remainingMillis()).isEqualTo(1);
        assertThat(Deadline.after(Duration.ofDays(60), now::get).remainingMillis())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void printable_whatCouldDeceiveIsEscaped() {
        assertThat(Printable.clean("a\r\n\u202eb\u00a0c")).isEqualTo("a\\u000d\\u000a\\u202eb\\u00a0c");
        assertThat(Printable.clean("gr\u00fc\u00df dich")).isEqualTo("gr\u00fc\u00df dich");
    }

    @Test
    void printable_longTextIsCut() {
        assertThat(Printable.clean("x".repeat(100_000)).length()).isLessThan(10_000);
        assertThat(Printable.clean("x".repeat(100_000))).endsWith(" more)");
    }
}
