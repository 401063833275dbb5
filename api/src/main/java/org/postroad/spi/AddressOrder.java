// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postroad.api.IpAddress;

/**
 * Orders the addresses within one host, IPv4 and IPv6 mixed (ORDER-05). Never used across hosts: preference beats family.
 *
 * <p>Pure and thread-safe: no IO, no waiting, the result depends on the arguments alone.
 */
@FunctionalInterface
public interface AddressOrder {

    /**
     * The same addresses, in the order in which to try them.
     *
     * @param candidates at least one, in the order of DNS
     * @param random the only source of chance
     * @return a permutation of the candidates
     */
    List<Candidate> order(List<Candidate> candidates, RandomGenerator random);

    /**
     * An address and what the operating system would send from.
     *
     * @param address the destination address
     * @param source the source address; empty where there is no route
     */
    record Candidate(IpAddress address, Optional<IpAddress> source) {}
}
