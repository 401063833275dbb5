// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

/**
 * The precedence of a message in the queue over others that are due. None of them has to wait for ever: of 20 deliveries to a destination to
 * which mail of all three is due, 15 are HIGH, 4 are NORMAL and 1 is LOW, on average.
 */
public enum Priority {
    /** Someone waits for it: a password reset, a confirmation. */
    HIGH,
    /** All other mail. */
    NORMAL,
    /** It may take its time: a newsletter. */
    LOW
}
