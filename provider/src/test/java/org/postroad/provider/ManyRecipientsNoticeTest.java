// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.fixtures.ReceivedMessage;

/** A message whose very many recipients are all refused, from the queue to the notice. */
@Timeout(300)
class ManyRecipientsNoticeTest extends TransportTesting {

    private static final int RECIPIENTS = 1_000;

    @TempDir
    Path directory;

    @Test
    void notice_aboutAThousandRefusalsIsShortAndExact() throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.transport.protocol", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("private/queue.db"));
        dns.zone("""
                bulk.test.   MX 10 mx4.v4.test.
                client.test. MX 10 mx4.v4.test.
                mx4.v4.test. A 192.0.2.4
                """);
        for (int i = 0; i < RECIPIENTS; i++) {
            mx4.onCommand(
                    "RCPT TO:<user" + i + "@bulk.test>", "550 5.1." + i % 3 + " <user" + i + "@bulk.test> is no " + i);
        }
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            send(message(IntStream.range(0, RECIPIENTS)
                    .mapToObj(i -> "user" + i + "@bulk.test")
                    .toArray(String[]::new)));
            assertThat(queue.drain(Duration.ofMinutes(4))).isTrue();
        }
        assertThat(mx4.received()).hasSize(1);
        ReceivedMessage notice = mx4.received().get(0);
        String text = notice.text().replaceAll("\r\n (?=\\S)", " ");
        for (int i = 0; i < RECIPIENTS; i++) {
            assertThat(text)
                    .containsPattern("Final-Recipient: rfc822; user" + i
                            + "@bulk.test\r\nAction: failed\r\nStatus: 5.1."
                            + i % 3 + "\r\nRemote-MTA: dns; mx4.v4.test\r\nDiagnostic-Code: smtp; 550 5.1." + i % 3
                            + " <user" + i + "@bulk.test> is no " + i + "\r\n");
        }
        assertThat(notice.content().length).isLessThan(400_000);
    }
}
