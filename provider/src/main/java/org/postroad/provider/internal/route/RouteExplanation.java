// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.postroad.api.Attempt;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecipientReport.Decision;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.RouteAddress;
import org.postroad.api.RouteHost;
import org.postroad.provider.internal.route.HostCandidates.Listed;
import org.postroad.provider.internal.route.HostCandidates.Target;

/**
 * Explains which hosts and addresses a concluded delivery considered, and why it passed over the others. It decides nothing: the facts come
 * from what {@link MxRouting} uses, {@link MxPreferenceLevels} and {@link HostCandidates}.
 */
public final class RouteExplanation {

    private static final Decision NOT_BETTER = new Decision(
            "ORDER-08", "this host is a mail exchanger of the domain, with the same or a lower preference value");
    private static final Decision OWN_NAME =
            new Decision("ORDER-08", "it is a name of this host (mail.mx.localhost, mail.mx.localnames)");
    private static final Decision OWN_ADDRESS =
            new Decision("ORDER-08", "it is an address of this host (mail.mx.ownaddresses)");
    private static final Decision OWN_HOST = new Decision("ORDER-08", "it has an address of this host");
    private static final Decision NULL_MX = new Decision("LOOKUP-07", "it stands for no host (null MX)");
    private static final Decision NO_HOST_NAME = new Decision("LOOKUP-01", "it is not a valid host name");

    private final DeliveryState decided;

    /** @param decided the history of the concluded delivery */
    public RouteExplanation(RoutingRequest request, DeliveryHistory decided) {
        this.decided = new DeliveryState(request, decided);
    }

    /** LOOKUP-04: returns the questions about addresses that the delivery did not need, because no answer could be usable. */
    public List<Step.AddressQuestion> openQuestions() {
        List<Step.AddressQuestion> open = new ArrayList<>();
        for (HostCandidates host : considered()) {
            open.addAll(host.allOpenQuestions());
        }
        return open.stream().distinct().toList();
    }

    /**
     * Returns all hosts: those of the domain in the order of contact, then those that are not considered, then relays.
     *
     * @param complete the history with the answers to {@link #openQuestions}
     */
    public List<RouteHost> hosts(DeliveryHistory complete) {
        DeliveryState shown = new DeliveryState(decided.request(), complete);
        List<RouteHost> hosts = new ArrayList<>();
        boolean cut = false;
        for (List<Host> level : levels().levels()) {
            cut = cut || isOurs(level);
            for (Host host : level) {
                Optional<Decision> passedOver = cut ? Optional.of(whenCut(host)) : Optional.empty();
                hosts.add(explain(new HostCandidates(shown, MxRouting.target(decided, host)), passedOver));
            }
        }
        notConsidered()
                .forEach(record -> hosts.add(new RouteHost(
                        decided.request().nextHop().role(),
                        record.exchange().toString(),
                        OptionalInt.of(record.preference()),
                        Optional.of(whyNotConsidered(record)),
                        List.of())));
        relays(shown).forEach(relay -> hosts.add(explain(relay, Optional.empty())));
        return hosts;
    }

    private List<HostCandidates> considered() {
        List<HostCandidates> considered = new ArrayList<>();
        for (List<Host> level : levels().levels()) {
            if (isOurs(level)) {
                break;
            }
            level.forEach(host -> considered.add(new HostCandidates(decided, MxRouting.target(decided, host))));
        }
        considered.addAll(relays(decided));
        return considered;
    }

    // The hosts

    private List<MxRecord> mxRecords() {
        NextHop nextHop = decided.request().nextHop();
        return nextHop.lookUpMx()
                ? mxAnswer(nextHop).map(DnsAnswer::recordsOrNone).orElse(List.of())
                : List.of();
    }

    private Optional<DnsAnswer<MxRecord>> mxAnswer(NextHop nextHop) {
        return nextHop.host().name().flatMap(name -> decided.known().answer(name, RecordType.MX));
    }

    private MxPreferenceLevels levels() {
        RoutingRequest request = decided.request();
        NextHop nextHop = request.nextHop();
        List<MxRecord> records = mxRecords();
        if (!records.isEmpty()) {
            return MxPreferenceLevels.of(
                    records, request.seed(), request.settings().limits().maxMx());
        }
        boolean onlyHost = !nextHop.lookUpMx()
                || mxAnswer(nextHop).filter(DnsAnswer.NoData.class::isInstance).isPresent(); // ORDER-01
        return onlyHost ? MxPreferenceLevels.only(nextHop.host()) : new MxPreferenceLevels(List.of());
    }

    private boolean isOurs(List<Host> level) {
        return level.stream()
                .anyMatch(host -> MxRouting.isOwnName(decided, host)
                        || new HostCandidates(decided, MxRouting.target(decided, host)).isOurs());
    }

    private Decision whenCut(Host host) {
        if (MxRouting.isOwnName(decided, host)) {
            return OWN_NAME;
        }
        return new HostCandidates(decided, MxRouting.target(decided, host)).isOurs() ? OWN_HOST : NOT_BETTER;
    }

