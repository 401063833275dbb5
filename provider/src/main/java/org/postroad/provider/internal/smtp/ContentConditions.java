// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

/**
 * Conditions for sending the content of a transaction.
 *
 * @param gate evaluated once, with the recipients that the server accepted
 * @param fence checked each time before content is sent
 */
public record ContentConditions(DataGate gate, Fence fence) {

    boolean isGated() {
        return !gate.equals(DataGate.OPEN);
    }
}
