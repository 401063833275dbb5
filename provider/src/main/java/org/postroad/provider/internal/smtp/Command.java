// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.Stage;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.envelope.Envelope;

/**
 * A command line. Last check before the network: the constructor rejects control characters, and non-ASCII characters unless SMTPUTF8 is
 * used, whatever the caller checked.
 *
 * @param stage the stage that a reply to this command decides
 * @param line the line without CRLF
 * @param shown the line for logs, without secrets
 * @param utf8 whether the line may contain non-ASCII characters (RFC 6531 §3.3)
 */
record Command(Stage stage, String line, String shown, boolean utf8) {

    /** Maximum length of a line in octets with CRLF: the limit for AUTH (RFC 4954 §4). */
    static final int MAX_LINE_OCTETS = 12_288;

    private static final String HIDDEN = "***";

    Command {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' || c == 0x7f || (c >= 0x80 && (!utf8 || c < 0xa0))) {
                throw new IllegalArgumentException("The command " + Printable.quote(shown) + " has the character "
                        + Printable.quote(String.valueOf(c)) + ", which must not go on the wire");
            }
        }
        if (line.length() + 2 > MAX_LINE_OCTETS) {
            throw new IllegalArgumentException(
                    "The command " + Printable.quote(shown) + " is longer than " + MAX_LINE_OCTETS + " octets");
        }
    }

    static Command ehlo(Host self) {
        return plain(Stage.EHLO, "EHLO " + self.fold(HostName::text, IpAddress::literal));
    }

    static Command helo(Host self) {
        return plain(Stage.EHLO, "HELO " + self.fold(HostName::text, IpAddress::literal));
    }

    static Command startTls() {
        return plain(Stage.STARTTLS, "STARTTLS");
    }

    /** Returns AUTH with an initial response in Base64; {@code =} stands for an empty one. */
    static Command auth(String mechanism, Optional<String> initial) {
        String verb = "AUTH " + mechanism;
        return new Command(
                Stage.AUTH,
                verb + initial.map(response -> " " + response).orElse(""),
                verb + initial.map(response -> " " + HIDDEN).orElse(""),
                false);
    }

    /** Returns the response to an AUTH challenge. */
    static Command authResponse(String base64) {
        return new Command(Stage.AUTH, base64, HIDDEN, false);
    }

    /** Returns MAIL with the parameters whose extensions the server supports. */
    static Command mail(Envelope envelope, MailParameters content, Extensions extensions) {
        StringBuilder line = new StringBuilder("MAIL FROM:<");
        line.append(envelope.sender().map(Mailbox::toString).orElse("")).append('>');
        if (extensions.size()) {
            line.append(" SIZE=").append(content.size());
        }
        if (content.eightBit() && extensions.eightBitMime()) {
            line.append(" BODY=8BITMIME");
        }
        if (content.utf8()) {
            line.append(" SMTPUTF8");
        }
        if (envelope.tls() == TlsDemand.REQUIRED && extensions.requireTls()) {
            line.append(" REQUIRETLS");
        }
        if (extensions.dsn()) {
            envelope.returned().ifPresent(returned -> line.append(" RET=").append(returned));
            envelope.id().ifPresent(id -> line.append(" ENVID=").append(Xtext.encode(id)));
        }
        return new Command(Stage.MAIL, line.toString(), line.toString(), content.utf8());
    }

    /** Returns RCPT. ORCPT is sent with every NOTIFY, so that a report names the address originally written to. */
    static Command rcpt(Envelope.Recipient recipient, boolean utf8, Extensions extensions) {
        StringBuilder line = new StringBuilder("RCPT TO:<" + recipient.mailbox() + ">");
        if (hasDsnParameters(recipient, extensions)) {
            line.append(" NOTIFY=")
                    .append(recipient.notifyOn().stream()
                            .sorted()
                            .map(Enum::name)
                            .collect(Collectors.joining(",")))
                    .append(" ORCPT=")
                    .append(Xtext.originalRecipient(recipient.original().orElse(recipient.mailbox())));
        }
        return new Command(Stage.RCPT, line.toString(), line.toString(), utf8);
    }

    /** Returns whether RCPT has DSN parameters. */
    static boolean hasDsnParameters(Envelope.Recipient recipient, Extensions extensions) {
        return extensions.dsn() && !recipient.notifyOn().isEmpty();
    }

    static Command data() {
        return plain(Stage.DATA, "DATA");
    }

    /** Returns the command before a chunk (RFC 3030). Exactly this number of octets of the message must follow. */
    static Command bdat(int octets, boolean last) {
        return last ? plain(Stage.END_OF_DATA, "BDAT " + octets + " LAST") : plain(Stage.DATA, "BDAT " + octets);
    }

    static Command rset() {
        return plain(Stage.MAIL, "RSET");
    }

    static Command quit() {
        return plain(Stage.END_OF_DATA, "QUIT");
    }

    /** Properties of the message for the parameters of MAIL: size and required extensions. */
    record MailParameters(long size, boolean eightBit, boolean utf8) {}

    /** Returns the length of the line in octets, with CRLF. */
    int octets() {
        return utf8 ? octets(List.of(this)).length : line.length() + 2;
    }

    /** Returns the octets of a command group, to be sent in one write. */
    static byte[] octets(List<Command> flight) {
        StringBuilder text = new StringBuilder();
        boolean utf8 = false;
        for (Command command : flight) {
            text.append(command.line).append("\r\n");
            utf8 |= command.utf8;
        }
        if (!utf8) {
            return text.toString().getBytes(StandardCharsets.US_ASCII); // the constructor rejects everything else
        }
        try {
            // A new encoder rejects lone surrogates; String.getBytes would replace them with a question mark.
            var octets = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] copy = new byte[octets.remaining()];
            octets.get(copy);
            return copy;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("A command has half a character", e);
        }
    }

    private static Command plain(Stage stage, String line) {
        return new Command(stage, line, line, false);
    }
}
