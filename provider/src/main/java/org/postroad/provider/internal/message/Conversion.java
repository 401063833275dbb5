// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.MessageWarning;

/** Makes another form of a message, as an {@link EditPlan} says. */
public final class Conversion {

    private static final int BUFFER = 64 * 1024;

    private Conversion() {}

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
     * A message that the receiver can take, and that decodes to the same content.
     *
     * @param message another spooled message, to be closed by the caller; the original is unchanged
     */
    public record Converted(SpooledMessage message) implements Result {}

    /**
     * The message must not or cannot be converted.
     *
     * @param status 5.6.3, conversion required but not supported; 5.6.7, a header beyond ASCII
     * @param reason human-readable, without final period
     */
    public record Impossible(EnhancedStatus status, String reason) implements Result {}

    /**
     * Encodes what the receiver cannot take: leaf parts, text as quoted-printable and all else as base64; words of headers (RFC 2047);
     * domains in addresses as A-labels. Parts that the receiver can take stay octet for octet. Nothing is changed within
     * multipart/signed or multipart/encrypted, nor in a message with a DKIM-Signature, nor in the local part of an address.
     *
     * @throws IOException if the spool fails
     */
    public static Result convert(SpooledMessage message, Receiver receiver, SpoolSettings settings) throws IOException {
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
     * The message as its source wrote it, in the form that goes over the wire where a server lacks nothing.
     *
     * @param plan of the draft, for any receiver
     * @throws UnsendableMessageException if there is none
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

    /** Shows all of a message to the visitor. */
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
