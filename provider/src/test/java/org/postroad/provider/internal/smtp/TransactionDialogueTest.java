// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.TransactionDialogue.TransactionMode;

/** The steps and the result of a transaction for given replies, without a connection. */
class TransactionDialogueTest {

    private static final TransactionMode PLAIN = new TransactionMode(false, false, false, false, true);
    private static final TransactionMode PIPELINED = new TransactionMode(false, true, false, false, true);
    private static final TransactionMode ALONG = new TransactionMode(false, true, true, true, true);
    private static final TransactionMode CHUNKED = new TransactionMode(false, false, true, false, true);
    private static final RepetitionRules RULES =
            new RepetitionRules(ErrorPolicy::isCommandRefused, ErrorPolicy::mayMeanParameters);
    private static final String SENDER = "me@client.test";
    private static final String ASCII = "a@example.test";
    private static final String NON_ASCII = "\u00e4@example.test";

    private record Content(long size, boolean isEightBit, boolean needsSmtpUtf8) implements MessageContent {

        /** A message of 10 octets. */
        Content(boolean isEightBit, boolean needsSmtpUtf8) {
            this(10, isEightBit, needsSmtpUtf8);
        }

        @Override
        public void writeTo(OutputStream out) {
            throw new AssertionError("nothing is sent here");
        }
    }

    private static final Content CONTENT = new Content(false, false);

    private static Envelope envelope(TlsDemand tls, String sender, String... recipients) {
        return new Envelope(
                Optional.of(Mailbox.parse(sender)),
                Arrays.stream(recipients)
                        .map(one -> new Envelope.Recipient(Mailbox.parse(one), Set.of(), Optional.empty()))
                        .toList(),
                Optional.empty(),
                Optional.empty(),
                tls);
    }

    /** @param keywords such as {@code SIZE=10 SMTPUTF8} */
    private static Extensions extensions(String keywords) {
        Map<String, String> all = new TreeMap<>();
        for (String keyword : keywords.split(" ", -1)) {
            String[] parts = keyword.split("=", 2);
            if (!parts[0].isEmpty()) {
                all.put(parts[0], parts.length > 1 ? parts[1] : "");
            }
        }
        return new Extensions(all);
    }

    private static TransactionDialogue dialogue(TransactionMode mode, String... recipients) {
        return new TransactionDialogue(
                envelope(TlsDemand.NONE, SENDER, recipients),
                Extensions.NONE,
                ContentChoice.only(CONTENT),
                mode,
                RULES);
    }

    private static List<String> commands(TransactionDialogue dialogue) {
        return ((SmtpDialogue.Send) dialogue.next())
                .group().stream().map(Command::shown).toList();
    }

    private static void reply(TransactionDialogue dialogue, String... replies) {
        Stream.of(replies).map(TransactionDialogueTest::reply).forEach(dialogue::reply);
    }

    private static Reply reply(String text) {
        return new Reply(Integer.parseInt(text.substring(0, 3)), List.of(text.substring(4)));
    }

    private static RecipientOutcome only(TransactionDialogue dialogue) {
        assertThat(dialogue.next()).isInstanceOf(SmtpDialogue.Done.class);
        assertThat(dialogue.result().outcomes()).hasSize(1);
        return dialogue.result().outcomes().get(0);
    }

