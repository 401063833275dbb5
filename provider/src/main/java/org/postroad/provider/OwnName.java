// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.atomic.AtomicReference;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.provider.internal.config.HelloName;
import org.postroad.provider.internal.config.Settings;

/** Finds the name of this host for EHLO. */
final class OwnName {

    private static final AtomicReference<String> DOUBTED = new AtomicReference<>("");

    private OwnName() {}

    /**
     * {@return {@code mail.mx.localhost}, else the canonical name of this host if it is fully qualified}
     *
     * @throws MessagingException if there is neither
     */
    static HostName of(Settings settings) throws MessagingException {
        if (settings.identity().localHost().isPresent()) {
            return settings.identity().localHost().get();
        }
        try {
            String name = InetAddress.getLocalHost().getCanonicalHostName();
            if (name.indexOf('.') > 0 && IpAddress.tryParse(name).isEmpty()) {
                HostName parsed = HelloName.parse(name);
                HelloName.doubt(name, parsed).ifPresent(why -> warn(name, why));
                return parsed;
            }
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new MessagingException(
                    "This host has no usable name; set mail.mx.localhost to its fully qualified name", e);
        }
        throw new MessagingException(
                "This host has no fully qualified name; set mail.mx.localhost, such as mail.example.org");
    }

    /** Logs the warning once, until the name changes. */
    private static void warn(String name, String why) {
        if (!name.equals(DOUBTED.getAndSet(name))) {
            System.getLogger(OwnName.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "This host has the name " + Printable.quote(name) + ", which servers may refuse in EHLO: "
                                    + why + "; set mail.mx.localhost");
        }
    }
}
