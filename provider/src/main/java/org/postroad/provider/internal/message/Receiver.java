// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a form of a message is made for: all that matters of the server that gets it.
 *
 * @param eightBitMime octets above 127 may be in the body (RFC 6152)
 * @param smtpUtf8 UTF-8 may be in the header (RFC 6531)
 * @param aLabels makes A-labels (RFC 5890) of a domain beyond ASCII; empty where there are none
 */
public record Receiver(boolean eightBitMime, boolean smtpUtf8, Function<String, Optional<String>> aLabels) {

    /** A server with all extensions. What it cannot take, no server can. */
    public static final Receiver ANY = new Receiver(true, true, domain -> Optional.empty());
}
