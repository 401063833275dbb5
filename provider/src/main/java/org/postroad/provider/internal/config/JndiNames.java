// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.postroad.api.Printable;

/** Looks up objects that properties name by a JNDI name. */
final class JndiNames {

    private JndiNames() {}

    /**
     * Returns the object with this name. Only names that begin with {@code java:} are allowed, which belong to the naming context of this
     * JVM: a name that leads to a server could load foreign code. The caller checks the type.
     *
     * @param property the name of the property without prefix
     * @param kind the expected object for error messages, such as "an Executor object"
     * @throws SettingsException naming the property and what is wrong
     */
    @SuppressWarnings("BanJNDI")
    static Object lookUp(String property, String name, String kind) {
        if (!name.startsWith("java:")) {
            return PropertyReader.reject(property, name, kind + ", or a JNDI name that begins with java:");
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
