// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Collection;
import java.util.stream.Stream;

/** Transports that break the contract. Each extends the reference's test, so that it declares the same features. */
final class MxTransportGallery {

    static final Gallery GALLERY = new Gallery(
            MxTransportTck.class,
            Stream.of(
                            // One per line.
                            LookupGallery.BROKEN,
                            OrderGallery.BROKEN,
                            EndGallery.BROKEN,
                            RelayGallery.BROKEN,
                            TryGallery.BROKEN,
                            SessionGallery.BROKEN,
                            ReplyGallery.BROKEN,
                            MailGallery.BROKEN,
                            ContentGallery.BROKEN,
                            TlsGallery.BROKEN)
                    .flatMap(Collection::stream)
                    .toList());

    private MxTransportGallery() {}
}
