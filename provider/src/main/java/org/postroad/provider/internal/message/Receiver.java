// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.Optional;
import java.util.function.Function;

/**
 * The properties of a server that determine the form of a message sent to it.
 *
 * @param eightBitMime whether the body may have octets above 127 (RFC 6152)
 * @param smtpUtf8 whether the header may be UTF-8 (RFC 6531)
 * @param aLabels converts a non-ASCII domain to A-labels (RFC 5890); empty if it has none
 */
public record Receiver(boolean eightBitMime, boolean smtpUtf8, Function<String, Optional<String>> aLabels) {

    /** A server with all extensions. What it cannot accept, no server can. */
    public static final Receiver ANY = new Receiver(true, true, domain -> Optional.empty());
}
