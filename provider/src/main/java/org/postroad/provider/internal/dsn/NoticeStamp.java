// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dsn;

import java.time.Instant;
import java.util.regex.Pattern;
import org.postroad.api.Printable;
import org.postroad.provider.internal.envelope.MessageId;

/**
 * Values that are new in each notice.
 *
 * @param now the date of the notice
 * @param messageId the Message-ID of the notice
 * @param boundary the boundary between its parts (RFC 2046 §5.1.1): 1 to {@value #MAX_BOUNDARY} letters, digits, dots, hyphens, equals
 *     signs and underscores. The returned message must not contain it, so it must be unpredictable
 */
public record NoticeStamp(Instant now, MessageId messageId, String boundary) {

    /** Maximum length of a boundary (RFC 2046 §5.1.1). */
    public static final int MAX_BOUNDARY = 70;

    private static final Pattern BOUNDARY = Pattern.compile("[0-9A-Za-z.=_-]{1," + MAX_BOUNDARY + "}");

    public NoticeStamp {
        if (!BOUNDARY.matcher(boundary).matches()) {
            throw new IllegalArgumentException("The boundary " + Printable.quote(boundary) + " is not 1 to "
                    + MAX_BOUNDARY + " letters, digits, dots, hyphens, equals signs and underscores");
        }
    }
}
