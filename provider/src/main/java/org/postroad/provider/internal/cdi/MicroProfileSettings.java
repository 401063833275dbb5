// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.cdi;

import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Settings in MicroProfile Config. The only class that uses its types; loaded only if it is visible. */
final class MicroProfileSettings {

    private MicroProfileSettings() {}

    /**
     * Returns all properties that are wanted. Known names are asked for one by one as well: the variable {@code MAIL_MX_LOCALHOST} is
     * found under the name of its setting, but listed under its own.
     *
     * @return empty if MicroProfile Config has no implementation here
     */
    static Optional<Properties> read(Set<String> known, Predicate<String> wanted) {
        Config config;
        try {
            config = ConfigProvider.getConfig();
        } catch (IllegalStateException withoutImplementation) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>(known);
        config.getPropertyNames().forEach(name -> {
            if (wanted.test(name)) {
                names.add(name);
            }
        });
        Properties properties = new Properties();
        names.forEach(name -> config.getOptionalValue(name, String.class)
                .ifPresent(value -> properties.setProperty(name, value)));
        return Optional.of(properties);
    }
}
