// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import org.postroad.api.DeliveryEvent;

/**
 * Receives every step of every delivery.
 *
 * <p>The steps of one domain arrive in order and one at a time. Steps of different domains may arrive concurrently, on several
 * threads. Delivery waits until the listener returns, so it should return quickly. Exceptions are logged and never affect the
 * mail.
 */
@FunctionalInterface
public interface DeliveryListener {

    /**
     * Receives one step.
     *
     * @param event the step
     */
    void on(DeliveryEvent event);
}
