// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.MtaStsResult;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Security;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.dns.CachedMailDns;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.route.SimulatedAddressPolicy;
import org.postroad.provider.internal.tls.PublishedTlsPolicies.PublishedSts;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.RelaySelector;

/**
 * A random zone, a random local network, and random servers, the same for the same seed. There are few names and few addresses, so that
 * hosts share addresses, and every kind of answer and every setting of the route is frequent enough to meet the others.
 */
final class RandomWorld {

    private static final int ADDRESSES = 6;
    private static final List<IpAddress> IP4 = addresses("192.0.2.");
    private static final List<IpAddress> IP6 = addresses("2001:db8::");
    private static final List<IpAddress> TRANSLATED = addresses("64:ff9b::192.0.2.");
    private static final List<HostName> HOSTS = Stream.of("h1", "h2", "h3", "h4", "d", "route", "r1", "r2")
            .map(name -> HostName.parse(name + ".test"))
            .toList();
    private static final HostName NAME = HostName.parse("d.test");
    private static final List<String> SCRIPTS = List.of(
            "accepts",
            "accepts",
            "accepts",
            "silent",
            "silent",
            "refused",
            "421",
            "554",
            "no-hello",
            "drops",
            "mail-451",
            "rcpt-450",
            "rcpt-550",
            "some-450",
            "some-550",
            "doubt",
            "starttls-454");
    private static final TlsResult.Policy STS = new TlsResult.Policy(TlsResult.Type.STS, NAME);
    private static final List<PublishedSts> POLICIES = List.of(
            PublishedSts.ABSENT,
            new PublishedSts.Enforce(STS, true),
            new PublishedSts.Enforce(STS, false),
            new PublishedSts.Testing(STS, false),
            new PublishedSts.PolicyUnavailable(STS, new TlsFailure(TlsFailure.Type.VALIDATION_FAILURE, "no")));

    private final Random random;
    final VirtualClock clock = new VirtualClock();
    final Map<String, DnsAnswer<?>> zone = new LinkedHashMap<>();
    final Set<String> slow = new HashSet<>();
    final List<Mailbox> recipients = new ArrayList<>();
    final Set<Family> families;
    final boolean nat64;
    final Optional<String> nat64Failure;
    final Set<HostName> ownNames = new HashSet<>();
    final Set<IpAddress> ownAddresses = new HashSet<>();
    final Set<IpAddress> refused = new HashSet<>();
    final Map<IpAddress, String> servers = new HashMap<>();
    final Map<HostName, PublishedSts> policies = new HashMap<>();
    final List<Relay> relays = new ArrayList<>();
    final NextHop nextHop;
    final TlsPreferences tls;
    final boolean hasHistory;
    private final Domain domain;
    private final RoutingSettings settings;
    private final long seed;

    RandomWorld(long seed) {
        this.random = new Random(seed);
        this.seed = seed;
        this.domain = rarely(15) ? Domain.parse("[192.0.2." + number() + "]") : new Domain(NAME);
        this.nextHop = randomNextHop();
        recipients.add(new Mailbox("a", domain));
        if (rarely(3)) {
            recipients.add(new Mailbox("b", domain));
        }
        this.families = any(List.of(Set.of(Family.IPV4), Set.of(Family.IPV6), Set.of(Family.IPV4, Family.IPV6)));
        boolean only6 = families.equals(Set.of(Family.IPV6));
        this.nat64 = only6 && rarely(3);
        this.nat64Failure = only6 && !nat64 && rarely(4) ? Optional.of("no answer") : Optional.empty();
        this.settings = randomSettings();
        mxRecords();
        HOSTS.forEach(this::addressRecords);
        for (List<IpAddress> addresses : List.of(IP4, IP6, TRANSLATED)) {
            addresses.forEach(address -> servers.put(address, any(SCRIPTS)));
        }
        relays();
        own();
        this.tls = randomTls();
        this.hasHistory = relays.isEmpty() && rarely(4);
    }

    private static List<IpAddress> addresses(String prefix) {
        return IntStream.rangeClosed(1, ADDRESSES)
                .mapToObj(number -> IpAddress.parse(prefix + number))
                .toList();
    }

