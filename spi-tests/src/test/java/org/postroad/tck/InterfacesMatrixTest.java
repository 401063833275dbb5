// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

/** The broken implementations of the interfaces. */
class InterfacesMatrixTest extends Matrix {

    InterfacesMatrixTest() {
        super(Gallery.all().stream()
                .filter(gallery -> gallery != MxTransportGallery.GALLERY)
                .toList());
    }
}
