// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;

/** The broken transports. They have a class of their own, so that the build can run them in parallel with the others. */
class MxTransportMatrixTest extends Matrix {

    MxTransportMatrixTest() {
        super(List.of(MxTransportGallery.GALLERY));
    }
}
