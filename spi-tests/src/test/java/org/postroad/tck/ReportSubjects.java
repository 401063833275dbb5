// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Map;

/** Implementers' classes for tests of the report, which is in another package. */
public final class ReportSubjects {

    /** Passes all tests. */
    public static final Class<?> GOOD = ReferenceAddressOrderTest.class;

    /** A group of its tests. */
    public static final Class<?> GOOD_PART = AddressOrderTck.Determinism.class;

    /** Fails SORT-01. */
    public static final Class<?> BAD = AddressOrderGallery.ForgetsWhoHasNoRoute.class;

    /** Fails SORT-03, with a waiver. */
    public static final Class<?> WAIVED = Waived.class;

    private ReportSubjects() {}

    static class Waived extends AddressOrderGallery.BringsItsOwnChance {
        @Override
        protected Map<String, String> waivers() {
            return Map.of("SORT-03", "it has a reason");
        }
    }
}
