// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postroad.api.IpAddress;

/**
 * Orders the addresses of one host, IPv4 and IPv6 mixed (ORDER-05). It is never used across hosts, because preference takes
 * precedence over family (ORDER-04).
 *
 * <p>Implementations must be thread-safe and pure: no IO, no blocking, and a result that depends only on the arguments.
 */
@FunctionalInterface
public interface AddressOrder {

    /**
     * Returns the same addresses in the order in which to try them.
     *
     * @param candidates at least one, in DNS order
     * @param random the only permitted source of randomness
     * @return a permutation of the candidates
     */
    List<Candidate> order(List<Candidate> candidates, RandomGenerator random);

    /** An address with the source address that the operating system would choose for it. */
    final class Candidate {

        private final IpAddress address;
        private final Optional<IpAddress> source;

        /** Creates a candidate. */
        public Candidate(IpAddress address, Optional<IpAddress> source) {
            this.address = address;
            this.source = source;
        }

        /** {@return the destination address} */
        public IpAddress address() {
            return address;
        }

        /** {@return the source address; empty if there is no route} */
        public Optional<IpAddress> source() {
            return source;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Candidate that && address.equals(that.address) && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return Objects.hash(address, source);
        }

        @Override
        public String toString() {
            return "Candidate[address=" + address + ", source=" + source + "]";
        }
    }
}
