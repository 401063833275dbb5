// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;

/**
 * An address to which the queue takes no mail: it does not exist.
 *
 * @param mailbox the address
 * @param since when that was found
 * @param reason what was said of it; one line for people, cleaned
 */
public record SuppressedAddress(Mailbox mailbox, Instant since, String reason) {}
