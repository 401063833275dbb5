// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.tck.ReferenceDns.Answer;
import org.postroad.tck.ReferenceDns.Kind;

/** The addresses of a host in the reference transport: LOOKUP-04 to 06, LOOKUP-08, ORDER-05, ORDER-07, ADDR. */
abstract class ReferenceAddresses extends ReferenceConversation {

    private static final List<ReferenceNetwork> SPECIAL = Stream.of(
                    ("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
                                    + " 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
                                    + " ::/8 100::/64 2001:db8::/32 3fff::/20 fc00::/7 fe80::/10 fec0::/10 ff00::/8")
                            .split(" "))
            .map(ReferenceNetwork::parse)
            .toList();
    private static final ReferenceNetwork SIX_TO_FOUR = ReferenceNetwork.parse("2002::/16");
    private static final ReferenceNetwork WELL_KNOWN_NAT64 = ReferenceNetwork.parse("64:ff9b::/96");
    private static final ReferenceNetwork TEREDO = ReferenceNetwork.parse("2001::/32");
    private static final Set<IpAddress> IPV4_ONLY =
            Set.of(IpAddress.parse("192.0.0.170"), IpAddress.parse("192.0.0.171"));

    ReferenceAddresses(Session session) {
        super(session);
    }

    /**
     * A host's addresses.
     *
     * @param known those that are not refused, of either family
     * @param own whether one of them is our own
     * @param failed whether a lookup failed temporarily
     */
    record Addresses(List<IpAddress> known, boolean own, boolean failed) {
        Addresses {
            known = List.copyOf(known);
        }
    }

    protected Answer query(String name, RecordType<?> type) {
        String[] server = setting("dns.servers", "127.0.0.1:53").split(":");
        return new ReferenceDns(
                        new InetSocketAddress(server[0], Integer.parseInt(server[1])),
                        Duration.ofMillis(Long.parseLong(setting("dns.timeout", "5000"))))
                .query(name, type);
    }

    /** Returns the addresses of a mail exchanger. */
    protected Addresses addressesOf(Host host) {
        Addresses all = lookUp(host);
        return new Addresses(
                all.known().stream().filter(address -> !isRefused(address)).toList(),
                all.known().stream().anyMatch(this::isOwn),
                all.failed());
    }

    /** Returns all addresses found in DNS. */
    protected Addresses lookUp(Host host) {
        return host.fold(
                name -> {
                    List<Answer> answers = addressTypes().stream()
                            .map(type -> query(name.text(), type))
                            .toList();
                    return new Addresses(
                            answers.stream()
                                    .flatMap(answer -> answer.records().stream())
                                    .map(IpAddress::parse)
                                    .toList(),
                            false,
                            isFailed(answers));
                },
                address -> new Addresses(List.of(address), false, false));
    }

    /** LOOKUP-04, LOOKUP-05: both families, whatever ours are. */
    protected List<RecordType<?>> addressTypes() {
        return setting("dns.a6", "false").equals("true")
                ? List.of(RecordType.AAAA, RecordType.A, RecordType.A6)
                : List.of(RecordType.AAAA, RecordType.A);
    }

    /** END-03. */
    protected boolean isFailed(List<Answer> answers) {
        return answers.stream().anyMatch(answer -> answer.kind() == Kind.FAILED);
    }

    protected Set<Family> families() {
        return switch (setting("families", "both")) {
            case "ipv4" -> EnumSet.of(Family.IPV4);
            case "ipv6" -> EnumSet.of(Family.IPV6);
            default -> EnumSet.allOf(Family.class);
        };
    }

    /** ADDR-05. */
    protected boolean isRefused(IpAddress address) {
        if (Arrays.stream(setting("addresses.allow", "").split("[ ,]+"))
                .filter(range -> !range.isEmpty())
                .map(ReferenceNetwork::parse)
                .anyMatch(range -> range.contains(address))) {
            return false;
        }
        return carried(address)
                .map(this::isRefused)
                .orElseGet(() -> SPECIAL.stream().anyMatch(range -> range.contains(address)));
    }

    /** Returns the embedded IPv4 address. */
    private static Optional<IpAddress> carried(IpAddress address) {
        if (WELL_KNOWN_NAT64.contains(address)) {
            return Optional.of(ReferenceNetwork.carried(address, 12));
        } else if (SIX_TO_FOUR.contains(address)) {
            return Optional.of(ReferenceNetwork.carried(address, 2));
        } else if (TEREDO.contains(address)) {
            byte[] inverted = ReferenceNetwork.carried(address, 12).octets();
            for (int i = 0; i < inverted.length; i++) {
                inverted[i] = (byte) ~inverted[i];
            }
            return Optional.of(IpAddress.of(Family.IPV4, inverted));
        }
        return Optional.empty();
    }

    private boolean isOwn(IpAddress address) {
        if (setting("ownaddresses", "auto").equals("none")) {
            return false;
        }
        try {
            InetAddress inet = address.toInetAddress();
            return !inet.isLoopbackAddress() && NetworkInterface.getByInetAddress(inet) != null;
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ADDR-02, ADDR-04: returns the addresses to dial, in order. */
    protected List<IpAddress> usable(List<IpAddress> known) {
        List<IpAddress> reachable = new ArrayList<>();
        Optional<ReferenceNetwork> nat64 = Optional.empty();
        if (!families().contains(Family.IPV4) && known.stream().anyMatch(address -> address.family() == Family.IPV4)) {
            nat64 = nat64Prefix();
        }
        for (IpAddress address : known) {
            if (families().contains(address.family())) {
                reachable.add(address);
            } else if (address.family() == Family.IPV4 && nat64.isPresent()) {
                reachable.add(nat64.get().with(address));
            }
        }
        return capped(inOrder(reachable));
    }

    /** Returns the NAT64 prefix: configured, or found as in RFC 7050. */
    protected Optional<ReferenceNetwork> nat64Prefix() {
        String configured = setting("nat64.prefix", "");
        if (!configured.isEmpty()) {
            return Optional.of(ReferenceNetwork.parse(configured));
        }
        return query("ipv4only.arpa", RecordType.AAAA).records().stream()
                .map(IpAddress::parse)
                .filter(address -> IPV4_ONLY.contains(ReferenceNetwork.carried(address, 12)))
                .map(address -> new ReferenceNetwork(address, 96))
                .findFirst();
    }

    /** ORDER-05: {@code mail.mx.addressorder}; by default in DNS order, IPv6 first. */
    protected List<IpAddress> inOrder(List<IpAddress> addresses) {
        List<IpAddress> order = new ArrayList<>(new LinkedHashSet<>(addresses));
        switch (setting("addressorder", "rfc6724")) {
            case "ipv4" -> order.sort(Comparator.comparing(IpAddress::family));
            case "ipv6" -> order.sort(Comparator.comparing(IpAddress::family).reversed());
            case "random" -> Collections.shuffle(order);
            default ->
                order.sort(Comparator.comparing(address -> address.family().other()));
        }
        return order;
    }

    /** ORDER-07. */
    protected List<IpAddress> capped(List<IpAddress> addresses) {
        int max = Integer.parseInt(setting("maxaddresses", "10"));
        if (addresses.size() <= max) {
            return addresses;
        }
        List<IpAddress> kept = new ArrayList<>(addresses.subList(0, max));
        for (Family family : Family.values()) {
            if (kept.stream().noneMatch(address -> address.family() == family)) {
                addresses.stream()
                        .filter(address -> address.family() == family)
                        .findFirst()
                        .ifPresent(one -> kept.set(max - 1, one));
            }
        }
        return kept;
    }
}