    /** Returns true for one of this many. */
    private boolean rarely(int of) {
        return random.nextInt(of) == 0;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private int number() {
        return 1 + random.nextInt(ADDRESSES);
    }

    private static IpAddress ip4(int number) {
        return IP4.get(number - 1);
    }

    private static IpAddress ip6(int number) {
        return IP6.get(number - 1);
    }

    private NextHop randomNextHop() {
        if (rarely(12)) {
            Host host = rarely(2) ? HostName.parse("route.test") : ip4(number());
            return new NextHop(host, false, 2525, Role.ROUTE);
        }
        return rarely(12) ? new NextHop(NAME, true, 2525, Role.ROUTE) : NextHop.of(domain, 25);
    }

    private RoutingSettings randomSettings() {
        AddressOrder order = rarely(2)
                ? (candidates, generator) -> candidates
                : (candidates, generator) -> {
                    List<AddressOrder.Candidate> shuffled = new ArrayList<>(candidates);
                    Collections.shuffle(shuffled, new Random(generator.nextLong()));
                    return shuffled;
                };
        return new RoutingSettings(
                order,
                false,
                new RoutingSettings.LookupLimits(rarely(4) ? number() : 20, rarely(3) ? 2 : 10),
                new RoutingSettings.RelayUse(1 + random.nextInt(2), rarely(2)));
    }

    private void mxRecords() {
        int kind = random.nextInt(14);
        List<MxRecord> records = new ArrayList<>();
        if (kind == 0) {
            zone.put("MX " + NAME, new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.INSECURE));
        } else if (kind == 1) {
            zone.put("MX " + NAME, new DnsAnswer.Failed<>(DnsAnswer.Cause.SERVER_FAILURE, "SERVFAIL"));
        } else if (kind == 2) {
            records.add(new MxRecord(0, DnsName.ROOT));
        } else if (kind > 3) { // of kind 3 there are none
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                String host = rarely(15) ? "." : rarely(15) ? "no host.test" : "h" + (1 + random.nextInt(4)) + ".test";
                records.add(new MxRecord(10 * random.nextInt(3), new DnsName(host)));
            }
        }
        if (!records.isEmpty()) {
            zone.put("MX " + NAME, found(NAME, records));
        }
    }

    private <R> DnsAnswer<R> found(HostName name, List<R> records) {
        return new DnsAnswer.Found<>(
                records, new DnsName(name.text()), Duration.ZERO, rarely(3) ? Security.SECURE : Security.INSECURE);
    }

    private void addressRecords(HostName host) {
        addressRecords(host, RecordType.A);
        addressRecords(host, RecordType.AAAA);
        String tlsa = "TLSA " + (host.text().equals("route.test") ? "_2525" : "_25") + "._tcp." + host;
        if (rarely(3)) {
            TlsaRecord usable = new TlsaRecord(3, 1, 1, "ab".repeat(32));
            TlsaRecord unusable = new TlsaRecord(1, 1, 1, "ab".repeat(32));
            zone.put(tlsa, found(host, List.of(rarely(3) ? unusable : usable)));
        } else if (rarely(6)) {
            zone.put(tlsa, new DnsAnswer.Failed<>(DnsAnswer.Cause.SERVER_FAILURE, "SERVFAIL"));
        }
        policies.put(host, any(POLICIES));
    }

    private void addressRecords(HostName host, RecordType<IpAddress> type) {
        String question = type + " " + host;
        if (rarely(40)) {
            slow.add(question);
        }
        if (rarely(8)) {
            zone.put(question, new DnsAnswer.Failed<>(DnsAnswer.Cause.SERVER_FAILURE, "SERVFAIL"));
            return;
        }
        Set<IpAddress> addresses = new LinkedHashSet<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            addresses.add(type.equals(RecordType.A) ? ip4(number()) : ip6(number()));
        }
        if (!addresses.isEmpty()) {
            zone.put(question, found(host, List.copyOf(addresses)));
        }
    }

    private void relays() {
        if (rarely(2)) {
            relays.add(Relay.parse("smtp://r1.test"));
            if (rarely(3)) {
                relays.add(Relay.parse(rarely(2) ? "smtp://r2.test:26" : "smtp://[2001:db8::6]:26"));
            }
        }
    }

    private void own() {
        if (rarely(6)) {
            ownNames.add(HostName.parse("h" + (1 + random.nextInt(4)) + ".test"));
        }
        if (rarely(6)) {
            ownAddresses.add(rarely(2) ? ip4(number()) : ip6(number()));
        }
        if (rarely(3)) {
            refused.add(rarely(2) ? ip4(number()) : ip6(number()));
        }
    }

    private TlsPreferences randomTls() {
        StartTls own =
                any(List.of(StartTls.OPPORTUNISTIC, StartTls.OPPORTUNISTIC, StartTls.REQUIRED, StartTls.DISABLED));
        TlsDemand demand = any(List.of(TlsDemand.NONE, TlsDemand.NONE, TlsDemand.REQUIRED, TlsDemand.WAIVED));
        boolean sts = rarely(3);
        TlsPreferences.StsSource source = (recipientDomain, host, deadline) -> new TlsPreferences.StsLookup(
                sts ? policies.getOrDefault(host, PublishedSts.ABSENT) : PublishedSts.ABSENT,
                Optional.empty(),
                Optional.of(new MtaStsResult(MtaStsResult.Kind.NONE, "")));
        return new TlsPreferences(own, rarely(2), rarely(2), source, demand);
    }

    RoutingRequest request() {
        return new RoutingRequest(
                new RoutingRequest.Addressees(domain, Optional.empty(), recipients),
                nextHop,
                new RoutingRequest.LocalHost(families, ownNames, ownAddresses),
                new SimulatedAddressPolicy(families, refused, nat64, nat64Failure),
                settings,
                seed);
    }

    /** Returns the zone. A slow answer takes a minute. */
    CachedMailDns dns() {
        return new CachedMailDns() {
            @Override
            public boolean has(HostName name, RecordType<?> type) {
                return true;
            }

            @Override
            @SuppressWarnings("unchecked") // the zone has answers of the right type
            public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline limit) {
                String question = type + " " + name;
                if (slow.contains(question)) {
                    clock.advance(Duration.ofMinutes(1));
                }
                return (DnsAnswer<R>)
                        zone.getOrDefault(question, new DnsAnswer.NoData<>(Duration.ZERO, Security.INSECURE));
            }
        };
    }

    /** Returns the relays of this world. */
    RelaySelector selector() {
        return question -> relays;
    }

    int maxAddresses() {
        return settings.limits().maxAddresses();
    }

    /** Returns whether there can be more mail exchangers than are considered. */
    boolean hasMaxMx() {
        return settings.limits().maxMx() < HOSTS.size();
    }

    /** Returns what to look at if a prediction is wrong. */
    @Override
    public String toString() {
        return "world " + seed + " of " + domain + " by " + nextHop + "\n  families " + families + ", NAT64 " + nat64
                + " "
                + nat64Failure + ", own " + ownNames + ownAddresses + ", refused " + refused + ", relays " + relays
                + ", slow " + slow + "\n  " + settings + "\n  " + tls + "\n  servers " + servers + "\n  zone " + zone;
    }
}
