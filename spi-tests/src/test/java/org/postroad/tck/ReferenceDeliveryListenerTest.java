// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.spi.DeliveryListener;

/** A listener that meets the contract: keeps a journal for each domain until its delivery ends. */
class ReferenceDeliveryListenerTest extends DeliveryListenerTck {

    @Override
    protected DeliveryListener create() {
        return new RecordingListener();
    }

    /** Broken listeners override one of its steps. */
    static class RecordingListener implements DeliveryListener {

        private final Map<Domain, Queue<String>> pages = new ConcurrentHashMap<>();

        @Override
        public void on(DeliveryEvent event) {
            pages.computeIfAbsent(event.domain(), first -> new ConcurrentLinkedQueue<>())
                    .add(line(event));
            if (event instanceof DeliveryEvent.Concluded concluded) {
                concluded(concluded);
            }
        }

        String line(DeliveryEvent event) {
            return event.toString();
        }

        void concluded(DeliveryEvent.Concluded event) {
            pages.remove(event.domain());
        }
    }
}
