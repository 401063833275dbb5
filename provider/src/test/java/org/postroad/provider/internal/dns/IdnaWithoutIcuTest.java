// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.HostName;

/** Runs the same classes without the optional icu4j on the class path. */
class IdnaWithoutIcuTest {

    private URLClassLoader withoutIcu;
    private Class<?> idna;

    @BeforeEach
    void load() throws ClassNotFoundException {
        URL[] ours = {codeOf(Idna.class), codeOf(HostName.class)};
        withoutIcu = new URLClassLoader(ours, ClassLoader.getPlatformClassLoader());
        idna = withoutIcu.loadClass(Idna.class.getName());
    }

    @AfterEach
    void close() throws IOException {
        withoutIcu.close();
    }

    @Test
    void idna_theOptionalLibraryIsReallyMissing() throws ClassNotFoundException {
        assertThat(idna).isNotSameAs(Idna.class);
        assertThatThrownBy(() -> withoutIcu.loadClass("com.ibm.icu.text.IDNA"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(Class.forName("com.ibm.icu.text.IDNA")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Example.ORG., example.org",
        "xn--strae-oqa.example, xn--strae-oqa.example",
        "Bücher.Example, xn--bcher-kva.example",
        "例え.テスト, xn--r8jz45g.xn--zckzah"
    })
    void LOOKUP_01_domainsBecomeALabels(String domain, String expected) throws Throwable {
        assertThat(convert(domain)).isEqualTo(expected);
        assertThat(convert(domain)).as("once more").isEqualTo(expected);
        assertThat(Idna.toHostName(domain)).as("with it").hasToString(expected);
    }

    /** If the two differ, IDNA2003 would deliver the mail to a stranger: strasse.example is a different domain. */
    @ParameterizedTest
    @CsvSource({
        "straße.example, xn--strae-oqa.example",
        "βόλος.example, xn--nxasmm1c.example",
        "a\u1e9eb.example, xn--ab-gia.example",
        "\u04c0.example, xn--s5a.example"
    })
    void LOOKUP_01_domainsThatIdna2003ChangesAreRefused(String domain, String right) {
        assertThat(Idna.toHostName(domain)).as("with it").hasToString(right);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> convert(domain))
                .withMessageContaining("add com.ibm.icu:icu4j");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ü..b", "ü\u0000.example", "ü\ud800.example", "ü b.example"})
    void idna_anInvalidDomainIsRefused(String domain) {
        assertThatIllegalArgumentException().isThrownBy(() -> convert(domain));
    }

    private String convert(String domain) throws Throwable {
        try {
            return idna.getMethod("toHostName", String.class)
                    .invoke(null, domain)
                    .toString();
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static URL codeOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }
}
