// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.postroad.api.Domain;

/** Shared by the tests of this package. Strings hold octets, one per character. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-11-03T04:05:06.789Z");

    /** A header to which nothing needs to be added. */
    static final String COMPLETE = "Date: Tue, 3 Nov 2026 04:05:06 +0000\r\nMessage-ID: <1@example.org>\r\n";

    /** A server without extensions. */
    static final Receiver SEVEN_BIT = new Receiver(
            false,
            false,
            domain -> domain.equals("m\u00fcnchen.example") ? Optional.of("xn--mnchen-3ya.example") : Optional.empty());

    private Samples() {}

    static HeaderDefaults defaults() {
        return new HeaderDefaults(Domain.parse("example.org"), InstantSource.fixed(NOW), new Random(1));
    }

    static SpoolSettings settings(Path directory, int memoryThreshold) {
        return new SpoolSettings(memoryThreshold, Optional.of(directory), SpoolSettings.DEFAULT_MAXIMUM_SIZE);
    }

    static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] octets) {
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    static SpooledMessage spool(String message) {
        return spool(message, SpoolSettings.DEFAULTS);
    }

    static SpooledMessage spool(String message, SpoolSettings settings) {
        try {
            return MessageSpool.write(out -> out.write(octets(message)), defaults(), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(SpooledMessage message) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text(out.toByteArray());
    }

    /** Returns the message as written by the spool. */
    static String spooled(String message) {
        return text(spool(message));
    }

    static MessageFacts facts(String message) {
        return spool(message).facts();
    }

    /**
     * Returns the number of files in a directory, including files without a name that this process has open, if the system shows them
     * (Linux).
     */
    static long files(Path directory) throws IOException {
        long nameless = 0;
        Path handles = Path.of("/proc/self/fd");
        if (Files.isDirectory(handles)) {
            try (Stream<Path> open = Files.list(handles)) {
                nameless = open.filter(handle -> leadsInto(directory, handle)).count();
            }
        }
        try (Stream<Path> named = Files.list(directory)) {
            return nameless + named.count();
        }
    }

    private static boolean leadsInto(Path directory, Path handle) {
        try {
            String file = Files.readSymbolicLink(handle).toString();
            return file.startsWith(directory.toRealPath() + "/") && file.endsWith(" (deleted)");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
