// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;

/**
 * An address for which the queue accepts no mail, because it does not exist.
 *
 * @param mailbox the address
 * @param since when it was found not to exist
 * @param reason one human-readable line, cleaned
 */
public record SuppressedAddress(Mailbox mailbox, Instant since, String reason) {}
