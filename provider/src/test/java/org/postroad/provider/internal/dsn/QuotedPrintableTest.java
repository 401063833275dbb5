// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The quoted-printable encoding. */
final class QuotedPrintableTest {

    @Example
    void onlyNecessaryCharacters_areEncoded() throws Exception {
        assertThat(encoded("a=b \r\nc\td\r\n\r\n\t\r\n\u00e9")).isEqualTo("a=3Db=20\r\nc\td\r\n\r\n=09\r\n=C3=A9");
        assertThat(encoded("a\rb\nc\r")).isEqualTo("a=0Db=0Ac=0D");
        assertThat(encoded(" \r")).isEqualTo(" =0D");
        assertThat(encoded("end ")).isEqualTo("end=20");
    }

    @Example
    void softBreak_comesAtTheWidth() throws Exception {
        assertThat(encoded("x".repeat(75))).isEqualTo("x".repeat(75));
        assertThat(encoded("x".repeat(76))).isEqualTo("x".repeat(75) + "=\r\nx");
        assertThat(encoded("x".repeat(72) + "==")).isEqualTo("x".repeat(72) + "=3D=\r\n=3D");
    }

    @Property(tries = 500)
    void decodesToTheSame(@ForAll("texts") String text) throws Exception {
        String encoded = encoded(text);
        byte[] decoded = MimeUtility.decode(
                        new ByteArrayInputStream(encoded.getBytes(StandardCharsets.US_ASCII)), "quoted-printable")
                .readAllBytes();

        assertThat(new String(decoded, StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(encoded.split("\r\n")).allMatch(line -> line.length() <= QuotedPrintable.MAX_LINE);
        assertThat(encoded.split("\r\n")).noneMatch(line -> line.endsWith(" ") || line.endsWith("\t"));
        assertThat(encoded.chars()).allMatch(c -> c < 0x7f);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "\r\n", "\r", "\n", " ", "\t", "=", ".", "\u00e9", "\ud83d\ude00", "\0", "a", "word word word")
                .list()
                .ofMaxSize(80)
                .map(pieces -> String.join("", pieces));
    }

    private static String encoded(String text) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        QuotedPrintable encoder = new QuotedPrintable(out);
        encoder.write(text.getBytes(StandardCharsets.UTF_8));
        encoder.finish();
        return out.toString(StandardCharsets.US_ASCII);
    }
}
