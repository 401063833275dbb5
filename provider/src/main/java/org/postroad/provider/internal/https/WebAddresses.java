// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

/**
 * Finds the addresses of a web server that may be contacted. Without this check, anyone who controls a DNS zone could make this host send a
 * request to its own network (ADDR-05). Thread-safe.
 */
public final class WebAddresses {

    /** Maximum number of addresses of one host that are tried. */
    static final int MAX_ADDRESSES = 8;

    private final MailDns dns;
    private final RulesSource rules;

    /**
     * @param dns queried for both address families
     * @param rules called once for each host
     */
    public WebAddresses(MailDns dns, RulesSource rules) {
        this.dns = dns;
        this.rules = rules;
    }

    /** Decides which published addresses may be contacted, and how. Pure. */
    public interface Rules {

        /** Returns why an address is refused, human-readable; empty if it may be contacted. */
        Optional<String> refusal(IpAddress address);

        /** Returns the address to connect to in order to reach the given one; empty if it cannot be reached from this host. */
        Optional<IpAddress> addressToDial(IpAddress address);

        /** Returns why detection of NAT64 failed; empty if it succeeded or does not matter. */
        Optional<String> nat64Failure();
    }

    /** Supplies the rules for the current state of the network; may wait for DNS until the deadline. */
    @FunctionalInterface
    public interface RulesSource {
        Rules now(Deadline deadline) throws InterruptedException;
    }

    /**
     * Returns the addresses to connect to, at least one, in the order to try them. Families alternate, IPv6 first (RFC 8305 §4), so that a
     * family without a route costs one attempt and not all of them.
     *
     * @throws IOException if there is no address; the message gives the reason
     */
    List<IpAddress> of(HostName host, Deadline deadline) throws IOException, InterruptedException {
        // Some name servers drop AAAA queries, so half of the time is reserved for the A query.
        Deadline first = deadline.atMost(deadline.remaining().dividedBy(2));
        DnsAnswer<IpAddress> ipv6 = dns.query(host, RecordType.AAAA, first);
        DnsAnswer<IpAddress> ipv4 = dns.query(host, RecordType.A, deadline);
        Rules now = rules.now(deadline);
        Set<IpAddress> found = new LinkedHashSet<>();
        List<String> others = new ArrayList<>();
        for (IpAddress address : byTurns(ipv6.recordsOrNone(), ipv4.recordsOrNone())) {
            Optional<String> refusal = now.refusal(address);
            if (refusal.isPresent()) {
                others.add(address + " is refused (" + refusal.get() + ")");
                continue;
            }
            now.addressToDial(address).ifPresentOrElse(found::add, () -> others.add(unreachable(address, now)));
        }
        if (!found.isEmpty()) {
            return found.stream().limit(MAX_ADDRESSES).toList();
        }
        if (!others.isEmpty()) {
            throw new IOException(host + " has no address that may be contacted: " + listed(others));
        }
        throw new IOException("no address: " + new Lookup<>(host, RecordType.AAAA, ipv6) + "; "
                + new Lookup<>(host, RecordType.A, ipv4));
    }

    private static String unreachable(IpAddress address, Rules now) {
        return address + " cannot be reached (this host has no " + address.family()
                + now.nat64Failure().map(why -> ", NAT64: " + why).orElse("") + ")";
    }

    private static String listed(List<String> others) {
        int more = others.size() - MAX_ADDRESSES;
        return more <= 0
                ? String.join(", ", others)
                : String.join(", ", others.subList(0, MAX_ADDRESSES)) + ", and " + more + " more";
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
