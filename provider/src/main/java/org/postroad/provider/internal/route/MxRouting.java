// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import static org.postroad.api.EnhancedStatus.BAD_DESTINATION_SYSTEM_5_1_2;
import static org.postroad.api.EnhancedStatus.DELIVERY_TIME_EXPIRED_4_4_7;
import static org.postroad.api.EnhancedStatus.DIRECTORY_FAILURE_4_4_3;
import static org.postroad.api.EnhancedStatus.NO_MX_ADDRESS_5_4_3;
import static org.postroad.api.EnhancedStatus.NULL_MX_5_1_10;
import static org.postroad.api.EnhancedStatus.ROUTING_LOOP_5_4_6;
import static org.postroad.api.EnhancedStatus.SYSTEM_MISCONFIGURED_4_3_5;
import static org.postroad.api.EnhancedStatus.UNABLE_TO_ROUTE_5_4_4;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postroad.api.DnsAnswer;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.MxRecord;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RefusedAddress;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.provider.internal.route.HostCandidates.Target;
import org.postroad.spi.RelaySelector;
import org.postroad.spi.RelaySelector.Reason;

/**
 * The routing algorithm: computes the next step of a delivery from what is known so far. It reads from top to bottom like the document that
 * it implements: the DNS answers; the order of hosts and addresses; the result when the list is exhausted; the external relay.
 *
 * <p>Implements LOOKUP-01 to 09, ORDER-01 to 08, ADDR-02, 04, 05 (in {@link HostCandidates}), TRY-01 to 07 (in {@link ErrorPolicy} and
 * {@link DeliveryState}), END-01 to 06, RELAY-01 to 08. TRY-08 and later concern a single host: package {@code deliver}.
 */
public final class MxRouting {

    private MxRouting() {}

    /** Returns the next step of the delivery. */
    public static Step next(RoutingRequest request, DeliveryHistory known) {
        DeliveryState now = new DeliveryState(request, known);
        if (now.open().isEmpty()) { // TRY-01, TRY-02, TRY-05, TRY-06
            return Conclusions.of(now, recipient -> {
                throw new IllegalStateException(recipient + " is both pending and not pending");
            });
        }
        return known.selectorAnswer()
                .map(answer -> afterTheSelectorAnswered(now, answer))
                .orElseGet(() -> askForMailExchangers(now));
    }

    /**
     * Concludes a delivery early, because its time is over or something stops it. Pending recipients are deferred with their last soft
     * failure or, without one, with this status.
     *
     * @param status 4.y.z
     */
    public static Step.Conclude concludeEarly(
            RoutingRequest request, DeliveryHistory known, EnhancedStatus status, String why) {
        DeliveryState now = new DeliveryState(request, known);
        return Conclusions.of(
                now,
                recipient -> now.lastSoft(recipient)
                        .map(contact -> Conclusions.report(contact, "END-01"))
                        .orElseGet(() -> Conclusions.report(recipient, status, "END-01", why)));
    }

    /**
     * Concludes a delivery whose time is over. If DNS has not answered by then and no host was contacted, this counts as a temporary DNS
     * failure (END-03).
     */
    public static Step.Conclude concludeExpired(RoutingRequest request, DeliveryHistory known) {
        boolean dnsIsOpen = next(request, known).asksDns() && !new DeliveryState(request, known).hasTried();
        return dnsIsOpen
                ? concludeEarly(
                        request, known, DIRECTORY_FAILURE_4_4_3, "The time for this send ran out before DNS answered")
                : concludeEarly(request, known, DELIVERY_TIME_EXPIRED_4_4_7, "The time for this send is over");
    }

    /** ADDR-05: returns the addresses refused because of their kind, for the report. */
    public static List<RefusedAddress> refusedAddresses(RoutingRequest request, DeliveryHistory known) {
        return Refusals.of(new DeliveryState(request, known));
    }

    /** TRY-06: returns the recipients that are offered to the next host. */
    public static List<Mailbox> openRecipients(RoutingRequest request, DeliveryHistory known) {
        return new DeliveryState(request, known).open();
    }