    @Test
    void smtp_aMessageWithoutASuitableFormIsNotOffered() {
        TransactionDialogue dialogue = new TransactionDialogue(
                envelope(TlsDemand.NONE, SENDER, ASCII),
                Extensions.NONE,
                extensions -> new ContentChoice.Unsuitable(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, "no form"),
                PLAIN,
                RULES);
        assertThat(only(dialogue).stage()).isEqualTo(Stage.MAIL);
        assertThat(only(dialogue).outcome())
                .isEqualTo(new Outcome.HostUnsuitable(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, "no form"));
        assertThat(dialogue.isBroken()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // tls, 8-bit content, UTF-8 header, sender, extensions, status if refused
        "REQUIRED, false, false, me@client.test, '', 5.7.30",
        "REQUIRED, false, false, me@client.test, REQUIRETLS, ",
        "NONE, false, false, me@client.test, SIZE=9, 5.3.4",
        "NONE, false, false, me@client.test, SIZE=10, ",
        "NONE, false, true, me@client.test, 8BITMIME, 5.6.7",
        "NONE, false, true, me@client.test, SMTPUTF8, ",
        "NONE, true, false, me@client.test, SMTPUTF8, 5.6.3",
        "NONE, true, false, me@client.test, 8BITMIME, ",
        "NONE, false, false, m\u00e4@client.test, 8BITMIME, 5.6.7",
        "NONE, false, false, m\u00e4@client.test, SMTPUTF8, ",
    })
    void smtp_aMessageThatNeedsAMissingExtensionIsNotOffered(
            TlsDemand tls, boolean eightBit, boolean utf8, String sender, String offered, String status) {
        TransactionDialogue dialogue = new TransactionDialogue(
                envelope(tls, sender, ASCII),
                extensions(offered == null ? "" : offered),
                ContentChoice.only(new Content(eightBit, utf8)),
                PLAIN,
                RULES);
        if (status == null) {
            assertThat(commands(dialogue)).singleElement().asString().startsWith("MAIL FROM:");
        } else {
            assertThat(only(dialogue).stage()).isEqualTo(Stage.MAIL);
            assertThat(only(dialogue).outcome())
                    .isInstanceOfSatisfying(
                            Outcome.HostUnsuitable.class,
                            unsuitable -> assertThat(unsuitable.status()).hasToString(status));
        }
    }

    @Test
    void smtp_aNonAsciiRecipientIsNotOfferedWithoutSmtpUtf8AndTheOthersAre() {
        TransactionDialogue dialogue = dialogue(PLAIN, ASCII, NON_ASCII);
        reply(dialogue, "250 ok", "250 ok", "354 go on");
        dialogue.contentSent();
        reply(dialogue, "250 taken");
        assertThat(dialogue.result().outcomes())
                .extracting(RecipientOutcome::outcome)
                .satisfiesExactly(
                        outcome -> assertThat(outcome).isInstanceOf(Outcome.Accepted.class),
                        outcome -> assertThat(outcome).isInstanceOf(Outcome.HostUnsuitable.class));
    }

    @ParameterizedTest
    @CsvSource({
        "me@client.test, a@example.test, false, false",
        "me@client.test, \u00e4@example.test, false, true",
        "m\u00e4@client.test, a@example.test, false, true",
        "me@client.test, a@example.test, true, true"
    })
    void smtp_smtpUtf8IsUsedOnlyIfTheMessageNeedsIt(String sender, String recipient, boolean header, boolean used) {
        TransactionDialogue dialogue = new TransactionDialogue(
                envelope(TlsDemand.NONE, sender, recipient),
                extensions("SMTPUTF8 8BITMIME"),
                ContentChoice.only(new Content(false, header)),
                PLAIN,
                RULES);
        assertThat(commands(dialogue).get(0).contains("SMTPUTF8")).isEqualTo(used);
    }

    @Test
    void pipelining_aRefusedRsetBeforeTheRepetitionEndsTheTransaction() {
        TransactionDialogue dialogue = dialogue(PIPELINED, ASCII);
        assertThat(commands(dialogue)).hasSize(3);
        reply(dialogue, "250 ok", "250 ok", "503 bad sequence");
        assertThat(commands(dialogue)).containsExactly("RSET");
        reply(dialogue, "500 no");
        assertThat(only(dialogue).stage()).isEqualTo(Stage.MAIL);
        assertThat(only(dialogue).outcome())
                .isInstanceOfSatisfying(
                        Outcome.BadConnection.class,
                        bad -> assertThat(bad.describe()).contains("RSET").contains("500"));
        assertThat(dialogue.isBroken()).isTrue();
    }

    /** The message was sent along with its commands, so the replies after the 421 are still read. */
    @Test
    void TRY_07_a421IsTheResultOfAllIfTheConnectionIsLostAfterIt() {
        TransactionDialogue dialogue = dialogue(ALONG, ASCII, "b@example.test");
        assertThat(dialogue.next()).isInstanceOf(SmtpDialogue.SendChunks.class);
        dialogue.contentSent();
        reply(dialogue, "250 ok", "421 closing");
        assertThat(dialogue.isBroken()).isFalse();
        dialogue.lost("end of stream");
        assertThat(dialogue.result().outcomes()).hasSize(2).allSatisfy(outcome -> {
            assertThat(outcome.stage()).isEqualTo(Stage.RCPT);
            assertThat(outcome.outcome()).isEqualTo(new Outcome.Refused(reply("421 closing")));
        });
        assertThat(dialogue.isBroken()).isTrue();
    }

