// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.spi.AddressOrder;

/** Built-in address orders for {@code mail.mx.addressorder} (ORDER-05). */
public final class AddressOrders {

    private AddressOrders() {}

    /** Returns the default order, RFC 6724 §6. */
    public static AddressOrder standard() {
        return new Rfc6724Order();
    }

    /**
     * Returns the order of that name, ignoring case.
     *
     * @throws IllegalArgumentException if there is no such order; the message lists the valid names
     */
    public static AddressOrder named(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "rfc6724" -> new Rfc6724Order();
            case "ipv6" -> new FamilyFirstOrder(Family.IPV6);
            case "ipv4" -> new FamilyFirstOrder(Family.IPV4);
            case "random" -> new RandomOrder();
            default ->
                throw new IllegalArgumentException(
                        Printable.quote(name) + " is not an address order; use rfc6724, ipv6, ipv4 or random");
        };
    }

    /** Returns the other order, except that the given address, if present, comes first. */
    public static AddressOrder withFirst(IpAddress first, AddressOrder others) {
        return new PreferredFirstOrder(first, others);
    }

    /** Shuffles the addresses uniformly. If the path of one family is broken, this halves the number of connections affected. */
    private static final class RandomOrder implements AddressOrder {

        @Override
        public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
            List<Candidate> shuffled = new ArrayList<>(candidates);
            for (int unshuffled = shuffled.size(); unshuffled > 1; unshuffled--) {
                Collections.swap(shuffled, unshuffled - 1, random.nextInt(unshuffled));
            }
            return List.copyOf(shuffled);
        }
    }

    /** Puts the addresses of one family before those of the other; orders each family by RFC 6724. */
    private static final class FamilyFirstOrder implements AddressOrder {

        private final Family first;
        private final AddressOrder within = new Rfc6724Order();

        FamilyFirstOrder(Family first) {
            this.first = first;
        }

        @Override
        public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
            return within.order(candidates, random).stream()
                    .sorted(Comparator.comparing(
                            candidate -> candidate.address().family() != first))
                    .toList();
        }
    }

    /** Another order, except that one given address, if present, comes first. */
    private static final class PreferredFirstOrder implements AddressOrder {

        private final IpAddress first;
        private final AddressOrder others;

        PreferredFirstOrder(IpAddress first, AddressOrder others) {
            this.first = first;
            this.others = others;
        }

        @Override
        public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
            List<Candidate> hinted = new ArrayList<>();
            List<Candidate> rest = new ArrayList<>();
            for (Candidate candidate : others.order(candidates, random)) {
                (candidate.address().equals(first) ? hinted : rest).add(candidate);
            }
            hinted.addAll(rest);
            return List.copyOf(hinted);
        }
    }
}
