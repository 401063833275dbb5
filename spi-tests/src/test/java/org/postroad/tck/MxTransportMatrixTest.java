// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;

/** The broken transports; in a class of their own, so that the build runs them beside the others. */
class MxTransportMatrixTest extends Matrix {

    MxTransportMatrixTest() {
        super(List.of(MxTransportGallery.GALLERY));
    }
}
