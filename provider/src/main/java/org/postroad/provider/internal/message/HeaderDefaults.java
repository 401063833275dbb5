// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.postroad.api.Domain;

/**
 * What a message gets that has no Date or no Message-ID of its own (RFC 5322 §3.6).
 *
 * @param messageIdDomain the right-hand side of a new Message-ID; it is published
 * @param clock tells the date
 * @param random makes Message-IDs unique among those of the same millisecond; must be thread-safe where sends are concurrent
 */
public record HeaderDefaults(Domain messageIdDomain, InstantSource clock, RandomGenerator random) {

    // In UTC: the zone of the sender is nobody's business.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss '+0000'", Locale.ENGLISH);

    private static final int RADIX = 36;

    /** The Date field, without line end. */
    String date() {
        return "Date: " + DATE.format(clock.instant().atOffset(ZoneOffset.UTC));
    }

    /** A Message-ID field, without line end; another one at each call. */
    String messageId() {
        return "Message-ID: <" + Long.toString(clock.millis(), RADIX) + "." + randomPart() + randomPart() + "@"
                + messageIdDomain + ">";
    }

    private String randomPart() {
        return Long.toUnsignedString(random.nextLong(), RADIX);
    }
}
