// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The way into the spool. */
public final class MessageSpool {

    private MessageSpool() {}

    /** Removes the temporary files that processes which are gone have left. What cannot be removed is logged. */
    public static void tidy(SpoolSettings settings, Instant now) {
        SpoolFile.tidy(settings.directory(), now);
    }

    /**
     * Has the source write its message and keeps the result in the form that goes over the wire.
     *
     * <p>Every bare CR or LF becomes CRLF and the last line ends in CRLF, but where the octets are data. Of the header, up to the first
     * empty line or the end, Bcc, Resent-Bcc, Return-Path and Content-Length are dropped; Date and Message-ID are put on top where
     * missing; a message that ends within its header gets the empty line. What no server need take is encoded, as {@code EditPlan} says.
     * All other octets stay.
     *
     * <p>If the source fails, nothing remains and its exception goes on. A failure to write that the source has swallowed is
     * thrown when it returns.
     *
     * @throws MessageTooLargeException if the message or its header is larger than allowed
     * @throws UnsendableMessageException if it has octets that SMTP cannot carry, and that must not be encoded
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
     * The same for a message whose header is complete: nothing is dropped or added.
     *
     * @throws UnsendableMessageException as above
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

    /** Keeps a message that is in the form that goes over the wire already, octet by octet, and takes its facts. */
    public static SpooledMessage canonical(ContentWriter source, SpoolSettings settings) throws IOException {
        try (SpoolOutput spool = new SpoolOutput(settings)) {
            source.writeTo(spool);
            return spool.finishAsItIs();
        }
    }

    /**
     * Keeps a message that is in the form that goes over the wire already, octet by octet, as one that was taken from a spool and stored.
     *
     * @param facts what is known of it
     * @throws IOException if the source fails, or does not write as many octets as the facts say
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
