// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

/**
 * The addresses of a web server that may be contacted. Whoever can write a zone could else make us send a request to our own network
 * (ADDR-05). Thread-safe.
 */
public final class WebAddresses {

    /** The most addresses of one host that are tried. */
    static final int MAX_ADDRESSES = 8;

    private final MailDns dns;
    private final Function<IpAddress, Optional<String>> guard;

    /**
     * @param dns is asked for both families
     * @param guard why an address is refused, for people; empty if it may be contacted
     */
    public WebAddresses(MailDns dns, Function<IpAddress, Optional<String>> guard) {
        this.dns = dns;
        this.guard = guard;
    }

    /**
     * The addresses that may be contacted, at least one, in the order in which they are tried: the families by turns, IPv6 first
     * (RFC 8305 §4), so that a family without a way out costs one attempt and not all.
     *
     * @throws IOException if there are none; the message says why
     */
    List<IpAddress> of(HostName host, Deadline deadline) throws IOException, InterruptedException {
        DnsAnswer<IpAddress> ipv6 = dns.query(host, RecordType.AAAA, deadline);
        DnsAnswer<IpAddress> ipv4 = dns.query(host, RecordType.A, deadline);
        List<IpAddress> permitted = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (IpAddress address : byTurns(ipv6.recordsOrNone(), ipv4.recordsOrNone())) {
            Optional<String> refusal = guard.apply(address);
            if (refusal.isPresent()) {
                refused.add(address + " is refused (" + refusal.get() + ")");
            } else if (permitted.size() < MAX_ADDRESSES) {
                permitted.add(address);
            }
        }
        if (!permitted.isEmpty()) {
            return permitted;
        }
        if (!refused.isEmpty()) {
            throw new IOException(host + " has no address that may be contacted: " + String.join(", ", refused));
        }
        throw new IOException("no address: " + new Lookup<>(host, RecordType.AAAA, ipv6) + "; "
                + new Lookup<>(host, RecordType.A, ipv4));
    }

    private static List<IpAddress> byTurns(List<IpAddress> first, List<IpAddress> second) {
        List<IpAddress> all = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                all.add(first.get(i));
            }
            if (i < second.size()) {
                all.add(second.get(i));
            }
        }
        return all;
    }
}
