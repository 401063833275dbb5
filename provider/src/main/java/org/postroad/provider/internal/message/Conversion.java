// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.MessageWarning;

/** Converts a message as planned by an {@link EditPlan}. */
public final class Conversion {

    private static final int BUFFER = 64 * 1024;

    private Conversion() {}

    /** Result of a conversion: a closed set. */
    public sealed interface ConversionResult permits Converted, Impossible {

        /** Returns the result of the function that matches this case. */
        default <R> R fold(Function<Converted, R> ifConverted, Function<Impossible, R> ifImpossible) {
            return this instanceof Converted converted
                    ? ifConverted.apply(converted)
                    : ifImpossible.apply((Impossible) this);
        }
    }

    /**
     * A message that the receiver accepts and that decodes to the same content.
     *
     * @param message a new spooled message, which the caller must close; the original is unchanged
     */
    public record Converted(SpooledMessage message) implements ConversionResult {}

    /**
     * The message must not or cannot be converted.
     *
     * @param status 5.6.3 (conversion required but not supported) or 5.6.7 (non-ASCII header)
     * @param reason human-readable, without final period
     */
    public record Impossible(EnhancedStatus status, String reason) implements ConversionResult {}

    /**
     * Encodes what the receiver does not accept: text parts as quoted-printable, other leaf parts as base64, words in headers as encoded
     * words (RFC 2047), domains in addresses as A-labels. Parts that the receiver accepts stay octet for octet. Nothing is changed inside
     * multipart/signed or multipart/encrypted, in a message with a DKIM-Signature, or in the local part of an address.
     *
     * @throws IOException if the spool fails
     */
    public static ConversionResult convert(SpooledMessage message, Receiver receiver, SpoolSettings settings)
            throws IOException {
        EditPlan plan = new EditPlan(receiver);
        try (InputStream in = message.openStream()) {
            scan(in, plan);
        }
        if (plan.obstacle().isPresent()) {
            EditPlan.Obstacle obstacle = plan.obstacle().get();
            return new Impossible(obstacle.status(), obstacle.reason());
        }
        try (InputStream in = message.openStream()) {
            return new Converted(rewrite(in, plan, settings).message(List.of()));
        }
    }

    /**
     * Returns the source's message in the form that is sent to a server with all extensions.
     *
     * @param plan the completed plan for this draft, made for {@link Receiver#ANY}
     * @throws UnsendableMessageException if there is no such form
     */
    static SpooledMessage wireForm(SpoolOutput.Draft draft, EditPlan plan, SpoolSettings settings) throws IOException {
        List<MessageWarning> warnings = plan.warnings();
        if (plan.obstacle().isEmpty() && plan.isEmpty()) {
            return draft.message(warnings);
        }
        try {
            if (plan.obstacle().isPresent()) {
                throw new UnsendableMessageException(plan.obstacle().get().reason());
            }
            try (InputStream in = draft.content().open()) {
                return rewrite(in, plan, settings).message(warnings);
            }
        } finally {
            draft.content().delete();
        }
    }

    private static SpoolOutput.Draft rewrite(InputStream in, EditPlan plan, SpoolSettings settings) throws IOException {
        try (SpoolOutput spool = new SpoolOutput(settings)) {
            BufferedOutputStream out = new BufferedOutputStream(spool, BUFFER);
            Rewriter rewriter = new Rewriter(plan, out);
            scan(in, rewriter);
            rewriter.finish();
            out.flush();
            return spool.finish();
        }
    }

    /** Passes the whole message to the visitor. */
    static void scan(InputStream in, MimeScanner.Visitor visitor) throws IOException {
        MimeScanner scanner = new MimeScanner(visitor);
        byte[] buffer = new byte[BUFFER];
        int count;
        while ((count = in.read(buffer)) >= 0) {
            scanner.take(buffer, 0, count);
        }
        scanner.finish();
    }
}
