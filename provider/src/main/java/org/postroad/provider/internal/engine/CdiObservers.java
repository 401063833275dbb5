// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import jakarta.enterprise.inject.spi.BeanManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.Security;
import org.postroad.api.Stage;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsSummary;
import org.postroad.spi.DeliveryListener;

/**
 * Fires delivery events in a CDI container, on the thread of the delivery. Loaded only if CDI is visible.
 *
 * @param manager of the container
 */
record CdiObservers(BeanManager manager) implements DeliveryListener {

    /** Returns whether a bean of the container observes a kind of event. */
    boolean exist() {
        return Samples.EVENTS.stream()
                .anyMatch(event -> !manager.resolveObserverMethods(event).isEmpty());
    }

    @Override
    public void on(DeliveryEvent event) {
        manager.getEvent().fire(event);
    }

    /** An event of each kind: a container resolves observers by the class of an object. */
    static final class Samples {

        static final List<DeliveryEvent> EVENTS = events(HostName.parse("nowhere.invalid"));

        private Samples() {}

        private static List<DeliveryEvent> events(HostName host) {
            Domain domain = Domain.parse(host.text());
            RemoteMta remote = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, host, IpAddress.parse("192.0.2.1"), 25);
            MailContext mail = MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty());
            Instant now = Instant.EPOCH;
            return List.of(
                    new DeliveryEvent.SendStarted(domain, mail, now, List.of(), 1),
                    new DeliveryEvent.SendEnded(domain, mail, now, DomainReport.withoutContact(domain, List.of())),
                    new DeliveryEvent.LookedUp(
                            domain,
                            mail,
                            now,
                            new Lookup<>(host, RecordType.MX, new DnsAnswer.NoData<>(Duration.ZERO, Security.UNKNOWN))),
                    new DeliveryEvent.Connecting(domain, mail, now, remote),
                    new DeliveryEvent.Attempted(domain, mail, now, attempt(domain, remote)),
                    new DeliveryEvent.TlsConcluded(
                            domain,
                            mail,
                            now,
                            new TlsResult(
                                    new TlsResult.Policy(TlsResult.Type.NO_POLICY_FOUND, host),
                                    remote,
                                    Optional.empty(),
                                    Optional.empty())),
                    new DeliveryEvent.RelaysSelected(domain, mail, now, List.of()),
                    new DeliveryEvent.Concluded(
                            domain, mail, now, new DomainReport(domain, List.of(), List.of(), List.of(), List.of())),
                    new DeliveryEvent.Queued(domain, mail, now, List.of()),
                    new DeliveryEvent.Deferred(domain, mail, now, List.of(), now),
                    new DeliveryEvent.Expired(domain, mail, now, List.of()),
                    new DeliveryEvent.Bounced(domain, mail, now, List.of(), false),
                    new DeliveryEvent.DoubleBounced(domain, mail, now, List.of()),
                    new DeliveryEvent.Held(domain, mail, now, ""),
                    new DeliveryEvent.Released(domain, mail, now),
                    new DeliveryEvent.Removed(domain, mail, now));
        }

        private static Attempt attempt(Domain domain, RemoteMta remote) {
            Outcome none = new Outcome.NoAnswer("");
            return new Attempt(
                    remote,
                    Instant.EPOCH,
                    Duration.ZERO,
                    TlsSummary.NONE,
                    List.of(new RecipientOutcome(new Mailbox("nobody", domain), Stage.CONNECT, none)));
        }
    }
}
