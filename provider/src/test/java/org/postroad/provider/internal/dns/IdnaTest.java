// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.HostName;

/** Conversion of domains to A-labels, with ICU4J and with the JDK alone (LOOKUP-01). */
class IdnaTest {

    private static final UnaryOperator<String> ICU = IcuIdna.converter();
    private static final UnaryOperator<String> JDK = JdkIdna::toAscii;

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "EXAMPLE.org., example.org",
        "_dmarc.example.org, _dmarc.example.org",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "Bücher.Example, xn--bcher-kva.example",
        "bücher.example., xn--bcher-kva.example",
        "bücher。example, xn--bcher-kva.example",
        "bücher．example｡, xn--bcher-kva.example",
        "ｅｘａｍｐｌｅ.org, example.org",
        "ΑΣ.example, xn--mxa0b.example",
        "例え.テスト, xn--r8jz45g.xn--zckzah"
    })
    void LOOKUP_01_domainsBecomeALabels(String domain, String expected) {
        assertThat(Idna.toHostName(domain)).isEqualTo(new HostName(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "Bücher.Example, xn--bcher-kva.example",
        "bücher.example., xn--bcher-kva.example",
        "bücher。example, xn--bcher-kva.example",
        "bücher．example｡, xn--bcher-kva.example",
        "ｅｘａｍｐｌｅ.org, example.org",
        "例え.テスト, xn--r8jz45g.xn--zckzah"
    })
    void LOOKUP_01_theFallbackHasTheSameResults(String domain, String expected) {
        assertThat(Idna.toHostName(domain, JDK)).isEqualTo(new HostName(expected));
    }

    @Test
    void LOOKUP_01_deviationsAreKeptByUts46AndRefusedByTheFallback() {
        assertThat(Idna.toHostName("straße.example")).hasToString("xn--strae-oqa.example");
        assertThat(Idna.toHostName("βόλος.example")).hasToString("xn--nxasmm1c.example");
        for (String domain : List.of("straße.example", "βόλος.example", "نامه\u200cای.example", "ශ්\u200dරී.example")) {
            assertThat(Idna.toHostName(domain)).isNotNull();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Idna.toHostName(domain, JDK))
                    .withMessageContaining("add com.ibm.icu:icu4j");
        }
    }

    @Test
    void LOOKUP_01_theFallbackRefusesUnknownCharacters() {
        assertThat(Idna.toHostName("a\u1e9eb.example")).as("capital sharp s").isNotNull();
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toHostName("a\u1e9eb.example", JDK));
        assertThatIllegalArgumentException()
                .as("a capital that had no small letter in Unicode 3.2")
                .isThrownBy(() -> Idna.toHostName("\u04c0.example", JDK))
                .withMessageContaining("add com.ibm.icu:icu4j");
    }

    /** Every code point: if both converters accept it, they return the same domain. */
    @Test
    void LOOKUP_01_theFallbackNeverMakesAnotherDomain() {
        List<String> wrong = new ArrayList<>();
        int agreed = 0;
        for (int c = 0x80; c <= Character.MAX_CODE_POINT; c++) {
            if (Character.isDefined(c)) {
                String domain = "a" + Character.toString(c) + "b.example";
                Optional<HostName> jdk = convert(domain, JDK);
                Optional<HostName> icu = jdk.flatMap(found -> convert(domain, ICU));
                if (icu.isPresent() && !icu.equals(jdk)) {
                    wrong.add(String.format("U+%04X: %s, not %s", c, jdk.get(), icu.get()));
                }
                agreed += icu.isPresent() && icu.equals(jdk) ? 1 : 0;
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(agreed).as("it still does something").isGreaterThan(50_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a..b",
                "ü..b",
                ".ü",
                "a b.example",
                "a\r\nb.example",
                "ü\r\n.example",
                "ü\u0000.example",
                "ü\ud800.example",
                "a@b.example",
                "a\u2100b.example",
                "ü/b.example"
            })
    void idna_anInvalidDomainIsRefusedByBothImplementations(String domain) {
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toHostName(domain));
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toHostName(domain, ICU));
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toHostName(domain, JDK));
    }

    @Test
    void idna_lengthsHaveLimits() {
        String label = "a".repeat(61);
        assertThat(Idna.toHostName(label + "aa.example").text()).hasSize(71);
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toHostName(label + "aaa.example"));
        String three = (label + "aa.").repeat(3);
        assertThat(Idna.toHostName(three + label).text()).hasSize(253);
        assertThatIllegalArgumentException().isThrownBy(() -> Idna.toHostName(three + label + "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idna.toHostName("ü".repeat(Idna.MAX_INPUT + 1)))
                .withMessageContaining("at most " + Idna.MAX_INPUT);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idna.toHostName("ü".repeat(Idna.MAX_INPUT)))
                .withMessageNotContaining("at most " + Idna.MAX_INPUT);
    }

    private static Optional<HostName> convert(String domain, UnaryOperator<String> converter) {
        try {
            return Optional.of(Idna.toHostName(domain, converter));
        } catch (IllegalArgumentException refused) {
            return Optional.empty();
        }
    }
}
