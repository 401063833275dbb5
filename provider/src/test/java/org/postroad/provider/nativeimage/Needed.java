// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.nativeimage;

import java.util.List;

/** What code needs from a native image, in a form that the metadata has, too. */
sealed interface Needed extends Comparable<Needed> {

    /** A class that is found by its name. */
    record Type(String name) implements Needed {}

    /** A method, or a constructor with the name {@code <init>}, that is found by its name and called. */
    record Method(String type, String name, List<String> parameters) implements Needed {}

    /** All public methods of an interface, as JMX calls them. */
    record PublicMethods(String type) implements Needed {}

    /** A dynamic proxy. */
    record Proxy(List<String> interfaces) implements Needed {}

    /**
     * A resource.
     *
     * @param module empty on the class path
     */
    record Resource(String module, String path) implements Needed {}

    /** Returns both entries of a resource: an image has those of the class path and those of modules under different names. */
    static List<Needed> resource(String path) {
        return List.of(new Resource("", path), new Resource("org.postroad.provider", path));
    }

    @Override
    default int compareTo(Needed other) {
        return toString().compareTo(other.toString());
    }
}
