// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;

/** Implementations that break their contract. */
final class MailDnsGallery {

    static final Gallery GALLERY = new Gallery(MailDnsTck.class, List.of());

    private MailDnsGallery() {}
}
