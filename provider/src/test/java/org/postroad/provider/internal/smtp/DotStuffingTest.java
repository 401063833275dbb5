// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the last check before the network: no smuggled end of data, no truncated message. */
class DotStuffingTest {

    private static String wire(String message, long announced) throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        DotStuffing stuffing = new DotStuffing(wire);
        ContentCheck.pass(TestContent.of(message, announced), stuffing);
        stuffing.end();
        return wire.toString(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"'', '.|'", "'a|', 'a|.|'", "'.|', '..|.|'", "'..a|.b|c.|', '...a|..b|c.|.|'"})
    void smtp_aDotAtTheStartOfALineIsDoubled(String message, String wire) throws Exception {
        String text = message.replace("|", "\r\n");
        assertThat(wire(text, text.length())).isEqualTo(wire.replace("|", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource({"'a\n'", "'\n'", "'a\rb\r\n'", "'a\r\r\n'", "'a\n.\nb\r\n'", "'a\r.\r\n'", "'a'", "'a\r'"})
    void smtp_aBareLineEndIsNeverSent(String quoted) {
        String message = quoted;
        assertThatThrownBy(() -> wire(message, message.length())).isInstanceOf(IOException.class);
    }

    @Test
    void smtp_aMessageOfAnotherLengthThanAnnouncedIsNotTerminated() {
        assertThatThrownBy(() -> wire("a\r\n", 4)).hasMessageContaining("3 of the 4");
        assertThatThrownBy(() -> wire("a\r\n", 2)).hasMessageContaining("longer than the 2");
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.of("\r", "\n", ".", "a", "\r\n", "\r\n.\r\n", "\n.\n", "\r.\r")
                .list()
                .ofMaxSize(30)
                .map(parts -> String.join("", parts));
    }

    /** For any input: either it is rejected, or a strict receiver sees exactly one message with exactly our octets. */
    @Property
    void smtp_aStrictReceiverSeesExactlyOurMessage(@ForAll("hostile") String message) {
        String wire;
        try {
            wire = wire(message, message.length());
        } catch (IOException refused) {
            assertThat(message.isEmpty() || !isCanonical(message)).isTrue();
            return;
        }
        assertThat(isCanonical(message)).isTrue();
        String end = wire.startsWith(".\r\n") ? "" : wire.substring(0, wire.indexOf("\r\n.\r\n") + 2);
        assertThat(end.length() + 3).isEqualTo(wire.length());
        String received = ("\r\n" + end).replace("\r\n..", "\r\n.").substring(2);
        assertThat(received).isEqualTo(message);
    }

    private static boolean isCanonical(String message) {
        String rest = message.replace("\r\n", "");
        return !rest.contains("\r") && !rest.contains("\n") && (message.isEmpty() || message.endsWith("\r\n"));
    }
}
