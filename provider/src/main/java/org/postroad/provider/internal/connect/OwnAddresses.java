// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;

/**
 * The addresses by which this host recognises itself among the MXes (ORDER-08): by default those of its interfaces. Loopback addresses are
 * left out, because every host has them, and the address guard refuses them (ADDR-05). A public address on the loopback interface is
 * included.
 *
 * <p>Thread-safe. Refreshed like the families.
 */
public final class OwnAddresses {

    /**
     * Configuration of our own addresses: {@code mail.mx.ownaddresses}. It is needed behind network address translation, where no interface
     * has the address that DNS lists.
     *
     * @param detected whether the addresses of the interfaces are included
     * @param listed further addresses
     */
    public record Setting(boolean detected, Set<IpAddress> listed) {

        /** What {@link #parse} accepts, for error messages. */
        public static final String ALLOWED = "auto (the addresses of the interfaces), IP addresses, both, or none";

        private static final String DETECTED = "auto";
        private static final String NONE = "none";

        /** The addresses of the interfaces only. */
        public static final Setting AUTO = new Setting(true, Set.of());

        public Setting {
            listed = Set.copyOf(listed);
        }

        /**
         * Parses the setting: {@code auto} and addresses, separated by commas or white space, or {@code none} alone.
         *
         * @throws IllegalArgumentException if a part is none of these; the message names it
         */
        public static Setting parse(String text) {
            List<String> parts = Stream.of(text.strip().split("[,\\s]+"))
                    .filter(part -> !part.isEmpty())
                    .toList();
            if (parts.size() == 1 && parts.get(0).equalsIgnoreCase(NONE)) {
                return new Setting(false, Set.of());
            }
            boolean detected = parts.stream().anyMatch(DETECTED::equalsIgnoreCase);
            Set<IpAddress> listed = new HashSet<>();
            parts.stream()
                    .filter(part -> !part.equalsIgnoreCase(DETECTED))
                    .map(Setting::address)
                    .forEach(listed::add);
            return new Setting(detected, listed);
        }

        private static IpAddress address(String part) {
            if (part.equalsIgnoreCase(NONE)) {
                throw new IllegalArgumentException(Printable.quote(part) + " cannot be combined with other values");
            }
            return IpAddress.parse(part);
        }
    }

    private final Setting setting;
    private final CachedDetection<Set<IpAddress>> detected;

    public OwnAddresses(Setting setting, InstantSource clock) {
        this(setting, clock, new SystemRouteProbe());
    }

    OwnAddresses(Setting setting, InstantSource clock, RouteProbe probe) {
        this.setting = setting;
        this.detected = new CachedDetection<>(probe, clock, OwnAddresses::identities, Set.of());
    }

    /** Returns our addresses now; only the configured ones if the operating system could never provide its own. */
    public Set<IpAddress> current() {
        if (!setting.detected()) {
            return setting.listed();
        }
        Set<IpAddress> all = new HashSet<>(setting.listed());
        all.addAll(detected.current());
        return Set.copyOf(all);
    }

    private static Set<IpAddress> identities(Set<IpAddress> interfaceAddresses) {
        return interfaceAddresses.stream()
                .filter(address -> !LocalAddressKinds.isLoopback(address))
                .collect(Collectors.toUnmodifiableSet());
    }
}
