// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;

/** A step of a delivery to one domain, told to a {@link org.postroad.spi.DeliveryListener} as it happens. */
public sealed interface DeliveryEvent {

    /** Whose delivery this is a step of. */
    Domain domain();

    /** DNS answered. */
    record LookedUp(Domain domain, Lookup<?> lookup) implements DeliveryEvent {}

    /** A dial is about to begin. */
    record Connecting(Domain domain, RemoteMta remote) implements DeliveryEvent {}

    /** A contact is over. */
    record Attempted(Domain domain, Attempt attempt) implements DeliveryEvent {}

    /** The relay selector answered; perhaps with none. */
    record RelaysSelected(Domain domain, List<Relay> relays) implements DeliveryEvent {
        public RelaysSelected {
            relays = List.copyOf(relays);
        }
    }

    /** The delivery is over. */
    record Concluded(Domain domain, DomainReport report) implements DeliveryEvent {}
}
