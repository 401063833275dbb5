// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;

/** Transports that break their contract. */
final class MxTransportGallery {

    static final Gallery GALLERY = new Gallery(MxTransportTck.class, List.of());

    private MxTransportGallery() {}
}
