// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Stage;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;

/** Tests the text of the commands, and what is rejected in them. */
class CommandTest {

    private static final Extensions ALL = new Extensions(Map.of("SIZE", "", "8BITMIME", "", "SMTPUTF8", "", "DSN", ""));
    private static final Command.MailParameters PLAIN = new Command.MailParameters(120, false, false);
    private static final Command.MailParameters DEMANDING = new Command.MailParameters(120, true, true);

    private static Envelope envelope(Optional<Mailbox> sender) {
        return new Envelope(
                sender,
                List.of(Envelope.Recipient.of(Mailbox.parse("b@example.test"))),
                Optional.of(Returned.HDRS),
                Optional.of("a b+c=d"),
                TlsDemand.NONE);
    }

    @Test
    void requiretls_isSentIfRequiredAndOffered() {
        Extensions promising = new Extensions(Map.of("REQUIRETLS", ""));
        for (TlsDemand demand : TlsDemand.values()) {
            Envelope envelope = new Envelope(
                    ME,
                    List.of(Envelope.Recipient.of(Mailbox.parse("b@example.test"))),
                    Optional.empty(),
                    Optional.empty(),
                    demand);
            assertThat(Command.mail(envelope, PLAIN, promising).line())
                    .isEqualTo("MAIL FROM:<me@client.test>" + (demand == TlsDemand.REQUIRED ? " REQUIRETLS" : ""));
            assertThat(Command.mail(envelope, PLAIN, Extensions.NONE).line()).isEqualTo("MAIL FROM:<me@client.test>");
        }
    }

    private static final Optional<Mailbox> ME = Optional.of(Mailbox.parse("me@client.test"));

    @Test
    void command_helloHasOurName() {
        assertThat(Command.ehlo(HostName.parse("client.test")).line()).isEqualTo("EHLO client.test");
        assertThat(Command.helo(IpAddress.parse("2001:db8::1")).line()).isEqualTo("HELO [IPv6:2001:db8::1]");
    }

    @Test
    void command_mailHasTheParametersThatTheServerSupports() {
        assertThat(Command.mail(envelope(ME), PLAIN, Extensions.NONE).line()).isEqualTo("MAIL FROM:<me@client.test>");
        assertThat(Command.mail(envelope(ME), DEMANDING, ALL).line())
                .isEqualTo("MAIL FROM:<me@client.test> SIZE=120 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=a+20b+2Bc+3Dd");
        assertThat(Command.mail(envelope(Optional.empty()), PLAIN, Extensions.NONE)
                        .line())
                .isEqualTo("MAIL FROM:<>");
    }

    @Test
    void command_rcptHasOrcptWithEachNotifyParameter() {
        Envelope.Recipient recipient = new Envelope.Recipient(
                Mailbox.parse("b+x@example.test"), Set.of(Notify.SUCCESS, Notify.DELAY), Optional.empty());
        assertThat(Command.rcpt(recipient, false, ALL).line())
                .isEqualTo("RCPT TO:<b+x@example.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b+2Bx@example.test");
        assertThat(Command.rcpt(recipient, false, Extensions.NONE).line()).isEqualTo("RCPT TO:<b+x@example.test>");
    }

    @Test
    void command_aNonAsciiAddressNeedsSmtputf8() {
        Envelope.Recipient recipient = Envelope.Recipient.of(Mailbox.parse("m\u00fcller@example.test"));
        assertThat(Command.octets(List.of(Command.rcpt(recipient, true, ALL)))).contains(0xc3, 0xbc);
        assertThatThrownBy(() -> Command.rcpt(recipient, false, ALL))
                .hasMessageContaining("is not allowed in a command");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\n", "\u0000", "\u007f", "\u0085", "\u001b", "\u00e9"})
    void command_controlAndNonAsciiCharactersAreRefused(String bad) {
        assertThatThrownBy(() -> new Command(Stage.MAIL, "NOOP" + bad, "NOOP", false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void command_controlCharactersAreRefusedInUtf8Too() {
        assertThat(new Command(Stage.MAIL, "A B~\u00a0", "", true).line()).isEqualTo("A B~\u00a0");
        assertThatThrownBy(() -> new Command(Stage.MAIL, "A\u0080", "", true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Command(Stage.MAIL, "A\u009f", "", true))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Command(Stage.MAIL, "A\u0080", "", false))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void command_anUnpairedSurrogateNeverBecomesAQuestionMark() {
        assertThatThrownBy(() -> new Command(Stage.RCPT, "RCPT TO:<\ud800@x>", "", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unpaired surrogate");
    }

    @ParameterizedTest
    @CsvSource({"x, -1, true", "x, 0, true", "x, 1, false", "\u00fc, -1, true", "\u00fc, 0, true", "\u00fc, 1, false"})
    void command_theLengthOfALineIsLimitedInOctets(String character, int excess, boolean allowed) {
        int octets = character.getBytes(StandardCharsets.UTF_8).length;
        String line = character.repeat((Command.MAX_LINE_OCTETS - 2) / octets + excess);
        boolean utf8 = octets > 1;
        if (allowed) {
            Command command = new Command(Stage.AUTH, line, "", utf8);
            assertThat(command.octets()).isEqualTo(octets * line.length() + 2);
            assertThat(Command.octets(List.of(command))).hasSize(command.octets());
        } else {
            assertThatThrownBy(() -> new Command(Stage.AUTH, line, "", utf8)).hasMessageContaining("longer than 12288");
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "100, true", "101, false", "0, false"})
    void command_anEnvidHas1To100Characters(int length, boolean allowed) {
        if (allowed) {
            assertThat(Envelope.checkedId("x".repeat(length))).hasSize(length);
        } else {
            assertThatThrownBy(() -> Envelope.checkedId("x".repeat(length))).hasMessageContaining("1 to 100");
        }
    }

    @Test
    void command_aNonAsciiOriginalRecipientIsEncoded() {
        assertThat(Command.originalRecipient(Mailbox.parse("m\u00fc+x@example.test")))
                .isEqualTo("utf-8;m\\x{FC}\\x{2B}x@example.test");
        assertThat(Command.originalRecipient(Mailbox.parse("\"m \u00fc!~\"@example.test")))
                .isEqualTo("utf-8;\"m\\x{20}\\x{FC}!~\"@example.test");
    }
}
