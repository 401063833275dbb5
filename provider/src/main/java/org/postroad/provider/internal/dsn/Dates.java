// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Formats instants for fields and for human-readable text. Always in UTC, because the reader's time zone is not known. */
final class Dates {

    private static final DateTimeFormatter HEADER = format("EEE, d MMM yyyy HH:mm:ss Z");
    private static final DateTimeFormatter TO_THE_MINUTE = format("d MMMM yyyy, HH:mm 'UTC'");
    private static final DateTimeFormatter TO_THE_SECOND = format("d MMM yyyy, HH:mm:ss 'UTC'");

    private Dates() {}

    /** Formats a date for a header field (RFC 5322 §3.3). */
    static String inHeader(Instant instant) {
        return HEADER.format(instant);
    }

    /** Formats a date like {@code 25 November 2026, 09:30 UTC}. */
    static String toTheMinute(Instant instant) {
        return TO_THE_MINUTE.format(instant);
    }

    /** Formats a date like {@code 25 Nov 2026, 09:30:00 UTC}. */
    static String toTheSecond(Instant instant) {
        return TO_THE_SECOND.format(instant);
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }
}
