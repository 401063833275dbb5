// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

import java.util.Optional;

/**
 * A requirement.
 *
 * @param id such as {@code END-04}; never reused, never renumbered
 * @param level how binding it is
 * @param source its origin: KM with section, RFCs with section
 * @param text the requirement, one sentence
 * @param intent the reason for it
 * @param whyUntested the reason why tests cannot check it; empty if it is tested
 * @param feature the feature on which it depends; empty if it is binding for all implementations
 * @param suite the simple name of the suite's class; {@code -} if it is not tested
 * @param since the first version of this catalogue with this row
 */
public record Row(
        String id,
        Level level,
        String source,
        String text,
        String intent,
        Optional<String> whyUntested,
        Optional<Feature> feature,
        String suite,
        String since) {

    /** Returns whether tests check it. */
    public boolean isTested() {
        return whyUntested.isEmpty();
    }
}
