// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Verdict;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.spi.DeliveryListener;

/** RETRY-02: a notice never depends on what it returns (RFC 6522 §3). */
@Timeout(120)
class NoticeReturnTest extends TransportTesting {

    private static final String SIGNED_8BIT = "Content-Type: multipart/signed; boundary=S\r\n\r\n--S\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGr\u00c3\u00bc\u00c3\u009fe\r\n"
            + "--S\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--S--\r\n";

    @TempDir
    Path directory;

    private final BlockingQueue<DeliveryEvent.Concluded> concluded = new LinkedBlockingQueue<>();

    @BeforeEach
    void useTheQueue() {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("private/queue.db"));
        properties.setProperty("mail.mx.dsn.ret", "FULL");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Concluded one) {
                concluded.add(one);
            }
        });
    }

    @Test
    void signed8bitOriginal_isReturnedInFullTo8BitMime() throws Exception {
        mx4.keywords("8BITMIME");
        MimeMultipart notice = parts(notice(SIGNED_8BIT));
        assertThat(notice.getCount()).isEqualTo(3);
        assertThat(notice.getBodyPart(2).getContentType()).isEqualTo("message/rfc822");
    }

    @Test
    void signed8bitOriginal_isReturnedAsHeaderWithout8BitMime() throws Exception {
        assertHeaderOnly(notice(SIGNED_8BIT));
    }

    @Test
    void originalTooBigForTheServer_isReturnedAsHeader() throws Exception {
        mx4.keywords("SIZE 8000");
        assertHeaderOnly(notice("\r\n" + "a line\r\n".repeat(2000)));
    }

    @Test
    void headerTooBigForTheServer_isNotReturned() throws Exception {
        mx4.keywords("SIZE 8000");
        ReceivedMessage notice = notice("X-Big: " + "word ".repeat(2000) + "\r\n\r\nx\r\n");
        assertThat(parts(notice).getCount()).isEqualTo(2);
        assertThat(notice.text()).contains("Status: 5.1.10").doesNotContain("X-Big");
    }

    @ParameterizedTest
    @ValueSource(strings = {"554 5.7.1 we do not like what is in it", "552 5.3.4 too big"})
    void refusedContent_isOmittedStepByStep(String reply) throws Exception {
        mx4.onEndOfData(reply, 1);
        assertHeaderOnly(notice("\r\nBuy now\r\n"));
    }

    @Test
    void refusedContent_isOmittedCompletely() throws Exception {
        mx4.onEndOfData("554 5.7.1 we do not like what is in it", 2);
        ReceivedMessage notice = notice("X-Spam: yes\r\n\r\nBuy now\r\n");
        assertThat(parts(notice).getCount()).isEqualTo(2);
        assertThat(notice.text()).doesNotContain("X-Spam");
    }

    @Test
    void noticeRefusedWithoutContent_isGivenUp() throws Exception {
        mx4.onEndOfData("554 5.7.1 we take no notices");
        submit("\r\nx\r\n");
        assertThat(next().domain()).hasToString("null.test");
        for (int i = 0; i < 3; i++) {
            assertThat(next().report().recipients().get(0).verdict()).isEqualTo(Verdict.FAILED);
        }
        assertThat(transcript.linesOf("mx4< MAIL")).hasSize(3);
    }

    @Test
    void deeplyNestedOriginal_isReturnedAsHeader() throws Exception {
        StringBuilder nested = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            nested.append("Content-Type: multipart/mixed; boundary=L")
                    .append(i)
                    .append("\r\n\r\n--L")
                    .append(i)
                    .append("\r\n");
        }
        assertHeaderOnly(
                notice(nested.append("\r\nGr\u00c3\u00bc\u00c3\u009fe\r\n").toString()));
    }

    private static void assertHeaderOnly(ReceivedMessage notice) throws Exception {
        MimeMultipart parts = parts(notice);
        assertThat(parts.getCount()).isEqualTo(3);
        assertThat(parts.getBodyPart(2).getContentType()).isEqualTo("text/rfc822-headers");
        assertThat(notice.text())
                .contains("Status: 5.1.10", "Subject: It fails\r\n")
                .matches(text -> text.chars().allMatch(c -> c < 128), "is ASCII");
    }

    /** Returns the notice that the sender gets about an undeliverable message. */
    private ReceivedMessage notice(String rest) throws Exception {
        submit(rest);
        assertThat(next().domain()).hasToString("null.test");
        DeliveryEvent.Concluded attempt;
        do {
            attempt = next();
            assertThat(attempt.domain()).hasToString("v4.test");
        } while (attempt.report().recipients().get(0).verdict() != Verdict.DELIVERED);
        assertThat(mx4.received()).hasSize(1);
        assertThat(mx4.received().get(0).sender()).startsWith("<>");
        return mx4.received().get(0);
    }

    private void submit(String rest) throws Exception {
        String text = "From: me@v4.test\r\nTo: a@null.test\r\nSubject: It fails\r\nMIME-Version: 1.0\r\n" + rest;
        MimeMessage message = read(text);
        try (Transport transport = Session.getInstance(properties).getTransport()) {
            transport.connect();
            transport.sendMessage(message, new InternetAddress[] {new InternetAddress("a@null.test")});
        }
    }

    private DeliveryEvent.Concluded next() throws InterruptedException {
        DeliveryEvent.Concluded next = concluded.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("a delivery that is over").isNotNull();
        return next;
    }

    private static MimeMultipart parts(ReceivedMessage notice) throws Exception {
        Message message = read(notice.text());
        assertThat(message.getContentType()).startsWith("multipart/report");
        return (MimeMultipart) message.getContent();
    }

    private static MimeMessage read(String text) throws Exception {
        return new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
