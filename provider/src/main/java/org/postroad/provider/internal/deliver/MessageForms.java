// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Idna;
import org.postroad.provider.internal.message.Conversion;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.message.Receiver;
import org.postroad.provider.internal.message.ReturnedPart;
import org.postroad.provider.internal.message.ReturnedPart.Remaining;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Extensions;
import org.postroad.provider.internal.smtp.MessageContent;

/**
 * All forms of one message: the original, and a converted one for each kind of server that cannot accept the original. Each form is created
 * once, when first needed. Thread-safe.
 */
public final class MessageForms implements ContentChoice, AutoCloseable {

    private final SpooledMessage original;
    private final SpoolSettings settings;
    private final List<Remaining> rests; // what a notice may still return of its message, in decreasing amount
    private final Map<MissingExtensions, FutureTask<Conversion.ConversionResult>> forms = new HashMap<>();
    private final FutureTask<Optional<MessageForms>> reducedNotice;
    private volatile boolean reduced;

    public MessageForms(SpooledMessage original, SpoolSettings settings) {
        this(original, settings, List.of());
    }

    private MessageForms(SpooledMessage original, SpoolSettings settings, List<Remaining> rests) {
        this.original = original;
        this.settings = settings;
        this.rests = rests;
        this.reducedNotice = new FutureTask<>(this::createReducedNotice);
    }

    /**
     * Returns the forms of a notice. If it cannot be sent with all that it returns of the original message, it returns only the header, or
     * nothing (RFC 6522 §3).
     */
    public static MessageForms ofNotice(SpooledMessage notice, SpoolSettings settings) {
        return new MessageForms(notice, settings, List.of(Remaining.HEADER, Remaining.NOTHING));
    }

    private Optional<MessageForms> createReducedNotice() throws IOException {
        for (int i = 0; i < rests.size(); i++) {
            Optional<SpooledMessage> less = ReturnedPart.reduce(original, rests.get(i), settings);
            if (less.isPresent()) {
                return Optional.of(new MessageForms(less.get(), settings, rests.subList(i + 1, rests.size())));
            }
        }
        return Optional.empty();
    }

    /**
     * Switches to the next smaller form of a notice, which returns less of the original message.
     *
     * @return whether there was anything left to omit
     */
    public boolean reduce() {
        Optional<MessageForms> less = reducedNotice();
        boolean wasReduced = reduced;
        reduced = less.isPresent();
        return wasReduced ? less.filter(MessageForms::reduce).isPresent() : less.isPresent();
    }

    private Optional<MessageForms> reducedNotice() {
        try {
            reducedNotice.run(); // runs in this thread unless another one has already started it
            return reducedNotice.get();
        } catch (ExecutionException e) {
            return Optional.empty(); // falls back to the whole notice; its own errors are reported
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The extensions that a form must do without. */
    private record MissingExtensions(boolean eightBitMime, boolean smtpUtf8) {}

    /** Returns the message as it was written. It is closed together with this object. */
    public SpooledMessage original() {
        return original;
    }

    @Override
    public Choice contentFor(Extensions extensions) {
        if (reduced) {
            return reducedNotice().orElseThrow().contentFor(extensions);
        }
        Choice whole = wholeFor(extensions);
        if (rests.isEmpty() || isTaken(whole, extensions)) {
            return whole;
        }
        return reducedNotice()
                .map(less -> less.contentFor(extensions))
                .filter(less -> isTaken(less, extensions))
                .orElse(whole);
    }

    private static boolean isTaken(Choice choice, Extensions extensions) {
        return choice.fold(
                fit -> fit.content().size() <= extensions.maximumSize().orElse(Long.MAX_VALUE), unfit -> false);
    }

    private Choice wholeFor(Extensions extensions) {
        MessageFacts facts = original.facts();
        MissingExtensions missing = new MissingExtensions(
                !extensions.eightBitMime() && facts.has8bitBody(), !extensions.smtpUtf8() && facts.hasNonAsciiHeader());
        // A message queued by an older version may contain NUL octets.
        boolean fits = !missing.eightBitMime() && !missing.smtpUtf8() && !facts.hasNul();
        return fits ? new Fit(new PreparedMessage(original)) : converted(missing);
    }

    private Choice converted(MissingExtensions missing) {
        FutureTask<Conversion.ConversionResult> form;
        synchronized (forms) {
            form = forms.computeIfAbsent(missing, this::task);
        }
        Conversion.ConversionResult result;
        try {
            form.run(); // runs in this thread unless another one has already started it
            result = form.get();
        } catch (ExecutionException e) {
            return unwritten(Printable.describe(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unwritten("the delivery was cancelled");
        }
        return result.fold(
                converted -> new Fit(new PreparedMessage(converted.message())),
                impossible -> new Unsuitable(impossible.status(), impossible.reason()));
    }

    private FutureTask<Conversion.ConversionResult> task(MissingExtensions missing) {
        Receiver receiver = new Receiver(!missing.eightBitMime(), !missing.smtpUtf8(), MessageForms::aLabels);
        return new FutureTask<>(() -> Conversion.convert(original, receiver, settings));
    }

    private static Optional<String> aLabels(String domain) {
        try {
            return Optional.of(Idna.toHostName(domain).text());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Unsuitable unwritten(String why) {
        return new Unsuitable(EnhancedStatus.MAIL_SYSTEM_4_3_0, "the converted message could not be written: " + why);
    }

    /** Closes all forms. To be called after the last delivery. */
    @Override
    public void close() throws IOException {
        try {
            synchronized (forms) {
                for (FutureTask<Conversion.ConversionResult> form : forms.values()) {
                    close(form);
                }
            }
            if (!reducedNotice.cancel(false)) {
                Optional<MessageForms> less = reducedNotice();
                if (less.isPresent()) {
                    less.get().close();
                }
            }
        } finally {
            original.close();
        }
    }

    private static void close(FutureTask<Conversion.ConversionResult> form) throws IOException {
        try {
            if (!form.cancel(false) && form.get() instanceof Conversion.Converted converted) {
                converted.message().close();
            }
        } catch (ExecutionException e) {
            // The form was never written, and the caller that needed it received the error.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record PreparedMessage(SpooledMessage message) implements MessageContent {
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
