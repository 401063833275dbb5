// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.tck.catalogue.Feature;

/** What the implementers' classes said of themselves, for the report. Thread-safe. */
public final class Subjects {

    private static final Map<String, Declaration> DECLARED = new ConcurrentHashMap<>();

    private Subjects() {}

    /**
     * An implementer's words.
     *
     * @param features that the implementation has
     * @param waivers what it does not meet: an ID or the name of a test, and the reason
     */
    public record Declaration(Set<Feature> features, Map<String, String> waivers) {
        public Declaration {
            features = Set.copyOf(features);
            waivers = Map.copyOf(waivers);
        }
    }

    static void declare(Class<?> subject, Declaration declaration) {
        DECLARED.put(subject.getName(), declaration);
    }

    /** What this class said; empty where none of its tests ran. */
    public static Optional<Declaration> declarationOf(String className) {
        return Optional.ofNullable(DECLARED.get(className));
    }
}
