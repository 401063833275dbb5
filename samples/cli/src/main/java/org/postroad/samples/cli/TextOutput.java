// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.io.PrintWriter;

/** Prints lines of text, with colours or without. */
final class TextOutput {

    private static final String RESET = "\u001b[0m";

    private final PrintWriter out;
    private final boolean coloured;

    TextOutput(PrintWriter out, boolean coloured) {
        this.out = out;
        this.coloured = coloured;
    }

    /** The look of a line. */
    enum Look {
        PLAIN(""),
        HEADING("\u001b[1m"),
        MINOR("\u001b[2m"),
        GOOD("\u001b[32m"),
        TEMPORARY("\u001b[33m"),
        PERMANENT("\u001b[31m");

        private final String code;

        Look(String code) {
            this.code = code;
        }
    }

    /** Writes out what was printed, so that it is seen while the command runs. */
    void flush() {
        out.flush();
    }

    void line(String text, Look look) {
        out.println(coloured && look != Look.PLAIN ? look.code + text + RESET : text);
    }
}
