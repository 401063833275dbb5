// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.postroad.api.Attempt;
import org.postroad.api.AuditScenario;
import org.postroad.api.AuditScenario.Down;
import org.postroad.api.AuditScenario.NotTaken;
import org.postroad.api.AuditScenario.Sender;
import org.postroad.api.AuditScenario.Taker;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.MxRecord;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.route.AddressPolicy;
import org.postroad.provider.internal.route.DeliveryHistory;
import org.postroad.provider.internal.route.MxRouting;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.route.Step;

/**
 * Finds out which host takes the mail of a simulated sender: executes the steps of {@link MxRouting} with known DNS answers and hosts that
 * answer or not. It decides nothing itself. The sender has no relay, is none of the mail exchangers, and knows no source addresses.
 *
 * @param recipient a mailbox of the domain
 * @param port of the mail exchangers
 * @param lookups the known DNS answers; one that is missing counts as a temporary failure
 * @param settings the routing settings; relays are not used after failures
 * @param refusal why an address must not be used (ADDR-05)
 */
public record SenderSimulation(
        Mailbox recipient,
        int port,
        List<Lookup<?>> lookups,
        RoutingSettings settings,
        Function<IpAddress, Optional<String>> refusal) {

    /** The order of hosts of equal preference does not matter: all of them are found. */
    private static final long SEED = 0;

    public SenderSimulation {
        lookups = List.copyOf(lookups);
    }

    /**
     * Returns what becomes of the mail.
     *
     * @param silent addresses that do not answer, besides those that are down
     */
    public AuditScenario run(Sender sender, Down down, Set<IpAddress> silent) {
        Set<IpAddress> dead = new HashSet<>(silent);
        dead.addAll(down.addresses());
        RoutingRequest request = request(sender);
        DeliveryHistory history = DeliveryHistory.NOTHING;
        List<Taker> takers = new ArrayList<>();
        int preference = 0;
        while (true) {
            Step step = MxRouting.next(request, history);
            if (step instanceof Step.Conclude conclude) {
                return takers.isEmpty()
                        ? new AuditScenario(
                                sender, down, notTaken(conclude.reports().get(0)))
                        : new AuditScenario(sender, down, takers);
            } else if (step instanceof Step.ContactHost contact) {
                List<IpAddress> alive = contact.remotes().stream()
                        .map(RemoteMta::address)
                        .filter(address -> !dead.contains(address))
                        .toList();
                if (!alive.isEmpty()) {
                    Host host = contact.remotes().get(0).host();
                    int level = preference(host);
                    if (!takers.isEmpty() && level != preference) {
                        return new AuditScenario(sender, down, takers);
                    }
                    preference = level;
                    takers.add(new Taker(host.toString(), alive));
                }
                // Goes on as if the host did not answer: the next one is of equal preference, or not needed.
                history = unanswered(history, contact.remotes());
            } else {
                history = answered(history, step);
            }
        }
    }

    private RoutingRequest request(Sender sender) {
        return new RoutingRequest(
                new RoutingRequest.Addressees(recipient.domain(), Optional.empty(), List.of(recipient)),
                NextHop.of(recipient.domain(), port),
                new RoutingRequest.LocalHost(sender.families(), Set.of(), Set.of()),
                new SimulatedNetwork(sender, refusal),
                settings,
                SEED);
    }

    /** The network of a sender, without NAT64. */
    private record SimulatedNetwork(Sender sender, Function<IpAddress, Optional<String>> refusals)
            implements AddressPolicy {

        @Override
        public Optional<String> refusal(IpAddress address) {
            return refusals.apply(address);
        }

        @Override
        public Optional<IpAddress> dialled(IpAddress address) {
            return sender.families().contains(address.family()) ? Optional.of(address) : Optional.empty();
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

    private DeliveryHistory answered(DeliveryHistory history, Step step) {
        if (step instanceof Step.AskMx ask) {
            return history.plus(lookedUp(ask.name(), RecordType.MX));
        } else if (step instanceof Step.AskAddresses ask) {
            DeliveryHistory more = history;
            for (Step.AddressQuestion question : ask.questions()) {
                more = more.plus(lookedUp(question.host(), question.type()));
            }
            return more;
        } else if (step instanceof Step.AskRelays) {
            return history.plus(new DeliveryHistory.SelectorAnswered(List.of(), Optional.empty()));
        }
        throw new IllegalStateException("A sender without relays cannot have the step " + step);
    }

    private <R> DeliveryHistory.LookedUp lookedUp(HostName name, RecordType<R> type) {
        return new DeliveryHistory.LookedUp(
                lookups.stream()
                        .filter(lookup ->
                                lookup.name().equals(name) && lookup.type().equals(type))
                        .findFirst()
                        .orElseGet(() -> new Lookup<>(
                                name, type, new DnsAnswer.Failed<>(DnsAnswer.Cause.OVERLOAD, "it was not looked up"))),
                Map.of());
    }

    private DeliveryHistory unanswered(DeliveryHistory history, List<RemoteMta> remotes) {
        DeliveryHistory more = history;
        for (RemoteMta remote : remotes) {
            more = more.plus(new DeliveryHistory.Contacted(new Attempt(
                    remote,
                    Instant.EPOCH,
                    Duration.ZERO,
                    TlsSummary.NONE,
                    List.of(new RecipientOutcome(recipient, Stage.CONNECT, new Outcome.NoAnswer("assumed"))),
                    false)));
        }
        return more;
    }

    private int preference(Host host) {
        return lookups.stream()
                .filter(lookup -> lookup.type().equals(RecordType.MX)
                        && lookup.name().equals(recipient.domain().host()))
                .flatMap(lookup -> lookup.answer().recordsOrNone().stream())
                .map(MxRecord.class::cast)
                .filter(record ->
                        record.exchange().hostName().filter(host::equals).isPresent())
                .mapToInt(MxRecord::preference)
                .min()
                .orElse(0);
    }

    private static NotTaken notTaken(RecipientReport report) {
        return new NotTaken(
                report.status(), report.decision().rule(), report.decision().explanation());
    }
}
