// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import org.postroad.api.DeliveryEvent;
import org.postroad.spi.DeliveryListener;

/**
 * Passes events to the listener of an application. An exception of the listener is logged and does not stop the delivery.
 *
 * @param listener of the application
 */
record FailsafeListener(DeliveryListener listener) implements DeliveryListener {

    @Override
    public void on(DeliveryEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException | LinkageError e) {
            System.getLogger(FailsafeListener.class.getName())
                    .log(System.Logger.Level.WARNING, "A delivery listener failed", e);
        }
    }
}
