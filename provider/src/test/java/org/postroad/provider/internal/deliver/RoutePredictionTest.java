// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Attempt;
import org.postroad.api.DomainReport;
import org.postroad.api.DomainRoute;
import org.postroad.api.IpAddress;
import org.postroad.api.Outcome;
import org.postroad.api.PlannedContact;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Stage;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.route.ErrorPolicy.Disposition;

/**
 * What {@link DryRun} predicts is what {@link DomainDelivery} then does, in thousands of random worlds: zones, networks and servers. DNS and
 * connections are in memory, and time is virtual.
 */
@Timeout(600)
class RoutePredictionTest {

    @Test
    void ORDER_ifNoAddressAnswersContactsAndResultAreThosePredicted() {
        SimulatedHost.inEveryWorld((world, host) -> {
            DomainRoute route = host.predict();
            DomainReport report = host.deliver(script -> "silent");
            assertThat(contacts(report)).isEqualTo(remotes(route.contacts()));
            assertThat(report.attempts()).hasSameSizeAs(route.contacts());
            for (int i = 0; i < route.contacts().size(); i++) {
                assertThat(unsuitable(report.attempts().get(i)))
                        .isEqualTo(route.contacts().get(i).unsuitable());
            }
            assertThat(results(report.recipients())).isEqualTo(results(route.recipients()));
        });
    }

    private static List<RemoteMta> contacts(DomainReport report) {
        List<RemoteMta> contacts = new ArrayList<>();
        for (Attempt attempt : report.attempts()) {
            if (!attempt.superseded()) { // otherwise the same address follows
                contacts.add(attempt.remote());
            }
        }
        return contacts;
    }

    private static List<RemoteMta> remotes(List<PlannedContact> contacts) {
        return contacts.stream().map(PlannedContact::remote).toList();
    }

    private static Optional<Outcome> unsuitable(Attempt attempt) {
        return Optional.of(attempt.outcomes().get(0).outcome()).filter(Outcome.HostUnsuitable.class::isInstance);
    }

    private static List<String> results(List<RecipientReport> recipients) {
        return recipients.stream()
                .map(report -> report.recipient() + " " + report.verdict() + " " + report.status() + " "
                        + report.decision().rule() + " "
                        + report.decidedBy().map(by -> by.remote().toString()).orElse(""))
                .toList();
    }

    /** The servers do not offer TLS. */
    @Test
    void TRY_01_theFirstPredictedContactIsUsedIfItAcceptsAndNeedsNoTls() {
        SimulatedHost.inEveryWorld((world, host) -> {
            DomainRoute route = host.predict();
            DomainReport report = host.deliver(script -> "accepts");
            Optional<PlannedContact> first = route.contacts().stream()
                    .filter(contact -> contact.unsuitable().isEmpty())
                    .findFirst();
            assertThat(route.isDecided()).isEqualTo(first.isEmpty());
            if (first.isEmpty()) {
                assertThat(host.dialled()).isEmpty();
                assertThat(results(report.recipients())).isEqualTo(results(route.recipients()));
            } else {
                assertThat(host.dialled().get(0)).isEqualTo(first.get().remote());
                if (!first.get().isTlsRequired()) {
                    assertThat(host.dialled()).hasSize(1);
                    assertThat(report.recipients()).allMatch(recipient -> recipient.verdict() == Verdict.DELIVERED);
                }
            }
            checkTls(route, report);
        });
    }

    /** Checks that nothing is sent without TLS where it is predicted to be required, and only there. */
    private static void checkTls(DomainRoute route, DomainReport report) {
        Map<RemoteMta, PlannedContact> planned = new HashMap<>();
        route.contacts().forEach(contact -> planned.put(contact.remote(), contact));
        for (Attempt attempt : report.attempts()) {
            PlannedContact contact = planned.get(attempt.remote());
            if (contact != null) { // otherwise the address comes up again because TLS failed there for another name
                assertThat(attempt.outcomes().get(0).stage() == Stage.STARTTLS)
                        .as(contact + " and " + attempt)
                        .isEqualTo(contact.isTlsRequired());
            }
        }
    }

    /**
     * No server is silent, and none was silent before: what is learnt during a delivery, that a family does not answer or answers again, can
     * change the order of the addresses of a host (RFC 8305 §5).
     */
    @Test
    void ORDER_whateverTheServersDoTheContactsAreThosePredictedInThisOrder() {
        SimulatedHost.inEveryWorld((world, host) -> {
            if (world.hasHistory) {
                return;
            }
            DomainRoute route = host.predict();
            DomainReport report = host.deliver(script -> script.equals("silent") ? "refused" : script);
            List<RemoteMta> direct = direct(remotes(route.contacts()));
            Set<String> gone = new HashSet<>(); // hosts that refused the session
            Set<IpAddress> tlsFailed = new HashSet<>(); // for the name of one host, and another has the same address
            int next = 0;
            for (Attempt attempt : report.attempts()) {
                if (attempt.superseded() || attempt.remote().role() == Role.RELAY) {
                    continue;
                }
                if (direct.contains(attempt.remote())) {
                    while (!direct.get(next).equals(attempt.remote())) {
                        assertThat(gone).contains(direct.get(next).host().toString());
                        next++;
                    }
                    next++;
                } else { // an address of two hosts, which was not contacted as that of the first, or not with success
                    IpAddress address = attempt.remote().address();
                    assertThat(isListedTwice(route, attempt.remote())).isTrue();
                    assertThat(tlsFailed.contains(address) || gone.contains(planned(direct, address)))
                            .isTrue();
                }
                if (unsuitable(attempt).isPresent()) {
                    tlsFailed.add(attempt.remote().address());
                }
                if (isRefusal(attempt)) {
                    gone.add(attempt.remote().host().toString());
                }
            }
            boolean settled = report.recipients().stream()
                    .allMatch(recipient -> recipient.decision().rule().startsWith("TRY-"));
            if (!settled) {
                direct.subList(next, direct.size())
                        .forEach(skipped ->
                                assertThat(gone).contains(skipped.host().toString()));
            }
            assertThat(relays(remotes(route.contacts()))).containsAll(relays(contacts(report)));
        });
    }

    /** Returns the host as whose address this one is planned. */
    private static String planned(List<RemoteMta> contacts, IpAddress address) {
        return contacts.stream()
                .filter(remote -> remote.address().equals(address))
                .map(remote -> remote.host().toString())
                .findFirst()
                .orElseThrow();
    }

    private static boolean isListedTwice(DomainRoute route, RemoteMta remote) {
        return route.hosts().stream()
                .filter(host -> host.name().equals(remote.host().toString()))
                .flatMap(host -> host.addresses().stream())
                .anyMatch(address -> address.dialled().equals(remote.address())
                        && address.passedOver()
                                .filter(reason -> reason.rule().equals("TRY-03"))
                                .isPresent());
    }

    private static List<RemoteMta> direct(List<RemoteMta> remotes) {
        return remotes.stream().filter(remote -> remote.role() != Role.RELAY).toList();
    }

    private static Set<RemoteMta> relays(List<RemoteMta> remotes) {
        return remotes.stream().filter(remote -> remote.role() == Role.RELAY).collect(Collectors.toSet());
    }

    /** TRY-04, unless it concerns TLS at the address. */
    private static boolean isRefusal(Attempt attempt) {
        for (RecipientOutcome outcome : attempt.outcomes()) {
            if (outcome.stage() != Stage.STARTTLS
                    && ErrorPolicy.meaning(outcome.stage(), outcome.outcome()) == Disposition.HOST_REFUSED) {
                return true;
            }
        }
        return false;
    }
}
