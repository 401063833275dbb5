// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.postroad.api.Printable;

/** Looks up what a property names in JNDI. */
final class JndiNames {

    private JndiNames() {}

    /**
     * What stands under the name. Only names of this JVM's own naming context: a name that leads to a server could bring in anything.
     *
     * The caller checks of what type it is.
     *
     * @param property without prefix
     * @param kind what is looked for, as in "an Executor object"
     * @throws IllegalArgumentException naming the property and what is wrong
     */
    @SuppressWarnings("BanJNDI")
    static Object lookUp(String property, String name, String kind) {
        if (!name.startsWith("java:")) {
            return PropertyReader.blame(property, name, kind + ", or a JNDI name that begins with java:");
        }
        try {
            return InitialContext.doLookup(name);
        } catch (NamingException
                | RuntimeException
                | LinkageError e) { // a container's naming context runs foreign code
            throw PropertyReader.refusal(
                    "The property " + PropertyReader.PREFIX + property + " has the JNDI name " + Printable.quote(name)
                            + ", under which nothing is found: " + Printable.describe(e),
                    e);
        }
    }
}
