// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.ArrayList;
import java.util.List;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.postroad.api.Printable;

/**
 * Looks up objects that properties name by a JNDI name. Allowed are names that belong to the naming context of this JVM: those that begin
 * with {@code java:}, and names without a scheme, such as {@code jdbc/ds}. A name that leads to a server could load foreign code.
 */
public final class JndiNames {

    private static final String LOCAL = "java:";
    private static final String ENVIRONMENT = "java:comp/env/";

    private JndiNames() {}

    /**
     * Checks that a name is local.
     *
     * @param property the name of the property without prefix
     * @param kind the expected object for error messages, such as "an Executor object"
     * @throws SettingsException naming the property and what is allowed
     */
    static String checked(String property, String name, String kind) {
        return isLocal(name)
                ? name
                : PropertyReader.reject(
                        property,
                        name,
                        kind + ", or a JNDI name that begins with java: or has no scheme, such as jdbc/ds");
    }

    private static boolean isLocal(String name) {
        boolean withoutServer = name.startsWith(LOCAL) || name.indexOf(':') < 0;
        return withoutServer && name.chars().noneMatch(Character::isISOControl);
    }

    /**
     * Returns the object with this name. The caller checks the type.
     *
     * @throws SettingsException naming the property and what is wrong
     */
    static Object lookUp(String property, String name, String kind) {
        try {
            return find(checked(property, name, kind));
        } catch (NamingException e) {
            throw PropertyReader.refusal(
                    "The property " + PropertyReader.PREFIX + property + " has the JNDI name " + Printable.quote(name)
                            + ", under which nothing is found: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Returns the object of this type with this name.
     *
     * @throws NamingException if the name is not local, or nothing or something else is found
     */
    public static <T> T find(String name, Class<T> type) throws NamingException {
        if (!isLocal(name)) {
            throw new NamingException(
                    Printable.quote(name) + " is not a JNDI name that begins with java: or has no scheme");
        }
        Object object = find(name);
        if (!type.isInstance(object)) {
            throw new NamingException(Printable.quote(name) + " is the name of " + ObjectText.describe(object)
                    + "; allowed is an object of " + type.getName());
        }
        return type.cast(object);
    }

    /** A name without a scheme is looked up below {@code java:comp/env/}, and then as it stands. */
    private static Object find(String name) throws NamingException {
        List<Throwable> failures = new ArrayList<>();
        List<String> tried = new ArrayList<>();
        for (String candidate : candidates(name)) {
            try {
                return lookUp(candidate);
            } catch (NamingException
                    | RuntimeException
                    | LinkageError e) { // a container's naming context runs foreign code
                failures.add(e);
                tried.add(Printable.quote(candidate) + ": " + Printable.describe(e));
            }
        }
        NamingException all = new NamingException(String.join("; ", tried));
        failures.forEach(all::addSuppressed);
        throw all;
    }

    private static List<String> candidates(String name) {
        return name.startsWith(LOCAL) ? List.of(name) : List.of(ENVIRONMENT + name, name);
    }

    @SuppressWarnings("BanJNDI")
    private static Object lookUp(String name) throws NamingException {
        LocalNames names = new LocalNames();
        try {
            return names.lookup(name);
        } finally {
            names.close();
        }
    }

    /** The initial context, if no server is configured for it (system properties or {@code jndi.properties}). */
    private static final class LocalNames extends InitialContext {

        LocalNames() throws NamingException {}

        @Override
        @SuppressWarnings("BanJNDI") // the name is local
        public Object lookup(String name) throws NamingException {
            Object server = myProps.get(Context.PROVIDER_URL);
            if (server != null && !name.startsWith(LOCAL)) {
                throw new NamingException(
                        "names without a scheme belong to the server " + Context.PROVIDER_URL + "=" + server);
            }
            return super.lookup(name);
        }
    }
}