    /** Returns the MX records whose hosts are not among the levels, by preference. */
    private List<MxRecord> notConsidered() {
        List<Host> hosts = levels().levels().stream().flatMap(List::stream).collect(Collectors.toList());
        return mxRecords().stream()
                .filter(record ->
                        record.exchange().hostName().filter(hosts::contains).isEmpty())
                .sorted(Comparator.comparing(MxRecord::preference))
                .toList();
    }

    private Decision whyNotConsidered(MxRecord record) {
        if (record.exchange().isRoot()) {
            return NULL_MX;
        }
        return record.exchange().hostName().isEmpty()
                ? NO_HOST_NAME
                : new Decision(
                        "RFC 5321 5.1",
                        "there are more than "
                                + decided.request().settings().limits().maxMx() + " mail exchangers (mail.mx.maxmx)");
    }

    private List<HostCandidates> relays(DeliveryState now) {
        List<HostCandidates> relays = new ArrayList<>();
        for (Relay relay : decided.known()
                .selectorAnswer()
                .map(DeliveryHistory.SelectorAnswered::relays)
                .orElse(List.of())) {
            relays.add(new HostCandidates(now, new Target(Role.RELAY, relay.host(), relay.port(), true)));
        }
        return relays;
    }

    private OptionalInt preference(Host host) {
        return mxRecords().stream()
                .filter(record ->
                        record.exchange().hostName().filter(host::equals).isPresent())
                .mapToInt(MxRecord::preference)
                .min();
    }

    // Their addresses

    private RouteHost explain(HostCandidates host, Optional<Decision> hostPassedOver) {
        List<RouteAddress> addresses = new ArrayList<>();
        for (Listed listed : host.listed()) {
            addresses.add(new RouteAddress(
                    listed.published(),
                    listed.usable().orElse(listed.published()),
                    hostPassedOver
                            .map(ofHost -> isOwn(listed) ? OWN_ADDRESS : ofHost)
                            .or(() -> whyPassedOver(host, listed))));
        }
        Role role = host.target().role();
        Host name = host.target().host();
        return new RouteHost(
                role,
                name.toString(),
                role == Role.RELAY ? OptionalInt.empty() : preference(name),
                hostPassedOver.or(() -> whyNoAddress(host, addresses)),
                addresses);
    }

    private boolean isOwn(Listed listed) {
        return decided.request().localHost().ownAddresses().contains(listed.published());
    }

    private Optional<Decision> whyPassedOver(HostCandidates host, Listed listed) {
        if (listed.refusal().isPresent()) {
            return Optional.of(new Decision("ADDR-05", listed.refusal().get() + " (mail.mx.addresses.allow)"));
        }
        if (listed.usable().isEmpty()) {
            Optional<String> nat64 = decided.request().rules().nat64Failure();
            return Optional.of(
                    nat64.isPresent() && listed.published().family() == Family.IPV4
                            ? new Decision("ADDR-04", "NAT64 is not known for now: " + nat64.get())
                            : new Decision("ADDR-02", "this host reaches " + families() + " only"));
        }
        IpAddress dialled = listed.usable().get();
        if (host.usable().stream().noneMatch(remote -> remote.address().equals(dialled))) {
            return Optional.of(new Decision(
                    "ORDER-07",
                    "the host has more than "
                            + decided.request().settings().limits().maxAddresses()
                            + " addresses (mail.mx.maxaddresses)"));
        }
        return isContacted(host, dialled) ? Optional.empty() : Optional.of(whyNotContacted(dialled));
    }

    private boolean isContacted(HostCandidates host, IpAddress dialled) {
        return attempts().stream()
                .anyMatch(remote -> remote.role() == host.target().role()
                        && remote.host().equals(host.target().host())
                        && remote.address().equals(dialled));
    }

    private Decision whyNotContacted(IpAddress dialled) {
        return attempts().stream()
                .filter(remote -> remote.address().equals(dialled))
                .findFirst()
                .map(remote -> new Decision("TRY-03", "contacted as an address of " + remote.host()))
                .orElseGet(() -> new Decision("END-01", "the time for the send is over"));
    }

    private List<RemoteMta> attempts() {
        return decided.known().attempts().stream().map(Attempt::remote).toList();
    }

    private static Optional<Decision> whyNoAddress(HostCandidates host, List<RouteAddress> addresses) {
        if (addresses.stream().anyMatch(address -> address.passedOver().isEmpty())) {
            return Optional.empty();
        }
        Optional<String> failed = host.failedLookup();
        if (failed.isPresent()) {
            return Optional.of(new Decision("LOOKUP-08", "a lookup failed temporarily: " + failed.get()));
        }
        if (addresses.isEmpty()) {
            return Optional.of(
                    host.allOpenQuestions().isEmpty()
                            ? new Decision("ORDER-04", "it has no address")
                            : new Decision("END-01", "its addresses were not looked up"));
        }
        return addresses.get(0).passedOver().map(first -> new Decision(first.rule(), "no address is left to contact"));
    }

    private String families() {
        return decided.request().localHost().families().stream()
                .map(Family::toString)
                .sorted()
                .collect(Collectors.joining(" and "));
    }
}
