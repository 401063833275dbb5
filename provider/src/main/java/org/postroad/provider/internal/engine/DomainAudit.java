// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.AddressProbe;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditHost;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.AuditScenario;
import org.postroad.api.DomainRoute;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.ProbeStep;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.RouteAddress;
import org.postroad.api.RouteHost;
import org.postroad.provider.internal.audit.AuditFacts;
import org.postroad.provider.internal.audit.AuditFacts.AuthorityFacts;
import org.postroad.provider.internal.audit.AuditFacts.OwnSender;
import org.postroad.provider.internal.audit.AuditRules;
import org.postroad.provider.internal.audit.AuthorityInquiry;
import org.postroad.provider.internal.audit.FailureScenarios;
import org.postroad.provider.internal.audit.SenderSimulation;
import org.postroad.provider.internal.connect.AddressOrders;
import org.postroad.provider.internal.deliver.DomainDelivery;
import org.postroad.provider.internal.deliver.DomainProbe;
import org.postroad.provider.internal.deliver.DryRun;
import org.postroad.provider.internal.deliver.ProbeLog;
import org.postroad.provider.internal.deliver.TlsPreferences;
import org.postroad.provider.internal.dns.AuthorityClient;
import org.postroad.provider.internal.route.AddressPolicy;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.spi.RelaySelector;

/** Collects what an audit needs to know about a domain, and has it judged. Used once, by one thread. */
final class DomainAudit {

    /** The maximum number of addresses that are contacted. Those of lower preference values come first. */
    static final int MAX_CONTACTED = 40;

    private static final long SEED = 0;
    private static final Set<String> NO_HOST = Set.of("LOOKUP-01", "LOOKUP-07", "RFC 5321 5.1");

    private final OneSend send;
    private final ProbeLog log;
    private final List<ProbeStep> steps;
    private final AuditOptions choice;
    private final Instant at;
    private final Mailbox postmaster;

    /**
     * @param send its only recipient is the postmaster of the domain
     * @param log the log of the send, which passes the steps on to the list
     */
    DomainAudit(OneSend send, ProbeLog log, List<ProbeStep> steps, AuditOptions choice, Instant at) {
        this.send = send;
        this.log = log;
        this.steps = steps;
        this.choice = choice;
        this.at = at;
        this.postmaster = send.scope().mail().envelope().mailboxes().get(0);
    }

    /** @param authorities asks authoritative servers; empty if that is not possible, because DNS is a plug-in */
    AuditReport run(Optional<AuthorityClient> authorities) throws InterruptedException {
        choice.listener().accept("asking DNS about " + postmaster.domain());
        DomainRoute route = survey();
        List<AuditHost> hosts = hosts(route, connections(route));
        AuthorityFacts authority = authorities.isPresent()
                ? authority(authorities.get(), route)
                : AuthorityFacts.notChecked(
                        "DNS is a plug-in (mail.mx.dns.resolver), which cannot be asked for name servers.");
        SenderSimulation simulation = new SenderSimulation(
                postmaster, send.routes().port(), route.lookups(), routing(), send.addresses()::refusal);
        List<AuditScenario> scenarios = FailureScenarios.run(simulation, hosts);
        AuditFacts facts = new AuditFacts(
                postmaster.domain(),
                choice,
                route.lookups(),
                hosts,
                scenarios,
                authority,
                choice.isOwnSender() ? Optional.of(ownSender()) : Optional.empty());
        return new AuditReport(postmaster.domain(), at, route.lookups(), hosts, scenarios, AuditRules.apply(facts));
    }

    // DNS

    /** Returns the route of a sender with both families, with all hosts and addresses; nothing about TLS is looked up. */
    private DomainRoute survey() throws InterruptedException {
        return new DryRun(
                        request(
                                new RoutingRequest.LocalHost(Set.of(Family.values()), Set.of(), Set.of()),
                                everyFamily()),
                        withoutRelays(),
                        send.tools().with(TlsPreferences.own(StartTls.DISABLED)),
                        send.scope())
                .run();
    }

    private RoutingRequest request(RoutingRequest.LocalHost localHost, AddressPolicy policy) {
        return new RoutingRequest(
                new RoutingRequest.Addressees(
                        postmaster.domain(), send.scope().mail().envelope().sender(), List.of(postmaster)),
                NextHop.of(postmaster.domain(), send.routes().port()),
                localHost,
                policy,
                routing(),
                SEED);
    }

    /** Returns the settings without relays after failures, in the default order: an order of an application is not that of the senders. */
    private RoutingSettings routing() {
        RoutingSettings configured = send.routing();
        return new RoutingSettings(
                AddressOrders.standard(), configured.a6(), configured.limits(), new RoutingSettings.RelayUse(1, false));
    }

