// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import static org.postroad.provider.fuzz.Fuzzing.check;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Reply;
import org.postroad.provider.fuzz.Fuzzing;

/**
 * Fuzzes the text of servers and senders in a notice. Each input line is about one recipient: address, reply and history, separated by
 * tabs; the lines of a reply are separated by form feeds.
 */
class NoticeFuzz {

    @FuzzTest
    void notices(byte[] input) throws IOException {
        Fuzzing.linear(input, () -> checkNotice(input));
    }

    private static void checkNotice(byte[] input) throws IOException {
        List<RecipientStatus> recipients = new ArrayList<>();
        for (String line : Fuzzing.text(input).split("\n", -1)) {
            recipients.add(recipient(line.split("\t", 3)));
        }
        DeliveryNotice notice = Samples.failed(recipients.toArray(RecipientStatus[]::new));
        byte[] octets = Samples.write(notice, Samples.Original.of(Samples.ORIGINAL));
        check(Samples.isAscii(octets), () -> "beyond ASCII");
        check(Samples.longestLine(octets) <= 998, () -> "a line of " + Samples.longestLine(octets));
        String text = new String(octets, StandardCharsets.US_ASCII);
        check(text.chars().noneMatch(c -> c < ' ' && c != '\r' && c != '\n'), () -> "a control character");
        int begin = text.indexOf("Content-Type: message/delivery-status");
        String report = text.substring(begin, text.indexOf("\r\n--" + Samples.BOUNDARY, begin));
        check(count("\r\nFinal-Recipient: ", report) == recipients.size(), () -> "recipients are missing");
        check(count("\r\nStatus: ", report) == recipients.size(), () -> "more or less statuses than recipients");
        check(count("\r\n--" + Samples.BOUNDARY, text) == 4, () -> "another part");
    }

    private static RecipientStatus recipient(String[] words) {
        Optional<Mailbox> address = Fuzzing.read(() -> Mailbox.parse(words[0]));
        Optional<Reply> reply = words.length < 2
                ? Optional.empty()
                : Optional.of(new Reply(550, Arrays.asList(words[1].split("\f", -1))));
        return new RecipientStatus(
                new RecipientStatus.Address(address.orElse(Samples.SENDER), Optional.empty()),
                reply.map(Reply::status).orElse(EnhancedStatus.NO_ANSWER_4_4_1),
                Optional.of(new RecipientStatus.LastAttempt(Samples.NOW, Optional.of(Samples.MX), reply)),
                Optional.empty(),
                words.length < 3 ? List.of() : List.of(new RecipientStatus.HistoryLine(Samples.NOW, words[2])));
    }

    private static int count(String part, String text) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
