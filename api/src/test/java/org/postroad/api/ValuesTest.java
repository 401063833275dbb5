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

/** Statuses, replies, deadlines, and cleaned text. */
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
    void status_otherTextIsRefused(String text) {
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
    void reply_itsStatusIsTheServersIfTheClassMatches(int code, String text, String status) {
        assertThat(new Reply(code, List.of(text)).status()).hasToString(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 600, 0, -1})
    void reply_codesOutsideTheRangeAreRefused(int code) {
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
        assertThat(deadline.atMost(Duration.ofSeconds(1)).remaining()).isEqualTo(Duration.ofSeconds(1));
        assertThat(deadline.atMost(Duration.ofSeconds(3))).isEqualTo(deadline);
        now.set(Instant.EPOCH.plusSeconds(3));
        assertThat(deadline.hasPassed()).isTrue();
        assertThat(deadline.remaining()).isZero();
        // 0 would mean "no limit" in a socket option.
        assertThat(deadline.remainingMillis()).isEqualTo(1);
        assertThat(Deadline.after(Duration.ofDays(60), now::get).remainingMillis())
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void deadline_isAlwaysFinite() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Deadline farthest = new Deadline(Instant.MAX, now::get);
        assertThat(farthest.remainingMillis()).isEqualTo(Integer.MAX_VALUE);
        Deadline longest = Deadline.after(Duration.ofMillis(Integer.MAX_VALUE), now::get);
        assertThat(longest.remainingMillis()).isEqualTo(Integer.MAX_VALUE);
        now.set(Instant.EPOCH.plusMillis(1));
        assertThat(longest.remainingMillis()).isEqualTo(Integer.MAX_VALUE - 1);
    }

    @Test
    void deadline_aFractionOfAMillisecondIsNotExpired() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
        Deadline deadline = Deadline.after(Duration.ofNanos(1), now::get);
        assertThat(deadline.hasPassed()).isFalse();
        assertThat(deadline.remainingMillis()).isEqualTo(1);
        now.set(Instant.EPOCH.plusNanos(1));
        assertThat(deadline.hasPassed()).isTrue();
    }

    @Test
    void deadline_theSteadyClockNeverGoesBack() {
        Instant last = Deadline.MONOTONIC.instant();
        for (int i = 0; i < 10_000; i++) {
            Instant next = Deadline.MONOTONIC.instant();
            assertThat(next).isAfterOrEqualTo(last);
            last = next;
        }
    }

    @ParameterizedTest
    @CsvSource({"0, ., true", "1, ., false", "0, mx.test, false", "65535, mx.test, false"})
    void LOOKUP_07_aNullMxIsPreference0AndTheRoot(int preference, String exchange, boolean isNull) {
        assertThat(new MxRecord(preference, new DnsName(exchange)).isNull()).isEqualTo(isNull);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void mx_aPreferenceOutsideTheRangeIsRefused(int preference) {
        assertThatThrownBy(() -> new MxRecord(preference, DnsName.ROOT)).hasMessageContaining("65535");
    }

    @Test
    void tlsa_itsFieldsAreOctetsAndItsDataLowerCase() {
        assertThat(new TlsaRecord(0, 255, 255, "00FF").data()).isEqualTo("00ff");
        for (int bad : new int[] {-1, 256}) {
            assertThatThrownBy(() -> new TlsaRecord(bad, 0, 0, "")).hasMessageContaining("0 to 255");
            assertThatThrownBy(() -> new TlsaRecord(0, bad, 0, "")).hasMessageContaining("0 to 255");
            assertThatThrownBy(() -> new TlsaRecord(0, 0, bad, "")).hasMessageContaining("0 to 255");
        }
        assertThatThrownBy(() -> new TlsaRecord(0, 0, 0, "0")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "200, true, false, false, false",
        "299, true, false, false, false",
        "354, false, true, false, false",
        "421, false, false, true, false",
        "599, false, false, false, true"
    })
    void reply_isOfOneClassByItsFirstDigit(
            int code, boolean positive, boolean intermediate, boolean transientFailure, boolean permanent) {
        Reply reply = new Reply(code, List.of(""));
        assertThat(reply.isPositive()).isEqualTo(positive);
        assertThat(reply.isIntermediate()).isEqualTo(intermediate);
        assertThat(reply.isTransientFailure()).isEqualTo(transientFailure);
        assertThat(reply.isPermanentFailure()).isEqualTo(permanent);
        assertThat(reply.closesConnection()).isEqualTo(code == 421);
        assertThat(reply.status().statusClass()).isEqualTo(intermediate ? 2 : code / 100);
    }

    @Test
    void reply_mustHaveALine() {
        assertThatThrownBy(() -> new Reply(250, List.of())).hasMessageContaining("at least one line");
    }

    @Test
    void printable_deceptiveCharactersAreEscaped() {
        assertThat(Printable.clean("a\r\n\u202eb\u00a0c")).isEqualTo("a\\u000d\\u000a\\u202eb\\u00a0c");
        assertThat(Printable.clean("gr\u00fc\u00df dich")).isEqualTo("gr\u00fc\u00df dich");
    }

    @Test
    void printable_longTextIsTruncated() {
        String longest = "x".repeat(Printable.MAX_SHOWN);
        assertThat(Printable.clean(longest.substring(1))).isEqualTo(longest.substring(1));
        assertThat(Printable.clean(longest)).isEqualTo(longest);
        assertThat(Printable.clean(longest + "x")).isEqualTo(longest + "... (1 more)");
        assertThat(Printable.quote("a")).isEqualTo("\"a\"");
    }
}
