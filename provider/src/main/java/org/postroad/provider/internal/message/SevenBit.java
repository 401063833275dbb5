// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** Makes a message fit for a remote MTA that does not offer 8BITMIME (RFC 6152 §3). */
public final class SevenBit {

    private static final int BUFFER = 64 * 1024;

    private SevenBit() {}

    /** What came of it: a closed set. */
    public sealed interface Result permits Converted, Impossible {

        /** The result of the function that fits. */
        default <R> R fold(Function<Converted, R> ifConverted, Function<Impossible, R> ifImpossible) {
            return this instanceof Converted converted
                    ? ifConverted.apply(converted)
                    : ifImpossible.apply((Impossible) this);
        }
    }

    /**
     * A message without octets above 127 that decodes to the same content.
     *
     * @param message another spooled message, to be closed by whoever asked; the original is as before
     */
    public record Converted(SpooledMessage message) implements Result {}

    /**
     * The message must not or cannot be converted: 5.6.3, conversion required but not supported.
     *
     * @param reason for people, without final period
     */
    public record Impossible(String reason) implements Result {}

    /**
     * Encodes every leaf part that is labelled 8bit or binary or that has octets above 127: text as quoted-printable, all else as
     * base64. Parts that are 7bit already stay octet for octet. Nothing is changed within multipart/signed or
     * multipart/encrypted, nor in a message with a DKIM-Signature; octets above 127 in headers, before the first or after the last
     * delimiter, or where a transfer encoding is declared, cannot be encoded.
     *
     * @throws IOException if the spool fails
     */
    public static Result convert(SpooledMessage message, SpoolSettings settings) throws IOException {
        SevenBitPlan plan = new SevenBitPlan(message.facts().hasDkimSignature());
        scan(message, plan);
        if (plan.obstacle().isPresent()) {
            return new Impossible(plan.obstacle().get());
        }
        try (SpoolOutput spool = new SpoolOutput(settings)) {
            BufferedOutputStream out = new BufferedOutputStream(spool, BUFFER);
            scan(message, new SevenBitRewriter(plan, out));
            out.flush();
            return new Converted(spool.finish());
        }
    }

    private static void scan(SpooledMessage message, MimeScanner.Visitor visitor) throws IOException {
        MimeScanner scanner = new MimeScanner(visitor);
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = message.openStream()) {
            int count;
            while ((count = in.read(buffer)) >= 0) {
                scanner.take(buffer, 0, count);
            }
        }
        scanner.finish();
    }
}
