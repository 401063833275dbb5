// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;

/**
 * The broken implementations of one interface.
 *
 * @param suite the suite that must detect them
 * @param broken the implementations
 */
record Gallery(Class<? extends Tck> suite, List<Broken> broken) {

    static List<Gallery> all() {
        return List.of(
                // One per line.
                MxTransportGallery.GALLERY,
                MailDnsGallery.GALLERY,
                ConnectorGallery.GALLERY,
                AddressOrderGallery.GALLERY,
                RelaySelectorGallery.GALLERY,
                DeliveryListenerGallery.GALLERY);
    }
}
