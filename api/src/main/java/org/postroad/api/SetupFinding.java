// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;
import java.util.Objects;

/** A line of a {@link SetupReport}. */
public final class SetupFinding {

    private final Subject subject;
    private final Level level;
    private final String text;

    /** What was checked. */
    public enum Subject {
        /** Which class Jakarta Mail uses for {@code mx}, {@code mxqueue} and internet mail ({@code rfc822}). */
        TRANSPORT,
        /** The {@code mail.mx.*} properties of the Session. */
        SETTINGS,
        /** The name of this host in EHLO. */
        OWN_NAME,
        /** The IP families in which this host reaches the Internet. */
        FAMILIES,
        /** The source address in each of these families. */
        SOURCE_ADDRESS,
        /** Whether this Java runtime has the algorithms that TLS with mail servers needs. */
        TLS,
        /** Whether DNS answers. */
        DNS,
        /** Who validates DNSSEC, which DANE needs. */
        DNSSEC,
        /** The implementations of the SPIs. */
        PLUG_INS,
        /** The CDI container. */
        CDI,
        /** The JTA transaction of the calling thread. */
        JTA,
        /** The database of the queue. */
        DATA_SOURCE,
        /** Whether the queue is open, and which application opened it. */
        QUEUE;

        /** {@return the name in lower case, with a space between words} */
        @Override
        public String toString() {
            return readable(this);
        }
    }

    /** How serious a finding is. */
    public enum Level {
        OK,
        /** Mail can be sent, but something is missing or unusual. */
        WARNING,
        /** Mail is not sent, or not by Postroad. */
        PROBLEM,
        /** Unknown: it needs a network and that was not allowed, is not used, or depends on something that has a problem. */
        NOT_CHECKED;

        /** {@return the name in lower case, with a space between words} */
        @Override
        public String toString() {
            return readable(this);
        }
    }

    /**
     * Creates a finding.
     *
     * @param text one or more human-readable sentences: what was found and, unless it is in order, the remedy; it is cleaned
     */
    public SetupFinding(Subject subject, Level level, String text) {
        this.subject = subject;
        this.level = level;
        this.text = Printable.clean(text);
    }

    private static String readable(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** {@return what was checked} */
    public Subject subject() {
        return subject;
    }

    /** {@return how serious it is} */
    public Level level() {
        return level;
    }

    /** {@return what was found and, unless it is in order, the remedy; without control characters and secrets} */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SetupFinding that
                && subject == that.subject
                && level == that.level
                && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return Objects.hash(subject, level, text);
    }

    /** {@return {@code problem: transport: ...}} */
    @Override
    public String toString() {
        return level + ": " + subject + ": " + text;
    }
}
