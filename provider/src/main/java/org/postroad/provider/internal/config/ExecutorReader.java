// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Executor;

/** Reads {@code executor}. */
public final class ExecutorReader {

    private static final String NAME = "executor";
    private static final String KIND = "an Executor object";

    private ExecutorReader() {}

    /**
     * Reads {@code executor}: an Executor object, or the JNDI name of one, such as a container's ManagedExecutorService. A JNDI name is
     * looked up at each call, on the calling thread.
     *
     * @return empty: the threads of the engine are used
     * @throws SettingsException naming the property and what is wrong
     */
    public static Optional<Executor> of(Properties properties) {
        return new PropertyReader(properties)
                .object(
                        NAME,
                        Executor.class,
                        KIND + ", or the JNDI name of one",
                        name -> JndiNames.lookUp(NAME, name, KIND));
    }
}
