// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.postroad.api.Printable;
import org.postroad.provider.Allocations;

/** Inputs as text, and the properties that every reader of text has. */
public final class Fuzzing {

    private Fuzzing() {}

    /** The input as UTF-8. An octet that is none becomes half a surrogate pair, which a String may have and UTF-8 cannot say. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8).replace('\ufffd', '\ud800');
    }

    /** What was read, empty where the reader refused it as readers do: an IllegalArgumentException that can be shown. */
    public static <T> Optional<T> read(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (IllegalArgumentException e) {
            check(e.getClass() == IllegalArgumentException.class, () -> "refused by accident: " + e);
            checkShowable(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** What is read reads as the same value when it is written, and is written without control characters. */
    public static <T> Optional<T> readTwice(String text, Function<String, T> reader, Function<T, String> writer) {
        Optional<T> value = read(() -> reader.apply(text));
        value.ifPresent(read -> {
            String written = writer.apply(read);
            checkNoControl(written);
            check(reader.apply(written).equals(read), () -> "written as " + written + ", which is something else");
        });
        return value;
    }

    /** Nothing that a terminal, a log or a mail header would obey. */
    public static void checkNoControl(String text) {
        check(text.chars().noneMatch(Character::isISOControl), () -> "a control character in " + Printable.quote(text));
    }

    /** Nothing that is not cleaned. */
    public static void checkShowable(String text) {
        boolean showable = text.chars()
                .allMatch(c -> Printable.clean(String.valueOf((char) c)).length() == 1);
        check(showable, () -> "not cleaned: " + Printable.quote(text));
    }

    /** Octets that any reader may allocate, whatever the input is: buffers, what the fuzzer notes down. */
    private static final long BASE = 16L << 20;

    /**
     * Octets that a reader may allocate for each octet of its input: ten times what ours do, since the fuzzer's agent allocates as well. A
     * copy of 64 KiB for each octet exceeds it.
     */
    private static final long FOR_EACH_OCTET = 16_000;

    /** The most octets in an input; the POM says it to the fuzzer. */
    public static final int MAX_INPUT = 64 * 1024;

    /** Something that is done with an input. */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /**
     * Does it, and checks that the work is at most linear in the input, by what it allocates: that is the same on every machine. What is
     * too much is done again, twice at most: at first classes are loaded, which the fuzzer's agent rewrites.
     */
    public static <E extends Exception> void linear(byte[] input, Work<E> work) throws E {
        long limit = BASE + FOR_EACH_OCTET * input.length;
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < 3 && allocated > limit; i++) {
            long before = Allocations.ofThisThread();
            work.run();
            allocated = Allocations.ofThisThread() - before;
        }
        long least = allocated;
        check(least <= limit, () -> least + " octets allocated for an input of " + input.length);
    }

    public static void check(boolean condition, Supplier<String> complaint) {
        if (!condition) {
            throw new AssertionError(complaint.get());
        }
    }
}