    private AddressPolicy everyFamily() {
        AddressPolicy own = send.addresses();
        return new AddressPolicy() {
            @Override
            public Optional<String> refusal(IpAddress address) {
                return own.refusal(address);
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
        };
    }

    private DomainDelivery.Services withoutRelays() {
        DomainDelivery.Services services = send.services();
        return new DomainDelivery.Services(
                services.dns(), services.helpers(), services.sources(), question -> List.of(), services.listener());
    }

    private AuthorityFacts authority(AuthorityClient client, DomainRoute route) throws InterruptedException {
        choice.listener().accept("asking the authoritative servers of " + postmaster.domain());
        return new AuthorityInquiry(send.services().dns(), client, this::nameServer, send.scope().deadline())
                .run(route.lookups());
    }

    /** Returns where to ask the name server with this address; empty if it is refused, or of a family that this host lacks. */
    private Optional<InetSocketAddress> nameServer(IpAddress address) {
        return send.addresses().refusal(address).isPresent()
                ? Optional.empty()
                : send.addresses()
                        .dialled(address)
                        .map(dialled -> new InetSocketAddress(dialled.toInetAddress(), AuthorityClient.PORT));
    }

    // Connections

    /** What was contacted: the route from this host, and the probes of each dialled address. */
    private record Connections(Optional<DomainRoute> route, Map<IpAddress, List<AddressProbe>> probes) {}

    private Connections connections(DomainRoute survey) throws InterruptedException {
        if (choice.connectionsPerAddress() == 0 || survey.contacts().isEmpty()) {
            return new Connections(Optional.empty(), Map.of());
        }
        DryRun dryRun = new DryRun(
                request(
                        new RoutingRequest.LocalHost(send.localHost().families(), Set.of(), Set.of()),
                        send.addresses()),
                withoutRelays(),
                send.tools(),
                send.scope());
        DomainRoute route = dryRun.run();
        DomainProbe probe = send.probe(dryRun, log, steps);
        Map<IpAddress, List<AddressProbe>> probes = new HashMap<>();
        Set<IpAddress> wanted = new HashSet<>();
        route.contacts().stream()
                .map(contact -> contact.remote().address())
                .distinct()
                .limit(MAX_CONTACTED)
                .forEach(wanted::add);
        for (int round = 1; round <= choice.connectionsPerAddress() && !wanted.isEmpty(); round++) {
            choice.listener()
                    .accept("connecting to " + wanted.size() + (wanted.size() == 1 ? " address" : " addresses") + " of "
                            + postmaster.domain() + ", " + round + " of " + choice.connectionsPerAddress());
            boolean offer = choice.offersPostmaster() && round == 1;
            for (AddressProbe each : probe.runAll(route, remote -> wanted.contains(remote.address()), offer)) {
                RemoteMta remote = each.contact().remote();
                probes.computeIfAbsent(remote.address(), address -> new ArrayList<>())
                        .add(each);
                if (each.failure().isPresent()) { // one failure is enough
                    wanted.remove(remote.address());
                }
            }
        }
        return new Connections(Optional.of(route), probes);
    }

    // Hosts

    private List<AuditHost> hosts(DomainRoute survey, Connections connections) {
        List<AuditHost> hosts = new ArrayList<>();
        for (RouteHost host : survey.hosts()) {
            List<AuditAddress> addresses = host.addresses().stream()
                    .map(address -> address(address.address(), connections))
                    .toList();
            hosts.add(new AuditHost(host.name(), host.preference(), unusable(host, addresses), addresses));
        }
        return hosts;
    }

    private AuditAddress address(IpAddress published, Connections connections) {
        Optional<String> refusal = send.addresses().refusal(published);
        Optional<RouteAddress> fromHere = connections.route().stream()
                .flatMap(route -> route.hosts().stream())
                .flatMap(host -> host.addresses().stream())
                .filter(address -> address.address().equals(published))
                .findFirst();
        List<AddressProbe> probes = fromHere.map(address -> connections.probes().get(address.dialled()))
                .orElse(List.of());
        return new AuditAddress(
                published,
                refusal,
                probes.isEmpty() && refusal.isEmpty() ? Optional.of(whyNotContacted(fromHere)) : Optional.empty(),
                probes);
    }

    private String whyNotContacted(Optional<RouteAddress> fromHere) {
        if (choice.connectionsPerAddress() == 0) {
            return "only DNS was asked";
        }
        return fromHere.flatMap(RouteAddress::passedOver)
                .map(RecipientReport.Decision::explanation)
                .orElse("at most " + MAX_CONTACTED + " addresses are contacted");
    }

    private static Optional<String> unusable(RouteHost host, List<AuditAddress> addresses) {
        Optional<RecipientReport.Decision> passedOver = host.passedOver();
        if (passedOver.filter(why -> NO_HOST.contains(why.rule())).isPresent()) {
            return passedOver.map(RecipientReport.Decision::explanation);
        } else if (addresses.stream().anyMatch(address -> address.refusal().isEmpty())) {
            return Optional.empty();
        } else if (passedOver.filter(why -> why.rule().equals("LOOKUP-08")).isPresent()) {
            return Optional.of("its addresses are not known for now");
        }
        return Optional.of(addresses.isEmpty() ? "it has no address" : "it has no usable address");
    }

    // This host

    private OwnSender ownSender() {
        Set<Family> ours = send.localHost().families();
        if (ours.size() == Family.values().length) {
            return new OwnSender(ours, false, Optional.empty(), List.of(), Optional.empty());
        }
        Family other = ours.iterator().next().other();
        RelaySelector.Question question = new RelaySelector.Question(
                postmaster.domain(),
                send.scope().mail().envelope().sender(),
                List.of(postmaster),
                new RelaySelector.Families(ours, Set.of(other)),
                RelaySelector.Reason.OTHER_FAMILY);
        try {
            return new OwnSender(
                    ours,
                    send.addresses().hasNat64(),
                    send.addresses().nat64Failure(),
                    send.services().relays().select(question),
                    Optional.empty());
        } catch (RuntimeException e) { // the selector is a plug-in
            return new OwnSender(
                    ours,
                    send.addresses().hasNat64(),
                    send.addresses().nat64Failure(),
                    List.of(),
                    Optional.of(Printable.describe(e)));
        }
    }
}
