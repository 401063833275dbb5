// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.tck.catalogue.Feature;

/** The declarations of the implementers' classes, for the report. Thread-safe. */
public final class Subjects {

    private static final Map<String, Declaration> DECLARED = new ConcurrentHashMap<>();

    private Subjects() {}

    /**
     * The declaration of an implementer.
     *
     * @param features the features of the implementation
     * @param waivers the requirements that are not met: an ID or the name of a test, and the reason
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

    /** Returns the declaration of this class; empty if none of its tests ran. */
    public static Optional<Declaration> declarationOf(String className) {
        return Optional.ofNullable(DECLARED.get(className));
    }
}
