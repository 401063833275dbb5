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
 * The addresses of a web server that may be contacted. Whoever can write a zone could else make us send a request to our own network
 * (ADDR-05). Thread-safe.
 */
public final class WebAddresses {

    /** The most addresses of one host that are tried. */
    static final int MAX_ADDRESSES = 8;

    private final MailDns dns;
    private final RulesSource rules;

    /**
     * @param dns is asked for both families
     * @param rules are asked for once for each host
     */
    public WebAddresses(MailDns dns, RulesSource rules) {
        this.dns = dns;
        this.rules = rules;
    }

    /** Which published addresses may be contacted, and how. Pure. */
    public interface Rules {

        /** Why an address is refused, for people; empty if it may be contacted. */
        Optional<String> refusal(IpAddress address);

        /** What to dial to reach an address; empty if it cannot be reached from here. */
        Optional<IpAddress> dialled(IpAddress address);

        /** Why it is not known whether there is a NAT64; empty if it is known or does not matter. */
        Optional<String> nat64Failure();
    }

    /** Has the rules as the network is now; may wait for DNS, up to the deadline. */
    @FunctionalInterface
    public interface RulesSource {
        Rules now(Deadline deadline) throws InterruptedException;
    }

    /**
     * The addresses to dial, at least one, in the order in which they are tried: the families by turns, IPv6 first
     * (RFC 8305 §4), so that a family without a way out costs one attempt and not all.
     *
     * @throws IOException if there are none; the message says why
     */
    List<IpAddress> of(HostName host, Deadline deadline) throws IOException, InterruptedException {
        // Some name servers drop questions for AAAA: half of the time is left for the other one.
        Deadline first = deadline.orAfter(deadline.remaining().dividedBy(2));
        DnsAnswer<IpAddress> ipv6 = dns.query(host, RecordType.AAAA, first);
        DnsAnswer<IpAddress> ipv4 = dns.query(host, RecordType.A, deadline);
        Rules now = rules.now(deadline);
        Set<IpAddress> dialled = new LinkedHashSet<>();
        List<String> others = new ArrayList<>();
        for (IpAddress address : byTurns(ipv6.recordsOrNone(), ipv4.recordsOrNone())) {
            Optional<String> refusal = now.refusal(address);
            if (refusal.isPresent()) {
                others.add(address + " is refused (" + refusal.get() + ")");
                continue;
            }
            now.dialled(address).ifPresentOrElse(dialled::add, () -> others.add(unreachable(address, now)));
        }
        if (!dialled.isEmpty()) {
            return dialled.stream().limit(MAX_ADDRESSES).toList();
        }
        if (!others.isEmpty()) {
            throw new IOException(host + " has no address that may be contacted: " + listed(others));
        }
        throw new IOException("no address: " + new Lookup<>(host, RecordType.AAAA, ipv6) + "; "
                + new Lookup<>(host, RecordType.A, ipv4));
    }

    private static String unreachable(IpAddress address, Rules now) {
        return address + " cannot be reached (" + address.family() + " is not ours"
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
