// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.config.Settings;

/** Under which name we speak to servers. */
final class OwnName {

    private OwnName() {}

    /** {@code mail.mx.localhost}, else the canonical name of this host if it is fully qualified. */
    static HostName of(Settings settings) throws MessagingException {
        if (settings.identity().localHost().isPresent()) {
            return settings.identity().localHost().get();
        }
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            HostName parsed = HostName.parse(name);
            if (name.indexOf('.') > 0 && IpAddress.tryParse(name).isEmpty()) {
                return parsed;
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new MessagingException(
                    "This host has no usable name; set mail.mx.localhost to its fully qualified name", e);
        }
        throw new MessagingException(
                "This host has no fully qualified name; set mail.mx.localhost, such as mail.example.org");
    }
}
