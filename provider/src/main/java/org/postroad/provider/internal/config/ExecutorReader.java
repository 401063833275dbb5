// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.postroad.api.Printable;

/** Reads {@code executor}. */
public final class ExecutorReader {

    private ExecutorReader() {}

    /**
     * The threads of {@code executor}: an Executor object, or the JNDI name of one, such as a container's ManagedExecutorService; empty:
     * our own. JNDI is asked at each call, on the calling thread.
     *
     * @throws IllegalArgumentException naming the property and what is wrong
     */
    public static Optional<Executor> of(Properties properties) {
        return new PropertyReader(properties)
                .object(
                        "executor",
                        Executor.class,
                        "an Executor object, or the JNDI name of one",
                        ExecutorReader::lookUp);
    }

    /** Only names of this JVM's own naming context: a name that leads to a server could bring in anything. */
    @SuppressWarnings("BanJNDI")
    private static Object lookUp(String name) {
        if (!name.startsWith("java:")) {
            return PropertyReader.blame("executor", name, "an Executor object, or a JNDI name that begins with java:");
        }
        try {
            return InitialContext.doLookup(name);
        } catch (NamingException e) {
            throw new IllegalArgumentException(
                    "The property " + PropertyReader.PREFIX + "executor has the JNDI name " + Printable.quote(name)
                            + ", under which nothing is found: " + e,
                    e);
        }
    }
}
