// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.angus.mail.dsn.MultipartReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The part of a notice that returns the message. */
class OriginalPartTest {

    private static final RecipientStatus REFUSED = Samples.refused("a@example.org", 550, "no");

    @Test
    void whole_isTheMessageOctetForOctet() throws Exception {
        MimeMessage notice =
                Samples.read(Samples.write(Samples.failed(REFUSED), Samples.Original.of(Samples.ORIGINAL)));

        BodyPart part = Samples.part(notice, 2);
        assertThat(part.getContentType()).isEqualTo("message/rfc822");
        assertThat(part.getHeader("Content-Transfer-Encoding")).containsExactly("7bit");
        assertThat(Samples.content(part)).isEqualTo(Samples.ORIGINAL);
        assertThat(((MultipartReport) notice.getContent()).getReturnedMessage().getSubject())
                .isEqualTo("Invoice 4711");
        assertThat(Samples.content(Samples.part(notice, 0))).contains("Your message is attached.");
    }

    @Test
    void whole_withAnEightBitBody_isEightBit() throws Exception {
        String text = Samples.HEADER + "\r\nb\u00f8dy\r\n";
        MimeMessage notice =
                Samples.read(Samples.write(Samples.failed(REFUSED), Samples.Original.of(text, true, false)));

        assertThat(notice.getEncoding()).isEqualTo("8bit");
        BodyPart part = Samples.part(notice, 2);
        assertThat(part.getContentType()).isEqualTo("message/rfc822");
        assertThat(part.getHeader("Content-Transfer-Encoding")).containsExactly("8bit");
        assertThat(Samples.content(part)).isEqualTo(text);
    }

    @Test
    void header_ofALargeMessage() throws Exception {
        String text = Samples.HEADER + "\r\n" + "x\r\n".repeat((int) NoticeRules.MAX_FULL / 3);
        assertThat(text.length()).isGreaterThan((int) NoticeRules.MAX_FULL);
        MimeMessage notice = Samples.read(Samples.write(Samples.failed(REFUSED), Samples.Original.of(text)));

        BodyPart part = Samples.part(notice, 2);
        assertThat(part.getContentType()).isEqualTo("text/rfc822-headers");
        assertThat(Samples.content(part)).isEqualTo(Samples.HEADER);
        InternetHeaders headers = new InternetHeaders(part.getInputStream());
        assertThat(headers.getHeader("Subject")).containsExactly("Invoice\r\n 4711");
        assertThat(Samples.content(Samples.part(notice, 0))).contains("The header of your message is attached");
    }

    @Test
    void header_nonAscii_isGlobal() throws Exception {
        String header = "Subject: gr\u00f8d\r\n";
        DeliveryNotice delayed = new DeliveryNotice(
                Event.DELAYED,
                Samples.REPORTER,
                Samples.submission(),
                List.of(Samples.refused("a@example.org", 450, "later")));
        byte[] octets = Samples.write(delayed, Samples.Original.of(header + "\r\nbody\r\n", false, true));

        assertThat(Samples.isAscii(octets)).isTrue();
        BodyPart part = Samples.part(Samples.read(octets), 2);
        assertThat(part.getContentType()).isEqualTo("message/global-headers");
        assertThat(part.getHeader("Content-Transfer-Encoding")).containsExactly("quoted-printable");
        assertThat(Samples.messageContent(part)).isEqualTo(header);
    }

    @ParameterizedTest
    @CsvSource({"65535, true", "65536, true", "65537, false"})
    void header_hasALimit(int size, boolean complete) throws IOException {
        assertThat(OriginalPart.MAX_HEADER).isEqualTo(65536);
        String first = "X: " + "x".repeat(35) + "\r\n"; // 40 octets
        int rest = size - 40 * (size / 40 - 1);
        String last = "Last: " + "y".repeat(rest - 8) + "\r\n";
        String header = first.repeat(size / 40 - 1) + last;
        assertThat(header).hasSize(size);

        assertThat(returned(header + "\r\nbody\r\n")).isEqualTo(complete ? header : first.repeat(size / 40 - 1));
        assertThat(returned(header)).isEqualTo(complete ? header : first.repeat(size / 40 - 1));
    }

    @Test
    @SuppressWarnings("InputStreamSlowMultibyteRead") // counts each octet read
    void header_withoutEnd_isReadUpToTheLimit() throws IOException {
        AtomicInteger read = new AtomicInteger();
        OriginalMessage endless = new OriginalMessage() {
            @Override
            public InputStream open() {
                return new InputStream() {
                    @Override
                    public int read() {
                        read.incrementAndGet();
                        return 'x';
                    }
                };
            }

            @Override
            public OriginalFacts facts() {
                return new OriginalFacts(Long.MAX_VALUE, false, false, true);
            }
        };
        assertThat(returned(endless)).isEmpty();
        assertThat(read).hasValueLessThan(OriginalPart.MAX_HEADER + 10_000);
    }

    @Test
    void header_alone_orEmpty() throws IOException {
        assertThat(returned(Samples.HEADER)).isEqualTo(Samples.HEADER);
        assertThat(returned("Subject: no end")).isEqualTo("Subject: no end\r\n");
        assertThat(returned("Subject: a\0b\r\nTo: c\r\n")).isEqualTo("Subject: a\0b\r\nTo: c\r\n");
        assertThat(returned("\r\nbody\r\n")).isEmpty();
        assertThat(returned("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"997, 1", "998, 1", "999, 2", "1995, 2", "1996, 3"})
    void header_withALineThatCannotBeSent_isFolded(int length, int lines) throws IOException {
        String line = "X: " + "x".repeat(length - 3);
        String returned = returned(line + "\r\nSubject: next\r\n\r\n");

        assertThat(Samples.longestLine(returned.getBytes(StandardCharsets.UTF_8)))
                .isLessThanOrEqualTo(998);
        assertThat(returned.lines()).hasSize(lines + 1);
        assertThat(returned.replace("\r\n ", "")).isEqualTo(line + "\r\nSubject: next\r\n");
    }

    @Test
    void original_isClosed() throws IOException {
        AtomicInteger closed = new AtomicInteger();
        byte[] octets = Samples.ORIGINAL.getBytes(StandardCharsets.UTF_8);
        OriginalMessage counting = new OriginalMessage() {
            @Override
            public InputStream open() {
                return new ByteArrayInputStream(octets) {
                    @Override
                    public void close() {
                        closed.incrementAndGet();
                    }
                };
            }

            @Override
            public OriginalFacts facts() {
                return new OriginalFacts(octets.length, false, false, false);
            }
        };
        for (ReturnedContent returned : ReturnedContent.values()) {
            closed.set(0);
            Optional<NoticePart> part = OriginalPart.of(counting, returned, NoticeEncoding.SEVEN_BIT);
            if (part.isPresent()) {
                part.get().writeTo(new ByteArrayOutputStream());
            }
            assertThat(closed).as(returned.name()).hasValue(returned == ReturnedContent.NOTHING ? 0 : 1);
        }
    }

    private static String returned(String original) throws IOException {
        return returned(Samples.Original.of(original));
    }

    private static String returned(OriginalMessage original) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OriginalPart.of(original, ReturnedContent.HEADERS, NoticeEncoding.SEVEN_BIT)
                .orElseThrow()
                .content()
                .writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
