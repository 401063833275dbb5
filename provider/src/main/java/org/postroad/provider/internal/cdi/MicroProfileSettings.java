// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.cdi;

import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.postroad.provider.internal.config.Settings;

/** Settings in MicroProfile Config. The only class that uses its types; loaded only if it is visible. */
final class MicroProfileSettings {

    private MicroProfileSettings() {}

    /**
     * Returns all properties that begin with {@code mail.}. Known names are asked for one by one as well: the variable
     * {@code MAIL_MX_LOCALHOST} is found under the name of its setting, but listed under its own.
     *
     * @return empty if MicroProfile Config has no implementation here
     */
    static Optional<Properties> read() {
        Config config;
        try {
            config = ConfigProvider.getConfig();
        } catch (IllegalStateException withoutImplementation) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>(Settings.names());
        names.addAll(SessionSettings.OF_JAKARTA_MAIL);
        config.getPropertyNames().forEach(name -> {
            if (SessionSettings.isOurs(name)) {
                names.add(name);
            }
        });
        Properties properties = new Properties();
        names.forEach(name -> config.getOptionalValue(name, String.class)
                .ifPresent(value -> properties.setProperty(name, value)));
        return Optional.of(properties);
    }
}
