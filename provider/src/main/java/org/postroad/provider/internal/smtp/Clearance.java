// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

/**
 * What must agree before the content of a transaction is sent.
 *
 * @param gate decides once, by the recipients that the server took
 * @param fence is asked whenever content is about to be sent
 */
public record Clearance(RecipientGate gate, Fence fence) {

    boolean isGated() {
        return !gate.equals(RecipientGate.OPEN);
    }
}
