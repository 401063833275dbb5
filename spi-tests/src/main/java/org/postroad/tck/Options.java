// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Optional;

/** The system properties of a run. */
public final class Options {

    /** {@code must}: tests that fail a SHOULD or MAY are skipped, and the title of the report says so. */
    public static final String LEVEL = "postroad.tck.level";

    /** {@code absent}: this machine has no IPv6; tests that need it are skipped. Without this property they fail there. */
    public static final String IPV6 = "postroad.tck.ipv6";

    /** A factor, 1 to 100, for all time limits; for slow machines. */
    public static final String PATIENCE = "postroad.tck.patience";

    /**
     * The folder for reports, instead of {@code target/postroad-conformance} (or {@code build/} if there is no
     * {@code target/}).
     */
    public static final String REPORT = "postroad.tck.report";

    private Options() {}

    /** Returns whether only MUST requirements have to be met. */
    public static boolean onlyMust() {
        return choice(LEVEL, "must").isPresent();
    }

    /** Returns whether the run declares that this machine has no IPv6. */
    public static boolean ipv6Absent() {
        return choice(IPV6, "absent").isPresent();
    }

    static int patienceFactor() {
        String text = System.getProperty(PATIENCE, "1");
        if (!text.matches("[1-9][0-9]?|100")) {
            throw new IllegalArgumentException("The system property " + PATIENCE + " is \"" + text
                    + "\"; allowed is a whole number from 1 to 100");
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> choice(String name, String allowed) {
        Optional<String> value = Optional.ofNullable(System.getProperty(name)).filter(text -> !text.isEmpty());
        if (value.isPresent() && !value.get().equals(allowed)) {
            throw new IllegalArgumentException("The system property " + name + " is \"" + value.get()
                    + "\"; allowed is \"" + allowed + "\", or not to set it");
        }
        return value;
    }
}
