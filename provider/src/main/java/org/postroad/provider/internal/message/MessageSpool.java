// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

/** Entry point: writes messages into the spool. */
public final class MessageSpool {

    private MessageSpool() {}

    /** Writes a message once, in Internet message format (RFC 5322), with any line ends. */
    @FunctionalInterface
    public interface ContentWriter {

        /** Writes the header and the body. Closing the stream has no effect. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Deletes the temporary files left behind by processes that have ended. Logs a failure. */
    public static void tidy(SpoolSettings settings, Instant now) {
        SpoolFile.tidy(settings.directory(), now);
    }

    /**
     * Spools the source's message in the form that is sent.
     *
     * <p>Every bare CR or LF becomes CRLF, and the last line ends in CRLF, except in data. From the header (up to the first empty line or
     * the end), Bcc, Resent-Bcc, Return-Path and Content-Length are dropped. A missing Date or Message-ID is added at the top. A message
     * that ends within its header gets the empty line. Anything that servers need not accept is encoded as decided by {@code EditPlan}. All
     * other octets stay unchanged.
     *
     * <p>If the source fails, its exception is rethrown and nothing is left behind. If the source swallowed a write failure, this method
     * throws it after the source returns.
     *
     * @throws MessageTooLargeException if the message or its header exceeds its limit
     * @throws UnsendableMessageException if it has octets that SMTP cannot carry and that must not be encoded
     */
    public static SpooledMessage write(ContentWriter source, HeaderDefaults defaults, SpoolSettings settings)
            throws IOException {
        EditPlan plan = new EditPlan(Receiver.ANY);
        try (SpoolOutput spool = new SpoolOutput(settings, plan)) {
            HeaderFilter header = new HeaderFilter(spool, defaults);
            SourceOutput out = new SourceOutput(header);
            source.writeTo(out);
            out.finish();
            header.finish();
            return Conversion.wireForm(spool.finish(), plan, settings);
        }
    }

    /**
     * Like {@link #write}, for a message with a complete header: no field is dropped or added.
     *
     * @throws UnsendableMessageException if it has octets that SMTP cannot carry and that must not be encoded
     */
    public static SpooledMessage complete(ContentWriter source, SpoolSettings settings) throws IOException {
        EditPlan plan = new EditPlan(Receiver.ANY);
        try (SpoolOutput spool = new SpoolOutput(settings, plan)) {
            SourceOutput out = new SourceOutput(spool);
            source.writeTo(out);
            out.finish();
            return Conversion.wireForm(spool.finish(), plan, settings);
        }
    }

    /**
     * Spools a message that was stored in the form that is sent, octet for octet.
     *
     * @param facts the facts stored with it
     * @throws IOException if the source fails or writes a number of octets that differs from the facts
     */
    public static SpooledMessage restore(ContentWriter source, MessageFacts facts, SpoolSettings settings)
            throws IOException {
        try (SpoolStorage storage = new SpoolStorage(settings)) {
            source.writeTo(storage);
            if (storage.size() != facts.size()) {
                throw new IOException("The stored message has " + storage.size() + " octets and not " + facts.size());
            }
            return new SpooledMessage(facts, storage.finish(), List.of());
        }
    }
}
