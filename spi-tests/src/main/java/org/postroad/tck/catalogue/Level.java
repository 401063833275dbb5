// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

/** How binding a requirement is (RFC 2119). */
public enum Level {
    MUST,
    SHOULD,
    MAY
}
