// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.postroad.api.Printable;

/** A line on the standard error that changes while long work is done. It is there on a terminal only, after half a second. */
final class Progress {

    private static final long DELAY = Duration.ofMillis(500).toNanos();
    private static final long PAUSE = Duration.ofMillis(100).toNanos();
    private static final String START_OF_LINE = "\r";
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final boolean isShown;
    private final LongSupplier clock;
    private long nextAt;
    private boolean hasLine;

    /** @param clock nanoseconds, as of {@link System#nanoTime()} */
    Progress(PrintWriter err, boolean isShown, LongSupplier clock) {
        this.err = err;
        this.isShown = isShown;
        this.clock = clock;
        this.nextAt = clock.getAsLong() + DELAY;
    }

    /** Returns the progress of work that begins now. */
    static Progress on(PrintWriter err) {
        return new Progress(err, isTerminal(), System::nanoTime);
    }

    /** Shows a text in place of the last one. */
    synchronized void show(String text) {
        long now = clock.getAsLong();
        if (!isShown || now - nextAt < 0) {
            return;
        }
        nextAt = now + PAUSE;
        hasLine = true;
        err.print(ERASE_LINE + Printable.clean(text) + START_OF_LINE);
        err.flush();
    }

    /** Removes the line at the end of the work. */
    synchronized void end() {
        if (hasLine) {
            hasLine = false;
            err.print(ERASE_LINE);
            err.flush();
        }
    }

    /** From JDK 22 on, there is a Console without a terminal as well, and a method that says so. */
    @SuppressWarnings("SystemConsoleNull") // it is null before JDK 22
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException older) {
            return true;
        }
    }
}
