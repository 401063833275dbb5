// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.provider.internal.connect.AddressOrders;

/** The three routing steps up to the first contact, for a domain with two mail exchangers that have both families. */
@NullMarked
@State(Scope.Thread)
public class MxRoutingBenchmark {

    private static final int STEPS = 3;

    private static final HostName DOMAIN = HostName.parse("example.org");
    private static final IpAddress IPV4 = IpAddress.parse("192.0.2.1");
    private static final IpAddress IPV6 = IpAddress.parse("2001:db8::1");

    private final RoutingRequest request = request();
    private final List<DeliveryHistory> histories = histories();

    @Benchmark
    @OperationsPerInvocation(STEPS)
    public void steps(Blackhole blackhole) {
        for (DeliveryHistory known : histories) {
            blackhole.consume(MxRouting.next(request, known));
        }
    }

    private static RoutingRequest request() {
        Domain domain = new Domain(DOMAIN);
        return new RoutingRequest(
                new RoutingRequest.Addressees(
                        domain,
                        Optional.of(Mailbox.parse("me@client.test")),
                        List.of(Mailbox.parse("someone@example.org"))),
                NextHop.of(domain, 25),
                new RoutingRequest.LocalHost(EnumSet.allOf(Family.class), Set.of(), Set.of()),
                new EverythingGoes(),
                new RoutingSettings(
                        AddressOrders.standard(),
                        false,
                        new RoutingSettings.LookupLimits(20, 10),
                        new RoutingSettings.RelayUse(1, false)),
                1);
    }

    /** Returns what is known before each step: nothing; the mail exchangers; the addresses of the first one. */
    private static List<DeliveryHistory> histories() {
        DeliveryHistory nothing = DeliveryHistory.NOTHING;
        DeliveryHistory exchangers = nothing.plus(answered(
                DOMAIN,
                RecordType.MX,
                List.of(
                        new MxRecord(10, new DnsName("mx1.example.org")),
                        new MxRecord(20, new DnsName("mx2.example.org")))));
        HostName first = HostName.parse("mx1.example.org");
        DeliveryHistory addresses = exchangers
                .plus(answered(first, RecordType.A, List.of(IPV4)))
                .plus(answered(first, RecordType.AAAA, List.of(IPV6)));
        List<DeliveryHistory> histories = new ArrayList<>(List.of(nothing, exchangers, addresses));
        if (!(MxRouting.next(request(), addresses) instanceof Step.ContactHost)) {
            throw new IllegalStateException("After " + STEPS + " steps no host has been contacted");
        }
        return histories;
    }

    private static <R> DeliveryHistory.Entry answered(HostName name, RecordType<R> type, List<R> records) {
        DnsAnswer<R> answer =
                new DnsAnswer.Found<>(records, new DnsName(name.toString()), Duration.ofHours(1), Security.UNKNOWN);
        return new DeliveryHistory.LookedUp(new Lookup<>(name, type, answer), Map.of(IPV4, IPV4, IPV6, IPV6));
    }

    private record EverythingGoes() implements AddressPolicy {
        @Override
        public Optional<String> refusal(IpAddress address) {
            return Optional.empty();
        }

        @Override
        public Optional<IpAddress> dialled(IpAddress address) {
            return Optional.of(address);
        }

        @Override
        public boolean hasNat64() {
            return false;
        }

        @Override
        public Optional<String> nat64Failure() {
            return Optional.empty();
        }
    }
}
