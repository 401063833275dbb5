// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.postroad.api.Domain;
import org.postroad.provider.internal.message.HeaderDefaults;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.message.UnsendableMessageException;

/**
 * Tests against SMTP smuggling (CVE-2023-51764 and similar): whatever a message contains, exactly one message with those octets is sent,
 * both for a server that accepts only CRLF and for one that accepts any line end.
 */
class SmugglingTest {

    private static final Pattern BARE = Pattern.compile("\r(?!\n)|(?<!\r)\n");
    private static final Pattern STRICT = Pattern.compile("\r\n");
    private static final Pattern LENIENT = Pattern.compile("\r\n|\r|\n");

    /** A message as written, and as sent; each character is an octet. */
    private record Sent(String message, String wire) {

        static Sent of(byte[] octets) throws IOException {
            HeaderDefaults defaults =
                    new HeaderDefaults(Domain.parse("example.org"), InstantSource.fixed(Instant.EPOCH), new Random(1));
            try (SpooledMessage spooled =
                    MessageSpool.write(out -> out.write(octets), defaults, SpoolSettings.DEFAULTS)) {
                ByteArrayOutputStream message = new ByteArrayOutputStream();
                spooled.writeTo(message);
                String text = message.toString(StandardCharsets.ISO_8859_1);
                ByteArrayOutputStream wire = new ByteArrayOutputStream();
                DotStuffing stuffing = new DotStuffing(wire);
                ContentCheck.pass(TestContent.of(text, spooled.facts().size()), stuffing);
                stuffing.end();
                return new Sent(text, wire.toString(StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** Returns the messages that a server sees, and what it would take for commands after them. */
    private static List<String> seen(String wire, Pattern lineEnd) {
        List<String> messages = new ArrayList<>();
        StringBuilder message = new StringBuilder();
        for (String line : lineEnd.split(wire)) {
            if (line.equals(".")) {
                messages.add(message.toString());
                message.setLength(0);
            } else {
                message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
        }
        if (message.length() > 0) {
            messages.add("commands: " + message);
        }
        return messages;
    }

    private static void expectOneMessage(byte[] octets) throws IOException {
        Sent sent = Sent.of(octets);
        assertThat(BARE.matcher(sent.wire()).find()).isFalse();
        assertThat(seen(sent.wire(), STRICT)).containsExactly(sent.message());
        assertThat(seen(sent.wire(), LENIENT)).containsExactly(sent.message());
    }

    /** Generates mainly characters that form and break lines. */
    @Provide
    Arbitrary<byte[]> messages() {
        return Arbitraries.oneOf(
                        Arbitraries.of((byte) '\r', (byte) '\n', (byte) '.'),
                        Arbitraries.of((byte) 'a', (byte) ':', (byte) ' ', (byte) 0, (byte) 0x85, (byte) 0xff),
                        Arbitraries.bytes())
                .array(byte[].class)
                .ofMaxSize(200);
    }

    @Property
    void smuggling_anyContentIsExactlyOneMessage(@ForAll("messages") byte[] octets) throws IOException {
        byte[] withoutNul = octets.clone();
        for (int i = 0; i < withoutNul.length; i++) {
            withoutNul[i] = withoutNul[i] == 0 ? (byte) '.' : withoutNul[i];
        }
        expectOneMessage(withoutNul);
    }

    /** RFC 5322 §3.5: a NUL is encoded, or nothing is sent. */
    @Property
    void smuggling_contentWithNulIsOneMessageOrNone(@ForAll("messages") byte[] octets) throws IOException {
        try {
            expectOneMessage(octets);
            assertThat(Sent.of(octets).wire()).doesNotContain("\0");
        } catch (UnsendableMessageException refused) {
            assertThat(octets).contains((byte) 0);
        }
    }

    @Test
    void smuggling_theKnownFalseEndsOfDataDoNotEndTheMessage() throws IOException {
        for (String end :
                List.of("\n.\n", "\r.\r", "\r\n.\n", "\n.\r\n", "\r.\r\n", "\r\n.\r", "\r\n.\r\n", "\n..\n")) {
            String smuggled = "From: a\r\n\r\nfirst" + end + "MAIL FROM:<evil@example.org>\r\nDATA\r\nsecond\r\n";
            expectOneMessage(smuggled.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