    @Test
    void TRY_07_a421AfterWhichTheServerContinuesIsTheResultOfItsRecipientOnly() {
        TransactionDialogue dialogue = dialogue(ALONG, ASCII, "b@example.test");
        dialogue.contentSent();
        reply(dialogue, "250 ok", "421 closing", "250 ok");
        dialogue.lost("end of stream");
        assertThat(dialogue.result().outcomes())
                .extracting(RecipientOutcome::outcome)
                .containsExactly(new Outcome.Refused(reply("421 closing")), new Outcome.InDoubt("end of stream"));
    }

    /** Replies in bad form: what each one means is plain, and how the connection failed is not a result. */
    @ParameterizedTest
    @CsvSource({
        // replies before, plain reply in bad form, stage and result
        "'', 550, MAIL, BadConnection",
        "250, 550, RCPT, BadConnection",
        "250 250 354, 550, END_OF_DATA, Refused",
        "250 250 354, 250, END_OF_DATA, BadConnection",
        "250 250 354 sent, 550, END_OF_DATA, Refused",
        "250 250 354 sent, 250, END_OF_DATA, Accepted",
        "250 250 354 sent, 354, END_OF_DATA, InDoubt",
    })
    void TRY_05_aReplyInBadFormIsTheResultWhereItDecidesOnTheMessage(
            String before, String plain, Stage stage, String result) {
        TransactionDialogue dialogue = dialogue(PLAIN, ASCII);
        for (String step : (before == null ? "" : before).split(" ", -1)) {
            if (step.equals("sent")) {
                dialogue.contentSent();
            } else if (!step.isEmpty()) {
                reply(dialogue, step + " x");
            }
        }
        dialogue.lost("bad form", reply(plain + " x"));
        assertThat(only(dialogue).stage()).isEqualTo(stage);
        assertThat(only(dialogue).outcome().getClass().getSimpleName()).isEqualTo(result);
        assertThat(dialogue.isBroken()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // whether the message was sent, replies before, plain reply in bad form, result
        "ALONG, false, '', 550, BadConnection", // to MAIL: the message is not sent yet
        "ALONG, true, '', 550, Refused",
        "ALONG, true, '', 250, InDoubt",
        "ALONG, true, 250 250, 250, Accepted",
        "ALONG, true, 250 250, 550, Refused",
        "CHUNKED, true, 250 250, 250, Accepted",
        "CHUNKED, true, 250 250, 550, Refused",
        "CHUNKED, false, 250 250, 250, BadConnection",
    })
    void TRY_05_aReplyToAChunkInBadFormIsTheResultWhereItDecidesOnTheMessage(
            String mode, boolean sent, String before, String plain, String result) {
        TransactionDialogue dialogue = dialogue(mode.equals("ALONG") ? ALONG : CHUNKED, ASCII);
        if (sent && mode.equals("ALONG")) {
            dialogue.contentSent();
        }
        for (String code : (before == null ? "" : before).split(" ", -1)) {
            if (!code.isEmpty()) {
                reply(dialogue, code + " x");
            }
        }
        if (sent && mode.equals("CHUNKED")) {
            dialogue.contentSent();
        }
        dialogue.lost("bad form", reply(plain + " x"));
        assertThat(only(dialogue).outcome().getClass().getSimpleName()).isEqualTo(result);
    }

    /** The acceptance of an earlier chunk says nothing about the message. */
    @Test
    void TRY_05_anAcceptanceInBadFormOfAChunkThatIsNotTheLastIsIgnored() {
        TransactionDialogue dialogue = new TransactionDialogue(
                envelope(TlsDemand.NONE, SENDER, ASCII),
                Extensions.NONE,
                ContentChoice.only(new Content(Chunks.CHUNK + 1, false, false)),
                CHUNKED,
                RULES);
        reply(dialogue, "250 ok", "250 ok");
        dialogue.lost("bad form", reply("250 x"));
        assertThat(only(dialogue).outcome()).isEqualTo(new Outcome.BadConnection("bad form"));
        assertThat(dialogue.result().contentTaken()).isFalse();
    }
}
