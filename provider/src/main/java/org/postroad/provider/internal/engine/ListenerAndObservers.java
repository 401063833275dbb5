// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import org.postroad.api.DeliveryEvent;
import org.postroad.spi.DeliveryListener;

/**
 * The listener of an application and its CDI observers. A failure of one does not keep an event from the other.
 *
 * @param listener the plug-in
 * @param observers fires events in the CDI container
 */
record ListenerAndObservers(DeliveryListener listener, DeliveryListener observers) implements DeliveryListener {

    @Override
    public void on(DeliveryEvent event) {
        new FailsafeListener(listener).on(event);
        observers.on(event);
    }
}
