// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.DomainReport;
import org.postroad.api.DomainRoute;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.PlannedContact;
import org.postroad.api.RemoteMta;
import org.postroad.api.RemoteMta.Role;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.route.DeliveryHistory;
import org.postroad.provider.internal.route.NextHop;
import org.postroad.provider.internal.route.RouteExplanation;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.Step;
import org.postroad.provider.internal.smtp.SmtpFailure;

/**
 * Finds out where mail to one domain would go: runs a {@link DomainDelivery} in which no host is contacted and every address counts as not
 * answering, so that it goes through all of them. DNS, MTA-STS policies and the relay selector are asked as in a delivery. Used once, by one
 * thread.
 */
public final class DryRun {

    private final RoutingRequest request;
    private final ContactTools tools;
    private final SendScope scope;
    private final DomainDelivery delivery;
    private final List<DryContact> contacts = new ArrayList<>();

    /** @param services their listener receives nothing */
    public DryRun(RoutingRequest request, DomainDelivery.Services services, ContactTools tools, SendScope scope) {
        this.request = request;
        this.tools = tools;
        this.scope = scope;
        DomainDelivery.Services unheard = new DomainDelivery.Services(
                services.dns(), services.helpers(), services.sources(), services.relays(), event -> {});
        this.delivery = new DomainDelivery(request, unheard, tools, scope, this::contact);
    }

    /** A contact that a delivery would make. */
    record DryContact(RemoteMta remote, ConnectionSecurity security) {}

    /** Returns the contacts that a delivery would make, in order. Call after {@link #run}. */
    List<DryContact> contacts() {
        return List.copyOf(contacts);
    }

    /**
     * Returns the route.
     *
     * @throws BrokenClassPathException if a library is missing
     * @throws InterruptedException if the thread is interrupted
     */
    public DomainRoute run() throws InterruptedException {
        DomainReport report = delivery.run();
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted while finding the route to " + report.domain());
        }
        if (delivery.brokenClassPath().isPresent()) {
            throw delivery.brokenClassPath().get();
        }
        RouteExplanation explanation = new RouteExplanation(request, delivery.history());
        List<PlannedContact> planned = planned(report.attempts());
        List<Step.AddressQuestion> questions = explanation.openQuestions();
        if (!questions.isEmpty() && !scope.deadline().hasPassed()) {
            delivery.lookUpAll(questions);
        }
        DeliveryHistory complete = delivery.history();
        return new DomainRoute(
                report.domain(),
                nextHop(),
                complete.lookups(),
                report.mtaSts(),
                explanation.hosts(complete),
                planned,
                report.recipients());
    }

    private DomainRoute.NextHop nextHop() {
        NextHop hop = request.nextHop();
        return new DomainRoute.NextHop(hop.host(), hop.lookUpMx(), hop.port(), hop.role() == Role.ROUTE);
    }

    private void contact(
            List<RemoteMta> remotes, ConnectionSecurity security, List<Mailbox> pending, ContactEvents events) {
        SmtpFailure assumed = new SmtpFailure(Stage.CONNECT, new Outcome.NoAnswer("assumed, not contacted"));
        List<RemoteMta> inOrder = new ArrayList<>(tools.dialler().inOrder(remotes));
        // An address that did not answer is dialled last if it comes up again.
        inOrder.sort(Comparator.comparing(this::isContacted));
        for (RemoteMta remote : inOrder) {
            contacts.add(new DryContact(remote, security));
            events.attempted(new Attempt(
                    remote,
                    tools.clock().instant(),
                    Duration.ZERO,
                    TlsSummary.NONE,
                    AttemptRecorder.forAll(pending, assumed)));
        }
    }

    private boolean isContacted(RemoteMta remote) {
        return contacts.stream().anyMatch(contact -> contact.remote().address().equals(remote.address()));
    }

    /** Returns the contacts, those of the dry run and the hosts that TLS rules out. */
    private List<PlannedContact> planned(List<Attempt> attempts) {
        List<PlannedContact> planned = new ArrayList<>();
        int next = 0;
        for (Attempt attempt : attempts) {
            Outcome outcome = attempt.outcomes().get(0).outcome();
            if (outcome instanceof Outcome.HostUnsuitable unsuitable) {
                planned.add(new PlannedContact(attempt.remote(), TlsSummary.Level.NONE, true, Optional.of(unsuitable)));
            } else {
                ConnectionSecurity security = contacts.get(next++).security();
                planned.add(new PlannedContact(
                        attempt.remote(), security.protection().level(), security.isRequired(), Optional.empty()));
            }
        }
        return planned;
    }
}
