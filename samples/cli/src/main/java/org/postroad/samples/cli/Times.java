// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Printable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads and writes durations and times. */
final class Times {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(s|m|h|d)");
    private static final long SECONDS_OF_A_DAY = 86_400;

    private Times() {}

    /** Reads a duration such as {@code 2h}. */
    static final class DurationReader implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        Printable.quote(text) + " is not a number with s, m, h or d, such as 90s, 30m, 2h or 5d");
            }
            return Duration.ofSeconds(Long.parseLong(matcher.group(1)) * secondsOf(matcher.group(2)));
        }

        private static long secondsOf(String unit) {
            return switch (unit) {
                case "s" -> 1;
                case "m" -> 60;
                case "h" -> 3600;
                default -> SECONDS_OF_A_DAY;
            };
        }
    }

    /** Reads a time such as {@code 2026-03-01T08:30:00Z}. */
    static final class InstantReader implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        Printable.quote(text) + " is not a time in UTC such as 2026-03-01T08:30:00Z");
            }
        }
    }

    /** Returns the two largest units of a duration: {@code 2 h 5 m}. A negative duration is {@code 0 s}. */
    static String words(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds >= SECONDS_OF_A_DAY) {
            return two(seconds / SECONDS_OF_A_DAY, "d", seconds % SECONDS_OF_A_DAY / 3600, "h");
        } else if (seconds >= 3600) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "m");
        } else if (seconds >= 60) {
            return two(seconds / 60, "m", seconds % 60, "s");
        }
        return seconds + " s";
    }

    private static String two(long most, String unit, long rest, String smaller) {
        return most + " " + unit + (rest == 0 ? "" : " " + rest + " " + smaller);
    }

    /** Returns how long ago a time is. */
    static String since(Instant time) {
        return words(Duration.between(time, Instant.now()));
    }

    /** Returns a time in UTC, in seconds. */
    static String utc(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
