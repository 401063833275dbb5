// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.postroad.api.Printable;

/** A message in a file or on the standard input. */
final class MessageFile {

    /** Maximum size in octets, as of {@code mail.mx.queue.maxsize}: 100 MiB. */
    static final int MAX_SIZE = 104_857_600;

    private static final String STANDARD_INPUT = "-";
    private static final String MBOX = "From ";

    /** The first line of a message: a header field (RFC 5322 §3.6.8). */
    private static final Pattern FIELD = Pattern.compile("[!-9;-~]+[ \\t]*:.*");

    private MessageFile() {}

    /**
     * Reads a message, which is sent as it is: {@code saveChanges} does nothing, because it would change the Message-ID and so break
     * a signature.
     *
     * @param file {@code -} for the standard input
     * @throws CliException if it cannot be read, is too large, or is no message
     */
    static MimeMessage read(String file, InputStream standardInput, Session session) {
        String name = file.equals(STANDARD_INPUT) ? "the standard input" : Printable.quote(file);
        try {
            byte[] octets = octets(file, standardInput);
            check(octets, name);
            return new AsItIs(session, new ByteArrayInputStream(octets));
        } catch (IOException e) {
            throw new CliException(ExitCode.USAGE, name + " cannot be read: " + Printable.describe(e), e);
        } catch (MessagingException e) {
            throw new CliException(ExitCode.PERMANENT, name + " is not a message: " + Printable.describe(e), e);
        }
    }

    private static byte[] octets(String file, InputStream standardInput) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            return standardInput.readNBytes(MAX_SIZE + 1);
        }
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            return content.readNBytes(MAX_SIZE + 1);
        }
    }

    private static void check(byte[] octets, String name) {
        if (octets.length > MAX_SIZE) {
            throw new CliException(ExitCode.PERMANENT, name + " has more than " + MAX_SIZE + " octets (100 MiB)");
        }
        int end = 0;
        while (end < octets.length && octets[end] != '\r' && octets[end] != '\n') {
            end++;
        }
        String first = new String(octets, 0, end, StandardCharsets.ISO_8859_1);
        if (octets.length == 0) {
            throw new CliException(ExitCode.PERMANENT, name + " is empty; a message begins with its header");
        } else if (first.startsWith(MBOX)) {
            throw new CliException(
                    ExitCode.PERMANENT,
                    name + " is an mbox file: its first line begins with \"From \"; give one message");
        } else if (!FIELD.matcher(first).matches()) {
            throw new CliException(
                    ExitCode.PERMANENT,
                    name + " is not a message: it begins with " + Printable.quote(shortened(first))
                            + " in place of a header field such as \"Subject: Hello\"");
        }
    }

    private static String shortened(String line) {
        return line.length() > 60 ? line.substring(0, 60) : line;
    }

    /** A message that a send does not change. */
    private static final class AsItIs extends MimeMessage {

        AsItIs(Session session, InputStream content) throws MessagingException {
            super(session, content);
        }

        @Override
        public void saveChanges() {
            // keeps every octet
        }
    }
}
