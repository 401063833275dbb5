// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import jakarta.mail.internet.InternetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Addresses of Jakarta Mail among the properties, as in {@code mail.mx.from}, become the text that the config room reads. */
public final class AddressProperties {

    private AddressProperties() {}

    /** The same properties where there is no such object; else a copy, the others in it. */
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