    /** TLS-06: returns the DNS answers that contain this address of a host; each has its own DNSSEC status. */
    public static List<DnsAnswer.Found<IpAddress>> answersWith(
            RoutingRequest request, DeliveryHistory known, RemoteMta remote) {
        DeliveryState now = new DeliveryState(request, known);
        return new HostCandidates(now, target(now, remote.host())).answersWith(remote.address());
    }

    // LOOKUP: the DNS answers

    private static Step askForMailExchangers(DeliveryState now) {
        NextHop nextHop = now.request().nextHop();
        if (!nextHop.lookUpMx()) { // LOOKUP-06, or a host named in the configuration
            return tryInOrder(now, MxPreferenceLevels.only(nextHop.host()), false);
        }
        HostName domain = (HostName) nextHop.host(); // LOOKUP-09: this name, never its parents
        Optional<DnsAnswer<MxRecord>> mx = now.known().answer(domain, RecordType.MX);
        if (mx.isEmpty()) {
            return new Step.AskMx(domain); // LOOKUP-01
        }
        return mx.get()
                .fold(
                        found -> whenMxesAreListed(now, found.records()),
                        noData -> tryInOrder(now, MxPreferenceLevels.only(domain), false), // ORDER-01: the implicit MX
                        noSuchName -> Conclusions.forAll(
                                now,
                                BAD_DESTINATION_SYSTEM_5_1_2,
                                "LOOKUP-03",
                                "The domain " + domain + " does not exist"),
                        failed -> Conclusions.forAll(
                                now,
                                DIRECTORY_FAILURE_4_4_3,
                                "LOOKUP-02",
                                "The MX records of " + domain + " are not known for now: " + failed.reason()));
    }

    private static Step whenMxesAreListed(DeliveryState now, List<MxRecord> records) {
        if (records.size() == 1 && records.get(0).isNull()) {
            return Conclusions.forAll(
                    now,
                    NULL_MX_5_1_10,
                    "LOOKUP-07",
                    "The domain " + now.request().nextHop().host() + " accepts no mail (null MX)");
        }
        RoutingRequest request = now.request();
        int maxMx = request.settings().limits().maxMx();
        return tryInOrder(now, MxPreferenceLevels.of(records, request.seed(), maxMx), true);
    }

    // ORDER: which host, which address, when

    /** ORDER-04: a level of equal preference is exhausted before a level of higher preference value is considered. */
    private static Step tryInOrder(DeliveryState now, MxPreferenceLevels exchangers, boolean mxListed) {
        List<HostCandidates> exhausted = new ArrayList<>();
        for (List<Host> level : exchangers.levels()) {
            if (isOwnHostAmong(now, level)) {
                return whenOwnHostIsListed(now, exhausted, mxListed);
            }
            List<HostCandidates> hosts = new ArrayList<>();
            for (Host host : level) {
                hosts.add(new HostCandidates(now, target(now, host)));
            }
            List<Step.AddressQuestion> questions = collect(hosts, HostCandidates::openQuestions);
            if (!questions.isEmpty()) {
                return new Step.AskAddresses(questions);
            }
            if (isAnyOurs(hosts)) {
                return whenOwnHostIsListed(now, exhausted, mxListed);
            }
            for (HostCandidates host : hosts) {
                List<RemoteMta> untried = host.untried();
                if (!untried.isEmpty()) {
                    return new Step.ContactHost(untried); // ORDER-05, ORDER-06, TRY-03, TRY-04
                }
                exhausted.add(host);
            }
        }
        return whenExhausted(now, new Exhausted(exhausted, mxListed, false));
    }

    /** Returns a host of the domain in the role in which it is contacted. */
    static Target target(DeliveryState now, Host host) {
        NextHop nextHop = now.request().nextHop();
        return new Target(nextHop.role(), host, nextHop.port(), nextHop.isConfiguredHost());
    }

