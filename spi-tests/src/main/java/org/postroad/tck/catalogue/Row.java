// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.catalogue;

import java.util.Optional;

/**
 * A requirement.
 *
 * @param id such as {@code END-04}; never reused, never renumbered
 * @param level how binding it is
 * @param source where it comes from: KM and its section, RFCs and theirs
 * @param text the requirement, one sentence
 * @param intent why it is one
 * @param whyUntested empty: it is tested; else the reason why a test cannot show it
 * @param feature empty: it binds everybody; else those who declare the feature
 * @param suite the simple name of the suite's class; {@code -} where it is not tested
 * @param since the first version of this catalogue that had it
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

    /** Whether tests show it. */
    public boolean isTested() {
        return whyUntested.isEmpty();
    }
}
