// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import org.postroad.api.DeliveryEvent;

/**
 * Is told every step of every delivery.
 *
 * <p>The steps of one domain come in order, one at a time; those of several domains may come at once, from several threads.
 * The mail waits while the listener runs: be quick. An exception is logged and never stops mail.
 */
@FunctionalInterface
public interface DeliveryListener {

    void on(DeliveryEvent event);
}
