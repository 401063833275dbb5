// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Printable;
import org.postroad.provider.internal.message.SevenBit;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Extensions;
import org.postroad.provider.internal.smtp.MessageContent;

/**
 * The forms of one message: as it was written, and in seven bits for servers without 8BITMIME, made once when first needed.
 * Thread-safe.
 */
public final class MessageForms implements ContentChoice, AutoCloseable {

    private final SpooledMessage original;
    private final FutureTask<SevenBit.Result> sevenBit;

    public MessageForms(SpooledMessage original, SpoolSettings settings) {
        this.original = original;
        this.sevenBit = new FutureTask<>(() -> SevenBit.convert(original, settings));
    }

    /** The message as it was written; belongs to this. */
    public SpooledMessage original() {
        return original;
    }

    @Override
    public Choice contentFor(Extensions extensions) {
        boolean fits = extensions.eightBitMime() || !original.facts().has8bitBody();
        // Headers beyond ASCII have no seven-bit form: without SMTPUTF8 the session says 5.6.7.
        if (fits || original.facts().hasNonAsciiHeader()) {
            return new Fit(new Form(original));
        }
        SevenBit.Result result;
        try {
            sevenBit.run(); // here, unless somebody else has begun with it
            result = sevenBit.get();
        } catch (ExecutionException e) {
            return unwritten(Printable.describe(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unwritten("the delivery was cancelled");
        }
        return result instanceof SevenBit.Converted converted
                ? new Fit(new Form(converted.message()))
                : new Unfit(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, ((SevenBit.Impossible) result).reason());
    }

    private static Unfit unwritten(String why) {
        return new Unfit(EnhancedStatus.MAIL_SYSTEM_4_3_0, "our own seven-bit form could not be written: " + why);
    }

    /** After the last delivery. */
    @Override
    public void close() throws IOException {
        try {
            if (!sevenBit.cancel(false) && sevenBit.get() instanceof SevenBit.Converted converted) {
                converted.message().close();
            }
        } catch (ExecutionException e) {
            // It was never written, and whoever wanted it was told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            original.close();
        }
    }

    private record Form(SpooledMessage message) implements MessageContent {
        @Override
        public long size() {
            return message.facts().size();
        }

        @Override
        public boolean isEightBit() {
            return message.facts().has8bitBody();
        }

        @Override
        public boolean needsSmtpUtf8() {
            return message.facts().hasNonAsciiHeader();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            message.writeTo(out);
        }
    }
}
