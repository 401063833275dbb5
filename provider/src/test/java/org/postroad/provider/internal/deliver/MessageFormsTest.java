// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.provider.internal.message.CanonicalSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Extensions;
import org.postroad.provider.internal.smtp.MessageContent;

/** Which form of a message a server gets, how often it is made, and when it is deleted. */
class MessageFormsTest {

    private static final String BODY_8BIT = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n";
    private static final String HEADER_UTF8 = "Subject: Gr\u00fc\u00dfe\r\n\r\nx\r\n";
    private static final String SIGNED =
            "MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=S\r\n\r\n--S\r\n"
                    + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00fc\u00dfe\r\n"
                    + "--S\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--S--\r\n";
    private static final String NOTICE = "MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary=R\r\n\r\n"
            + "--R\r\n\r\nIt failed.\r\n--R\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.1.1\r\n"
            + "--R\r\nContent-Type: message/rfc822\r\n\r\nX-Header: " + "h".repeat(300) + "\r\n\r\n"
            + "body\r\n".repeat(100)
            + "--R--\r\n";

    private static SpooledMessage spooled(String text) throws IOException {
        return CanonicalSpool.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageForms forms(String text) throws IOException {
        return new MessageForms(spooled(text), SpoolSettings.DEFAULTS);
    }

    private static MessageForms notice() throws IOException {
        return MessageForms.ofNotice(spooled(NOTICE), SpoolSettings.DEFAULTS);
    }

    /** @param keywords such as {@code SIZE=10 SMTPUTF8} */
    private static Extensions server(String keywords) {
        Map<String, String> all = new TreeMap<>();
        for (String keyword : keywords.split(" ")) {
            String[] parts = keyword.split("=", 2);
            if (!parts[0].isEmpty()) {
                all.put(parts[0], parts.length > 1 ? parts[1] : "");
            }
        }
        return new Extensions(all);
    }

    private static MessageContent content(MessageForms forms, String keywords) {
        return forms.contentFor(server(keywords)).fold(ContentChoice.Fit::content, unsuitable -> {
            throw new AssertionError(unsuitable);
        });
    }

    private static ContentChoice.Unsuitable refusal(MessageForms forms, String keywords) {
        return forms.contentFor(server(keywords))
                .fold(
                        fit -> {
                            throw new AssertionError("a form that fits");
                        },
                        unsuitable -> unsuitable);
    }

    private static String text(MessageContent content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        // message, extensions, whether it is sent as it is, with 8-bit content, with a UTF-8 header
        "plain, '', true, false, false",
        "body, 8BITMIME, true, true, false",
        "body, SMTPUTF8, false, false, false",
        "header, SMTPUTF8, true, false, true",
        "header, 8BITMIME, false, false, false",
        "nul, 8BITMIME SMTPUTF8, false, false, false",
    })
    void forms_aMessageIsConvertedOnlyForAServerThatCannotTakeIt(
            String kind, String keywords, boolean unchanged, boolean eightBit, boolean utf8) throws IOException {
        String message = switch (kind) {
            case "body" -> BODY_8BIT;
            case "header" -> HEADER_UTF8;
            case "nul" -> "Subject: x\r\n\r\na\0b\r\n"; // queued by an older version
            default -> "Subject: x\r\n\r\nx\r\n";
        };
        try (MessageForms forms = forms(message)) {
            MessageContent content = content(forms, keywords == null ? "" : keywords);
            String text = text(content);
            assertThat(text.equals(message)).isEqualTo(unchanged);
            assertThat(content.size()).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
            assertThat(content.isEightBit()).isEqualTo(eightBit);
            assertThat(content.needsSmtpUtf8()).isEqualTo(utf8);
            assertThat(text).doesNotContain("\0");
        }
    }

    @Test
    void forms_eachFormIsMadeOnce() throws IOException {
        try (MessageForms forms = forms(BODY_8BIT)) {
            assertThat(content(forms, "SMTPUTF8")).isEqualTo(content(forms, "SMTPUTF8 DSN"));
            assertThat(content(forms, "SMTPUTF8")).isNotEqualTo(content(forms, "8BITMIME"));
        }
    }

    /** The domain of an address is ASCII in another form. */
    @ParameterizedTest
    @CsvSource({"b\u00fccher.test, <a@xn--bcher-kva.test>", "b\u00fccher..test, "})
    void forms_aDomainInAHeaderBecomesItsALabel(String domain, String address) throws IOException {
        try (MessageForms forms = forms("To: <a@" + domain + ">\r\n\r\nx\r\n")) {
            if (address == null) {
                assertThat(refusal(forms, "").status()).hasToString("5.6.7");
            } else {
                assertThat(text(content(forms, ""))).contains(address);
            }
        }
    }

