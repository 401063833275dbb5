// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Set;

/**
 * A broken implementation, which differs from the reference in a few lines.
 *
 * @param type its class: a suite with one factory method
 * @param ids exactly the requirements that it must fail
 */
record Broken(Class<? extends Tck> type, Set<String> ids) {

    static Broken caughtBy(Class<? extends Tck> type, String... ids) {
        return new Broken(type, Set.of(ids));
    }

    String name() {
        return type.getSimpleName();
    }
}
