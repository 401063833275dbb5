// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.ProbeStep;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.deliver.ContactTools;
import org.postroad.provider.internal.deliver.DomainDelivery;
import org.postroad.provider.internal.deliver.DomainProbe;
import org.postroad.provider.internal.deliver.DryRun;
import org.postroad.provider.internal.deliver.ProbeLog;
import org.postroad.provider.internal.deliver.SendScope;
import org.postroad.provider.internal.route.AddressPolicy;
import org.postroad.provider.internal.route.Routes;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.RoutingSettings;

/**
 * One message on its way to all its domains: what the deliveries to them share. Thread-safe.
 *
 * @param scope the message and the limits on its deliveries
 * @param routes the configured next hops
 * @param localHost network and names of the local host
 * @param addresses which addresses are usable
 * @param routing the routing settings
 * @param services used by the delivery loop
 * @param tools for contacting hosts
 */
record OneSend(
        SendScope scope,
        Routes routes,
        RoutingRequest.LocalHost localHost,
        AddressPolicy addresses,
        RoutingSettings routing,
        DomainDelivery.Services services,
        ContactTools tools) {

    /**
     * Creates the task that delivers to one domain.
     *
     * @param recipients mailboxes of the domain
     * @param broken receives the failure if a library is missing
     */
    DomainTask delivery(Domain domain, List<Mailbox> recipients, Consumer<? super BrokenClassPathException> broken) {
        RoutingRequest request = request(domain, recipients);
        return new DomainTask(() -> deliver(request, broken), () -> neverBegun(request));
    }

    /** Passes an event of the whole send to the listener. */
    void report(DeliveryEvent event) {
        services.listener().on(event);
    }

    /** Returns a dry run for one domain. */
    DryRun dryRun(Domain domain, List<Mailbox> recipients) {
        return new DryRun(request(domain, recipients), services, tools, scope);
    }

    /** Returns a probe of the hosts that the dry run plans; {@code log} is the log of this send. */
    DomainProbe probe(DryRun dryRun, ProbeLog log, List<ProbeStep> steps) {
        return new DomainProbe(dryRun, tools, scope, log, steps);
    }

    private RoutingRequest request(Domain domain, List<Mailbox> recipients) {
        return new RoutingRequest(
                new RoutingRequest.Addressees(domain, scope.mail().envelope().sender(), recipients),
                routes.nextHop(domain),
                localHost,
                addresses,
                routing,
                ThreadLocalRandom.current().nextLong());
    }

    private DomainReport deliver(RoutingRequest request, Consumer<? super BrokenClassPathException> broken) {
        try {
            DomainDelivery delivery = new DomainDelivery(request, services, tools, scope);
            DomainReport report = delivery.run();
            delivery.brokenClassPath().ifPresent(broken);
            return report;
        } catch (LinkageError e) { // the delivery could not be created
            BrokenClassPathException failure = BrokenClassPathException.of(e);
            broken.accept(failure);
            return withoutContact(request, BrokenClassPathException.STATUS, String.valueOf(failure.getMessage()));
        }
    }

    private static DomainReport neverBegun(RoutingRequest request) {
        return withoutContact(
                request,
                EnhancedStatus.MAIL_SYSTEM_4_3_0,
                "The delivery never began: the engine was closed, the executor did not run it, or the send was cancelled");
    }

    /** Builds a report for a delivery without contacts. It uses few classes, because others may be missing as well. */
    private static DomainReport withoutContact(RoutingRequest request, EnhancedStatus status, String why) {
        return DomainReport.withoutContact(
                request.envelope().domain(),
                request.envelope().recipients().stream()
                        .map(recipient -> new RecipientReport(
                                recipient,
                                status.isTransient() ? Verdict.DEFERRED : Verdict.FAILED,
                                status,
                                new RecipientReport.Decision("END-01", why),
                                Optional.empty()))
                        .toList());
    }
}