    @Test
    void forms_aSignedMessageIsNotChanged() throws IOException {
        try (MessageForms forms = forms(SIGNED)) {
            assertThat(refusal(forms, "").status()).hasToString("5.6.3");
            assertThat(text(content(forms, "8BITMIME"))).isEqualTo(SIGNED);
        }
    }

    @Test
    void forms_aMessageThatCannotBeReadIsTriedAgainLater() throws IOException {
        MessageForms forms = forms(BODY_8BIT);
        forms.original().close();
        ContentChoice.Unsuitable refusal = refusal(forms, "");
        assertThat(refusal.status()).hasToString("4.3.0");
        assertThat(refusal.detail()).contains("could not be written", "is closed");
        forms.close();
    }

    @Test
    void forms_allAreDeletedAtTheEnd() throws IOException {
        MessageForms forms = forms(BODY_8BIT);
        MessageContent original = content(forms, "8BITMIME");
        MessageContent converted = content(forms, "");
        forms.close();
        assertThatThrownBy(() -> text(original)).hasMessageContaining("is closed");
        assertThatThrownBy(() -> text(converted)).hasMessageContaining("is closed");
    }

    @Test
    void notice_theReducedFormsAreDeletedAtTheEnd() throws IOException {
        MessageForms forms = notice();
        MessageContent header = content(forms, "SIZE=" + (NOTICE.length() - 1));
        MessageContent nothing = content(forms, "SIZE=300");
        assertThat(nothing.size()).isLessThan(header.size());
        forms.close();
        assertThatThrownBy(() -> text(header)).hasMessageContaining("is closed");
        assertThatThrownBy(() -> text(nothing)).hasMessageContaining("is closed");
    }

    @Test
    void notice_thatWasNeverReducedIsDeletedToo() throws IOException {
        MessageForms forms = notice();
        MessageContent whole = content(forms, "");
        forms.close();
        assertThatThrownBy(() -> text(whole)).hasMessageContaining("is closed");
    }

    /** RFC 6522 §3: the returned message is optional. */
    @Test
    void notice_returnsAsMuchAsTheServerTakes() throws IOException {
        try (MessageForms forms = notice()) {
            assertThat(text(content(forms, "SIZE=" + NOTICE.length()))).isEqualTo(NOTICE);
            assertThat(text(content(forms, ""))).isEqualTo(NOTICE);
            assertThat(text(content(forms, "SIZE=" + (NOTICE.length() - 1))))
                    .contains("text/rfc822-headers", "X-Header")
                    .doesNotContain("body\r\n");
            assertThat(text(content(forms, "SIZE=300")))
                    .contains("Status: 5.1.1")
                    .doesNotContain("X-Header");
            assertThat(text(content(forms, "SIZE=10"))).isEqualTo(NOTICE); // the server's refusal counts
        }
    }

    /** A signed part is never changed, so that the notice would have no form for this server. */
    @Test
    void notice_withAMessageThatNeeds8BitMimeReturnsItsHeader() throws IOException {
        String notice = NOTICE.substring(0, NOTICE.indexOf("X-Header")) + SIGNED + "--R--\r\n";
        try (MessageForms forms = MessageForms.ofNotice(spooled(notice), SpoolSettings.DEFAULTS)) {
            assertThat(text(content(forms, "8BITMIME"))).isEqualTo(notice);
            assertThat(text(content(forms, ""))).contains("text/rfc822-headers").doesNotContain("\u00fc");
        }
    }

    @Test
    void notice_thatTheServerRefusesIsReducedStepByStep() throws IOException {
        try (MessageForms forms = notice()) {
            assertThat(forms.reduce()).isTrue();
            assertThat(text(content(forms, ""))).contains("X-Header").doesNotContain("body\r\n");
            assertThat(forms.reduce()).isTrue();
            assertThat(text(content(forms, ""))).contains("Status: 5.1.1").doesNotContain("X-Header");
            assertThat(forms.reduce()).isFalse();
            assertThat(text(content(forms, ""))).contains("Status: 5.1.1").doesNotContain("X-Header");
        }
    }

    @Test
    void notice_anotherMessageIsNotReduced() throws IOException {
        try (MessageForms forms = forms(NOTICE)) {
            assertThat(forms.reduce()).isFalse();
            assertThat(text(content(forms, "SIZE=300"))).isEqualTo(NOTICE);
        }
    }

    /** Nothing can be left out of it. */
    @Test
    void notice_withoutReturnedMessageIsNotReduced() throws IOException {
        String plain = "Subject: failed\r\n\r\nIt failed.\r\n";
        try (MessageForms forms = MessageForms.ofNotice(spooled(plain), SpoolSettings.DEFAULTS)) {
            assertThat(forms.reduce()).isFalse();
            assertThat(text(content(forms, "SIZE=10"))).isEqualTo(plain);
        }
    }
}
