// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.internet.InternetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * Converts Jakarta Mail addresses among the properties, for example in {@code mail.mx.from}, to the text that the {@code config} package
 * reads.
 */
public final class AddressProperties {

    private AddressProperties() {}

    /** Returns the properties unchanged if none is an address; else a copy in which addresses are text. */
    public static Properties asText(Properties properties) {
        Map<Object, String> addresses = new HashMap<>();
        properties.forEach((name, value) -> {
            if (value instanceof InternetAddress address && address.getAddress() != null) {
                addresses.put(name, address.getAddress());
            }
        });
        if (addresses.isEmpty()) {
            return properties;
        }
        Properties copy = new Properties(properties);
        copy.putAll(properties);
        copy.putAll(addresses);
        return copy;
    }
}