    private static boolean isOwnHostAmong(DeliveryState now, List<Host> level) {
        for (Host host : level) {
            if (isOwnName(now, host)) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether this is a name of the local host (ORDER-08). */
    static boolean isOwnName(DeliveryState now, Host host) {
        return !now.request().nextHop().isConfiguredHost()
                && host instanceof HostName name
                && now.request().localHost().localNames().contains(name);
    }

    private static boolean isAnyOurs(List<HostCandidates> hosts) {
        for (HostCandidates host : hosts) {
            if (host.isOurs()) {
                return true;
            }
        }
        return false;
    }

    /** ORDER-08: drops this level and all of higher preference value. */
    private static Step whenOwnHostIsListed(DeliveryState now, List<HostCandidates> better, boolean mxListed) {
        return better.isEmpty()
                ? Conclusions.forAll(
                        now,
                        ROUTING_LOOP_5_4_6,
                        "ORDER-08",
                        "We are the best mail exchanger of "
                                + now.request().envelope().domain() + "; mail would loop")
                : whenExhausted(now, new Exhausted(better, mxListed, true));
    }

    // END: when the list is exhausted

    /**
     * The exhausted list of hosts.
     *
     * @param hosts all hosts considered, in order
     * @param mxListed whether there were MX records
     * @param cutByOwnHost whether ORDER-08 shortened the list, because it names the local host
     */
    private record Exhausted(List<HostCandidates> hosts, boolean mxListed, boolean cutByOwnHost) {

        Optional<String> failedLookup() {
            return hosts.stream().flatMap(host -> host.failedLookup().stream()).findFirst();
        }

        /** Returns the families of the addresses that are not refused. */
        Set<Family> families() {
            Set<Family> families = EnumSet.noneOf(Family.class);
            hosts.forEach(host -> families.addAll(host.families()));
            return families;
        }
    }

    private static Step whenExhausted(DeliveryState now, Exhausted list) {
        if (now.hasTried()) {
            return whenTried(now, list);
        }
        List<Step.AddressQuestion> questions = collect(list.hosts(), HostCandidates::allOpenQuestions);
        return questions.isEmpty() ? whenNotTried(now, list) : new Step.AskAddresses(questions); // LOOKUP-04
    }

    private static Step whenTried(DeliveryState now, Exhausted list) {
        boolean soft = list.failedLookup().isPresent()
                || now.open().stream().anyMatch(open -> now.lastSoft(open).isPresent());
        boolean relayMayHelp = now.request().settings().relay().fallback() && !list.cutByOwnHost();
        return soft && relayMayHelp
                ? askRelays(now, list.families(), Reason.FALLBACK) // RELAY-08
                : Conclusions.of(now, open -> whenTried(now, open, list.failedLookup()));
    }

    private static RecipientReport whenTried(DeliveryState now, Mailbox open, Optional<String> failedLookup) {
        return now.lastSoft(open)
                .map(contact -> Conclusions.report(contact, "END-01"))
                // A failed lookup is softer than the refusals of the hosts that could be looked up.
                .or(() -> failedLookup.map(
                        failure -> Conclusions.report(open, DIRECTORY_FAILURE_4_4_3, "END-01", notAllKnown(failure))))
                .orElseGet(() -> Conclusions.report(now.lastContact(open).orElseThrow(), "END-02"));
    }

    private static Step whenNotTried(DeliveryState now, Exhausted list) {
        Host host = now.request().nextHop().host();
        if (list.failedLookup().isPresent()) {
            return Conclusions.forAll(
                    now,
                    DIRECTORY_FAILURE_4_4_3,
                    "END-03",
                    notAllKnown(list.failedLookup().get()));
        }
        if (now.request().nextHop().isConfiguredHost()) { // our own misconfiguration must not bounce mail
            return Conclusions.forAll(
                    now,
                    SYSTEM_MISCONFIGURED_4_3_5,
                    "RELAY-07",
                    "The configured next hop " + host + " has no address that we can reach");
        }
        if (!list.families().isEmpty()) {
            return askRelays(now, list.families(), Reason.OTHER_FAMILY); // END-04
        }
        return list.mxListed()
                ? Conclusions.forAll(
                        now, NO_MX_ADDRESS_5_4_3, "END-05", "No mail exchanger of " + host + " has a usable address")
                : Conclusions.forAll(
                        now,
                        BAD_DESTINATION_SYSTEM_5_1_2,
                        "END-06",
                        "There is no mail exchanger and no usable address for " + host);
    }

    private static String notAllKnown(String failedLookup) {
        return "The addresses of the mail exchangers are not all known for now: " + failedLookup;
    }

    // RELAY: the external relay

    /** RELAY-02, RELAY-03: asks for this domain and its pending recipients. */
    private static Step askRelays(DeliveryState now, Set<Family> destination, Reason reason) {
        RoutingRequest request = now.request();
        return new Step.AskRelays(new RelaySelector.Question(
                request.envelope().domain(),
                request.envelope().sender(),
                now.open(),
                new RelaySelector.Families(request.localHost().families(), destination),
                reason));
    }

    private static Step afterTheSelectorAnswered(DeliveryState now, DeliveryHistory.SelectorAnswered answer) {
        if (!answer.relays().isEmpty()) {
            return tryRelays(now, answer.relays());
        }
        if (now.hasTried()) { // the relay would only have been a fallback: END-01 stands
            return withoutFallback(now);
        }
        return answer.failure()
                .map(failure -> Conclusions.forAll(
                        now, SYSTEM_MISCONFIGURED_4_3_5, "RELAY-07", "The relay selector failed: " + failure))
                .orElseGet(() -> Conclusions.forAll(
                        now,
                        UNABLE_TO_ROUTE_5_4_4,
                        "END-04",
                        "We reach " + families(now) + " only, the addresses for "
                                + now.request().envelope().domain()
                                + " are in the other family, and no relay is configured for it"));
    }

    /** RELAY-02: tries the relays in order. RELAY-05: an unreachable address is tried again, as often as configured. */
    private static Step tryRelays(DeliveryState now, List<Relay> relays) {
        List<HostCandidates> hosts = relays.stream()
                .map(relay -> new HostCandidates(now, new Target(Role.RELAY, relay.host(), relay.port(), true)))
                .toList();
        for (int round = 1; round <= now.request().settings().relay().attempts(); round++) {
            for (int i = 0; i < relays.size(); i++) {
                HostCandidates host = hosts.get(i);
                if (!host.openQuestions().isEmpty()) {
                    return new Step.AskAddresses(host.openQuestions());
                }
                List<RemoteMta> due = host.unreachedInFewerThan(round);
                if (!due.isEmpty()) {
                    return new Step.RelayVia(relays.get(i), due);
                }
            }
        }
        return whenRelaysAreExhausted(now, hosts);
    }

    private static Step whenRelaysAreExhausted(DeliveryState now, List<HostCandidates> relays) {
        if (now.hasTriedRelay()) {
            return Conclusions.of(
                    now,
                    open -> now.lastSoft(open)
                            .map(contact -> Conclusions.report(contact, "RELAY-05"))
                            .orElseGet(() ->
                                    Conclusions.report(now.lastContact(open).orElseThrow(), "RELAY-06")));
        }
        if (now.hasTried()) {
            return withoutFallback(now);
        }
        return relays.stream()
                .flatMap(relay -> relay.failedLookup().stream())
                .findFirst()
                .map(failure -> Conclusions.forAll(
                        now,
                        DIRECTORY_FAILURE_4_4_3,
                        "RELAY-07",
                        "The addresses of the relay are not known for now: " + failure))
                .orElseGet(() -> Conclusions.forAll(
                        now,
                        SYSTEM_MISCONFIGURED_4_3_5,
                        "RELAY-07",
                        "No configured relay has an address in " + families(now) + ", which is all that we reach"));
    }

    /** END-01, if RELAY-08 found no usable relay. The failure was soft because of a contact or, without one, because of a lookup. */
    private static Step withoutFallback(DeliveryState now) {
        return Conclusions.of(now, open -> whenTried(now, open, Optional.of("a lookup failed temporarily")));
    }

    private static Set<Family> families(DeliveryState now) {
        return now.request().localHost().families();
    }

    private static List<Step.AddressQuestion> collect(
            List<HostCandidates> hosts, Function<HostCandidates, List<Step.AddressQuestion>> questions) {
        List<Step.AddressQuestion> all = new ArrayList<>();
        for (HostCandidates host : hosts) {
            all.addAll(questions.apply(host));
        }
        return all;
    }
}
