// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SMTP server that counts messages and round trips. */
@NullMarked
@Timeout(300)
class SinkTest {

    private static final String ENVELOPE = "MAIL FROM:<a@client.test>\r\nRCPT TO:<b@destination.test>\r\n";

    private final Kept kept = new Kept();
    private Sink sink;
    private Talk client;

    /** Keeps every message. */
    private static final class Kept implements Inbox {

        private final List<String> messages = new CopyOnWriteArrayList<>();
        private final ByteArrayOutputStream current = new ByteArrayOutputStream();

        @Override
        public void octets(byte[] buffer, int offset, int length) {
            current.write(buffer, offset, length);
        }

        @Override
        public void accepted() {
            messages.add(current.toString(StandardCharsets.US_ASCII));
            current.reset();
        }
    }

    @BeforeEach
    void connect() throws Exception {
        sink = Sink.start(Offers.PIPELINING_AND_CHUNKING, kept);
        client = new Talk(sink.address());
        assertThat(client.codes(1)).isEqualTo("220");
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        sink.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "one line\r\n",
                "..a dot\r\n",
                "...two dots\r\n..\r\n..x\r\n\r\nend\r\n",
                "a dot. within\r\n. \r\n",
                "",
            })
    void dataArrivesWithoutItsStuffing(String onTheWire) throws Exception {
        client.say(ENVELOPE + "DATA\r\n");
        assertThat(client.codes(3)).isEqualTo("250 250 354");
        client.drip(onTheWire + ".\r\n");
        assertThat(client.codes(1)).isEqualTo("250");
        String message = onTheWire.replaceAll("(?m)^\\.", "");
        assertThat(kept.messages).containsExactly(message);
        assertThat(sink.tally().octets()).isEqualTo(message.length());
    }

    @Test
    void aMessageLargerThanAnyBufferArrivesWhole() throws Exception {
        String message = ("x".repeat(70) + "\r\n.dot\r\n").repeat(3000);
        client.say(ENVELOPE + "DATA\r\n");
        client.say(message.replaceAll("(?m)^\\.", "..") + ".\r\n");
        assertThat(client.codes(4)).isEqualTo("250 250 354 250");
        client.say(ENVELOPE + "BDAT " + message.length() + " LAST\r\n" + message);
        assertThat(client.codes(3)).isEqualTo("250 250 250");
        assertThat(kept.messages).containsExactly(message, message);
    }

    @Test
    void chunksArriveAsTheyAre() throws Exception {
        client.say(ENVELOPE);
        client.say("BDAT 6\r\n.\r\n.\r\nBDAT 5 LAST\r\nBDAT ");
        assertThat(client.codes(4)).isEqualTo("250 250 250 250");
        client.say(ENVELOPE + "BDAT 3\r\nabcBDAT 0 LAST\r\n");
        assertThat(client.codes(4)).isEqualTo("250 250 250 250");
        assertThat(kept.messages).containsExactly(".\r\n.\r\nBDAT ", "abc");
    }

    @Test
    void aDotWithABareCrIsNotTheEnd() throws Exception {
        client.say(ENVELOPE + "DATA\r\n");
        assertThat(client.codes(3)).isEqualTo("250 250 354");
        client.say(".\rx\r\n.\r\n");
        assertThat(client.isOver()).isTrue();
        assertThat(kept.messages).isEmpty();
    }

    @Test
    void connectAndGreetingAreOneRoundTripEach() throws Exception {
        client.say("EHLO client.test\r\n");
        client.reply();
        client.say(ENVELOPE + "BDAT 2 LAST\r\n\r\n");
        client.codes(3);
        assertThat(sink.tally()).isEqualTo(new Tally(1, 1, 2, 4));
    }

    @Test
    void commandsSentWithoutWaitingAreOneRoundTrip() throws Exception {
        firstMessage();
        Tally before = sink.tally();
        client.say(ENVELOPE + "BDAT 2 LAST\r\n\r\n");
        client.codes(3);
        assertThat(sink.tally().since(before)).isEqualTo(new Tally(0, 1, 2, 1));
    }

    @Test
    void eachWaitIsARoundTrip() throws Exception {
        firstMessage();
        Tally before = sink.tally();
        client.say("MAIL FROM:<a@client.test>\r\n");
        client.reply();
        client.say("RCPT TO:<b@destination.test>\r\n");
        client.reply();
        client.say("DATA\r\n");
        client.reply();
        client.say("\r\n.\r\n");
        client.reply();
        assertThat(sink.tally().since(before)).isEqualTo(new Tally(0, 1, 2, 4));
    }

    @Test
    void aReplyWithinAMessageIsNotARoundTrip() throws Exception {
        firstMessage();
        Tally before = sink.tally();
        client.say(ENVELOPE + "BDAT 4 LAST\r\nab");
        client.codes(2); // the sink has processed all data and replied
        client.say("\r\n");
        client.reply();
        assertThat(sink.tally().since(before)).isEqualTo(new Tally(0, 1, 4, 1));
    }

    @Test
    void roundTripsAfterTheMessageCountForTheNext() throws Exception {
        firstMessage();
        Tally before = sink.tally();
        client.say("NOOP\r\n");
        client.reply();
        assertThat(sink.tally().since(before)).isEqualTo(Tally.NOTHING);
        client.say(ENVELOPE + "BDAT 2 LAST\r\n\r\n");
        client.codes(3);
        assertThat(sink.tally().since(before).roundTripsPerMessage()).isEqualTo(2);
    }

    @Test
    void quitIsAnsweredAndClosesTheConnection() throws Exception {
        client.say("QUIT\r\n");
        assertThat(client.codes(1)).isEqualTo("221");
        assertThat(client.isOver()).isTrue();
        assertThatThrownBy(() -> sink.tally().roundTripsPerMessage()).isInstanceOf(IllegalStateException.class);
    }

    private void firstMessage() throws Exception {
        client.say(ENVELOPE + "BDAT 2 LAST\r\n\r\n");
        client.codes(3);
    }
}
