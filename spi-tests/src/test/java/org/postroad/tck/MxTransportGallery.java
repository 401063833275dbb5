// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.stream.Stream;

/** Transports that break their contract. */
final class MxTransportGallery {

    static final Gallery GALLERY = new Gallery(
            MxTransportTck.class,
            Stream.of(TryGallery.BROKEN, MailGallery.BROKEN)
                    .flatMap(List::stream)
                    .toList());

    private MxTransportGallery() {}
}
