// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.message.Samples.COMPLETE;
import static org.postroad.provider.internal.message.Samples.facts;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The facts that are computed while a message is stored. */
final class FactsTest {

    private static final String MIXED = COMPLETE + "Content-Type: multipart/mixed; boundary=B\r\n\r\n";

    @Test
    void message_sizeIsThatOfTheCanonicalFormWithoutDotStuffing() {
        MessageFacts facts = facts(COMPLETE.replace("\r", "") + "Bcc: x@example.org\n\n.\n..\rend");
        assertThat(facts.size()).isEqualTo((COMPLETE + "\r\n.\r\n..\r\nend\r\n").length());
    }

    @Test
    void message_ofPlainAsciiNeedsNothing() {
        MessageFacts facts = facts(COMPLETE + "Subject: x\r\n\r\n~\u007f\r\n");
        assertThat(facts)
                .isEqualTo(new MessageFacts(
                        facts.size(), false, false, "Date: Tue, 3 Nov 2026 04:05:06 +0000".length(), false, false));
    }

    @Test
    void message_octetsAbove127AreDistinguishedByHeaderAndBody() {
        MessageFacts inBody = facts(COMPLETE + "\r\n\u0080\r\n");
        assertThat(inBody.has8bitBody()).isTrue();
        assertThat(inBody.hasNonAsciiHeader()).isFalse();
        MessageFacts inHeader = facts(COMPLETE + "Subject: \u00c3\u00a9\r\n\r\nx\r\n");
        assertThat(inHeader.has8bitBody()).isFalse();
        assertThat(inHeader.hasNonAsciiHeader()).isTrue();
    }

    @Test
    void message_droppedFieldsDoNotCount() {
        assertThat(facts(COMPLETE + "Bcc: \u00ff@example.org\r\n\r\n").hasNonAsciiHeader())
                .isFalse();
    }

    @Test
    void message_partHeaderNeedsSmtpUtf8() {
        MessageFacts facts =
                facts(MIXED + "--B\r\nContent-Disposition: attachment; filename=\u00c3\u00a9\r\n\r\nx\r\n--B--\r\n");
        assertThat(facts.hasNonAsciiHeader()).isTrue();
        assertThat(facts.has8bitBody()).isFalse();
    }

    @Test
    void message_headerOfAnEmbeddedMessageCountsAsBody() {
        MessageFacts facts =
                facts(MIXED + "--B\r\nContent-Type: message/rfc822\r\n\r\nSubject: \u00e9\r\n\r\nx\r\n--B--\r\n");
        assertThat(facts.hasNonAsciiHeader()).isFalse();
        assertThat(facts.has8bitBody()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00e9\r\n--B\r\n\r\nx\r\n--B--\r\n",
                "--B\r\n\r\nx\r\n--B--\r\n\u00e9\r\n",
                "--B\r\n\r\n\u00e9\r\n--B--\r\n",
                "--B\r\n\r\nx\r\n--Bad\u00e9\r\n--B--\r\n"
            })
    void message_preambleContentAndEpilogueCountAsBody(String body) {
        assertThat(facts(MIXED + body).has8bitBody()).isTrue();
        assertThat(facts(MIXED + body).hasNonAsciiHeader()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {997, 998, 999, 8191, 8192, 8193, 16384, 100_000})
    void message_longestLineIsExactAtAnyPosition(int length) {
        String line = "x".repeat(length);
        // Signed content is not encoded.
        String signed = COMPLETE + "DKIM-Signature: x\r\n";
        assertThat(facts(signed + "\r\n" + line + "\r\nshort\r\n").longestLine())
                .isEqualTo(length);
        assertThat(facts(signed + "\r\nshort\r\n" + line).longestLine()).isEqualTo(length);
        assertThat(facts(COMPLETE + "X:" + line.substring(2) + "\r\n\r\n").longestLine())
                .isEqualTo(length);
        assertThat(facts(signed + "\r\n" + line + "\r\n").hasOverlongLine()).isEqualTo(length > 998);
    }

    @Test
    void message_nulIsFoundInHeaderAndBody() throws IOException {
        assertThat(measured(COMPLETE + "X: a\0b\r\n\r\n").hasNul()).isTrue();
        assertThat(measured(COMPLETE + "\r\na\0b\r\n").hasNul()).isTrue();
        assertThat(measured(COMPLETE + "\r\nab\r\n").hasNul()).isFalse();
    }

    private static MessageFacts measured(String message) throws IOException {
        return CanonicalSpool.of(Samples.octets(message)).facts();
    }

    @Test
    void message_dkimSignatureCountsOnlyInItsOwnHeader() {
        assertThat(facts(COMPLETE + "dkim-signature : v=1;\r\n b=x\r\n\r\n").hasDkimSignature())
                .isTrue();
        assertThat(facts(COMPLETE + "X: y\r\n DKIM-Signature: v=1\r\n\r\nDKIM-Signature: v=1\r\n")
                        .hasDkimSignature())
                .isFalse();
        assertThat(facts(COMPLETE + "Content-Type: message/rfc822\r\n\r\nDKIM-Signature: v=1\r\n\r\n")
                        .hasDkimSignature())
                .isFalse();
    }
}
