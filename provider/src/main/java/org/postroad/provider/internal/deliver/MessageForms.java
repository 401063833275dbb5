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
import org.postroad.provider.internal.message.ReturnedPart.Rest;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Extensions;
import org.postroad.provider.internal.smtp.MessageContent;

/**
 * The forms of one message: as it was written, and one for each kind of server that cannot take it so, made once when first needed.
 * Thread-safe.
 */
public final class MessageForms implements ContentChoice, AutoCloseable {

    private final SpooledMessage original;
    private final SpoolSettings settings;
    private final List<Rest> rests; // what may be left of what a notice returns, less and less
    private final Map<Lack, FutureTask<Conversion.Result>> forms = new HashMap<>();
    private final FutureTask<Optional<MessageForms>> lesser;
    private volatile boolean returnsLess;

    public MessageForms(SpooledMessage original, SpoolSettings settings) {
        this(original, settings, List.of());
    }

    private MessageForms(SpooledMessage original, SpoolSettings settings, List<Rest> rests) {
        this.original = original;
        this.settings = settings;
        this.rests = rests;
        this.lesser = new FutureTask<>(this::reduced);
    }

    /**
     * Those of a notice: where it cannot be sent for what it returns of the message that it is about, it goes with the header of that, or
     * with nothing (RFC 6522 §3).
     */
    public static MessageForms ofNotice(SpooledMessage notice, SpoolSettings settings) {
        return new MessageForms(notice, settings, List.of(Rest.HEADER, Rest.NOTHING));
    }

    private Optional<MessageForms> reduced() throws IOException {
        for (int i = 0; i < rests.size(); i++) {
            Optional<SpooledMessage> less = ReturnedPart.reduce(original, rests.get(i), settings);
            if (less.isPresent()) {
                return Optional.of(new MessageForms(less.get(), settings, rests.subList(i + 1, rests.size())));
            }
        }
        return Optional.empty();
    }

    /** From now on, less of the message that a notice is about goes along. Returns whether there was anything to leave out. */
    public boolean returnsLess() {
        Optional<MessageForms> less = lesser();
        boolean wasLess = returnsLess;
        returnsLess = less.isPresent();
        return wasLess ? less.filter(MessageForms::returnsLess).isPresent() : less.isPresent();
    }

    private Optional<MessageForms> lesser() {
        try {
            lesser.run(); // here, unless another thread has begun with it
            return lesser.get();
        } catch (ExecutionException e) {
            return Optional.empty(); // the whole is what there is; what is wrong with it is reported
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What a form is made without. */
    private record Lack(boolean eightBitMime, boolean smtpUtf8) {}

    /** The message as it was written; belongs to this. */
    public SpooledMessage original() {
        return original;
    }

    @Override
    public Choice contentFor(Extensions extensions) {
        if (returnsLess) {
            return lesser().orElseThrow().contentFor(extensions);
        }
        Choice whole = wholeFor(extensions);
        if (rests.isEmpty() || isTaken(whole, extensions)) {
            return whole;
        }
        return lesser().map(less -> less.contentFor(extensions))
                .filter(less -> isTaken(less, extensions))
                .orElse(whole);
    }

    private static boolean isTaken(Choice choice, Extensions extensions) {
        return choice.fold(
                fit -> fit.content().size() <= extensions.maximumSize().orElse(Long.MAX_VALUE), unfit -> false);
    }

    private Choice wholeFor(Extensions extensions) {
        MessageFacts facts = original.facts();
        Lack lack = new Lack(
                !extensions.eightBitMime() && facts.has8bitBody(), !extensions.smtpUtf8() && facts.hasNonAsciiHeader());
        // A message that an older version of us has stored in a queue may have NUL octets.
        boolean fits = !lack.eightBitMime() && !lack.smtpUtf8() && !facts.hasNul();
        return fits ? new Fit(new Form(original)) : converted(lack);
    }

    private Choice converted(Lack lack) {
        FutureTask<Conversion.Result> form;
        synchronized (forms) {
            form = forms.computeIfAbsent(lack, this::task);
        }
        Conversion.Result result;
        try {
            form.run(); // here, unless another thread has begun with it
            result = form.get();
        } catch (ExecutionException e) {
            return unwritten(Printable.describe(e.getCause() == null ? e : e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unwritten("the delivery was cancelled");
        }
        return result.fold(
                converted -> new Fit(new Form(converted.message())),
                impossible -> new Unfit(impossible.status(), impossible.reason()));
    }

    private FutureTask<Conversion.Result> task(Lack lack) {
        Receiver receiver = new Receiver(!lack.eightBitMime(), !lack.smtpUtf8(), MessageForms::aLabels);
        return new FutureTask<>(() -> Conversion.convert(original, receiver, settings));
    }

    private static Optional<String> aLabels(String domain) {
        try {
            return Optional.of(Idna.toHostName(domain).text());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Unfit unwritten(String why) {
        return new Unfit(EnhancedStatus.MAIL_SYSTEM_4_3_0, "another form of the message could not be written: " + why);
    }

    /** After the last delivery. */
    @Override
    public void close() throws IOException {
        try {
            synchronized (forms) {
                for (FutureTask<Conversion.Result> form : forms.values()) {
                    close(form);
                }
            }
            if (!lesser.cancel(false)) {
                Optional<MessageForms> less = lesser();
                if (less.isPresent()) {
                    less.get().close();
                }
            }
        } finally {
            original.close();
        }
    }

    private static void close(FutureTask<Conversion.Result> form) throws IOException {
        try {
            if (!form.cancel(false) && form.get() instanceof Conversion.Converted converted) {
                converted.message().close();
            }
        } catch (ExecutionException e) {
            // It was never written, and whoever wanted it was told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
