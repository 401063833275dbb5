// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.Reply;

/** Tests which extensions are read from a reply to EHLO. */
class ExtensionsTest {

    private static Extensions of(String... lines) {
        List<String> all = new ArrayList<>(List.of("mx.test greets you"));
        all.addAll(Arrays.asList(lines));
        return Extensions.of(new Reply(250, all));
    }

    @Test
    void ehlo_keywordsKeepTheirOrder() {
        List<String> keywords =
                List.of("SIZE", "PIPELINING", "DSN", "CHUNKING", "8BITMIME", "STARTTLS", "VRFY", "ETRN");
        List<String> lines = new ArrayList<>(List.of("mx.test"));
        lines.addAll(keywords);
        assertThat(Extensions.of(new Reply(250, lines)).keywords().keySet()).containsExactlyElementsOf(keywords);
    }

    @Test
    void ehlo_keywordsAreCaseInsensitive() {
        Extensions offered =
                of("size 1000", "8bitMIME", "SmtpUtf8", "dsn", "StartTLS", "pipelining", "ENHANCEDSTATUSCODES");
        assertThat(offered.maximumSize()).hasValue(1000);
        assertThat(offered.eightBitMime() && offered.smtpUtf8() && offered.dsn())
                .isTrue();
        assertThat(offered.startTls() && offered.pipelining() && offered.enhancedStatusCodes())
                .isTrue();
        assertThat(offered.chunking()).isFalse();
    }

    @Test
    void ehlo_theGreetingIsNotAKeyword() {
        assertThat(Extensions.of(new Reply(250, List.of("STARTTLS"))).startTls())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "SIZE, -1",
        "SIZE 0, -1",
        "SIZE 1, 1",
        "SIZE x, -1",
        "SIZE -5, -1",
        "SIZE 999999999999999999, 999999999999999999",
        "SIZE 9999999999999999999, -1"
    })
    void ehlo_anInvalidSizeIsIgnored(String line, long expected) {
        assertThat(of(line).size()).isTrue();
        assertThat(of(line).maximumSize().orElse(-1)).isEqualTo(expected);
    }

    @Test
    void ehlo_theFirstOfTwoCountsAndGarbageIsIgnored() {
        Extensions offered = of("SIZE 10", "SIZE 20", "", "!!!", "-x", "AUTH  plain\tLOGIN ", "AUTH=LOGIN");
        assertThat(offered.maximumSize()).hasValue(10);
        assertThat(offered.authMechanisms()).containsExactly("PLAIN", "LOGIN");
        assertThat(offered.keywords()).containsOnlyKeys("SIZE", "AUTH");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AUTH=LOGIN PLAIN | LOGIN PLAIN",
                "auth= login\tplain | LOGIN PLAIN",
                "AUTH=LOGIN; AUTH=PLAIN | LOGIN",
                "AUTH PLAIN; AUTH=LOGIN PLAIN | PLAIN LOGIN",
                "AUTH=LOGIN; AUTH SCRAM-SHA-256 | SCRAM-SHA-256 LOGIN",
                "AUTH=; AUTH PLAIN | PLAIN",
                "XAUTH=PLAIN; AUTHX=LOGIN | ''"
            })
    void ehlo_theOldFormOfAuthIsRead(String lines, String mechanisms) {
        assertThat(String.join(" ", of(lines.split("; ")).authMechanisms())).isEqualTo(mechanisms);
    }

    @ParameterizedTest
    @CsvSource({"99, true", "100, false"})
    void ehlo_keywordsBeyondTheLimitAreNotRead(int before, boolean read) {
        String[] lines = new String[before + 1];
        for (int i = 0; i < before; i++) {
            lines[i] = "X" + i;
        }
        lines[before] = "STARTTLS";
        assertThat(of(lines).startTls()).isEqualTo(read);
    }

    @ParameterizedTest
    @CsvSource({"99, '', PLAIN", "100, '', ''", "99, AUTH LOGIN, LOGIN PLAIN", "100, AUTH LOGIN, ''"})
    void ehlo_theOldFormOfAuthCountsTowardsTheLimit(int before, String auth, String mechanisms) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < before; i++) {
            lines.add("X" + i);
        }
        lines.add(auth);
        lines.add("AUTH=PLAIN");
        assertThat(String.join(" ", of(lines.toArray(String[]::new)).authMechanisms()))
                .isEqualTo(mechanisms);
    }

    @Test
    void ehlo_aMissingKeywordIsNotOffered() {
        Extensions none = of("X");
        assertThat(List.of(
                        none.size(),
                        none.eightBitMime(),
                        none.requireTls(),
                        none.smtpUtf8(),
                        none.dsn(),
                        none.startTls(),
                        none.pipelining(),
                        none.chunking(),
                        none.enhancedStatusCodes()))
                .containsOnly(false);
        assertThat(of("chunking").chunking()).isTrue();
        assertThat(none.limit("RCPTMAX")).isEmpty();
        assertThat(none.authMechanisms()).isEmpty();
    }

    @Test
    void ehlo_limitsAreRead() {
        Extensions offered = of("LIMITS RCPTMAX=20 mailmax=5 RCPTDOMAINMAX=x");
        assertThat(offered.limit("RCPTMAX")).hasValue(20);
        assertThat(offered.limit("MAILMAX")).hasValue(5);
        assertThat(offered.limit("RCPTDOMAINMAX")).isEmpty();
        assertThat(offered.limit("OTHER")).isEmpty();
    }
}
