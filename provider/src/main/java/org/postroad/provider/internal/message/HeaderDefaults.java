// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.postroad.api.Domain;

/**
 * Values for a message that lacks a Date or a Message-ID (RFC 5322 §3.6).
 *
 * @param messageIdDomain the right-hand side of a new Message-ID; visible to recipients
 * @param clock the source of the date
 * @param random distinguishes Message-IDs made in the same millisecond; must be thread-safe if sends are concurrent
 */
public record HeaderDefaults(Domain messageIdDomain, InstantSource clock, RandomGenerator random) {

    // UTC does not disclose the time zone of the sender.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss '+0000'", Locale.ENGLISH);

    private static final int RADIX = 36;

    /** Returns the Date field, without line end. */
    String date() {
        return "Date: " + DATE.format(clock.instant().atOffset(ZoneOffset.UTC));
    }

    /** Returns a new Message-ID field, without line end. */
    String messageId() {
        return "Message-ID: <" + Long.toString(clock.millis(), RADIX) + "." + randomPart() + randomPart() + "@"
                + messageIdDomain + ">";
    }

    private String randomPart() {
        return Long.toUnsignedString(random.nextLong(), RADIX);
    }
}
