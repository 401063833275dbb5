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
 * A command line. Last check before the network: the constructor rejects control characters, unpaired surrogates, and non-ASCII characters
 * unless SMTPUTF8 is used, whatever the caller checked.
 *
 * @param stage the stage that a reply to this command decides
 * @param line the line without CRLF
 * @param shown the line for logs, without secrets
 * @param utf8 whether the line may contain non-ASCII characters (RFC 6531 §3.3)
 */
record Command(Stage stage, String line, String shown, boolean utf8) {

    /** Maximum length of a line in octets with CRLF: the limit for AUTH (RFC 4954 §4). */
    static final int MAX_LINE_OCTETS = 12_288;

    private static final String CRLF = "\r\n";
    private static final String HIDDEN = "***";

    Command {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' || c == 0x7f || (c >= 0x80 && (!utf8 || c < 0xa0))) {
                throw new IllegalArgumentException("The command " + Printable.quote(shown) + " contains the character "
                        + Printable.quote(String.valueOf(c)) + ", which is not allowed in a command");
            }
        }
        if (length(line, utf8) > MAX_LINE_OCTETS) {
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
            envelope.id().ifPresent(id -> line.append(" ENVID=").append(xtext(id)));
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
                    .append(originalRecipient(recipient.original().orElse(recipient.mailbox())));
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
        return length(line, utf8);
    }

    /** Returns the octets of a command group, to be sent in one write. */
    static byte[] octets(List<Command> group) {
        StringBuilder text = new StringBuilder();
        for (Command command : group) {
            text.append(command.line).append(CRLF);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8); // the constructor has checked each line
    }

    private static int length(String line, boolean utf8) {
        return (utf8 ? utf8Length(line) : line.length()) + CRLF.length();
    }

    private static int utf8Length(String line) {
        try {
            // A new encoder rejects unpaired surrogates; String.getBytes would replace them with a question mark.
            return StandardCharsets.UTF_8
                    .newEncoder()
                    .encode(CharBuffer.wrap(line))
                    .remaining();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("A command contains an unpaired surrogate", e);
        }
    }

    private static Command plain(Stage stage, String line) {
        return new Command(stage, line, line, false);
    }

    /** Encodes ASCII text as xtext (RFC 3461 §4). */
    private static String xtext(String ascii) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : ascii.getBytes(StandardCharsets.US_ASCII)) {
            boolean plain = octet > ' ' && octet < 0x7f && octet != '+' && octet != '=';
            encoded.append(plain ? String.valueOf((char) octet) : String.format("+%02X", octet));
        }
        return encoded.toString();
    }

    /**
     * Returns the value of ORCPT: address type and address. A non-ASCII address is encoded as utf-8-addr-xtext, which is ASCII only (RFC
     * 6533 §3).
     */
    static String originalRecipient(Mailbox mailbox) {
        return mailbox.isAscii() ? "rfc822;" + xtext(mailbox.toString()) : "utf-8;" + utf8Xtext(mailbox.toString());
    }

    private static String utf8Xtext(String text) {
        StringBuilder encoded = new StringBuilder();
        text.codePoints().forEach(point -> {
            boolean plain = point > ' ' && point < 0x7f && point != '+' && point != '=' && point != '\\';
            encoded.append(plain ? Character.toString(point) : String.format("\\x{%X}", point));
        });
        return encoded.toString();
    }
}
