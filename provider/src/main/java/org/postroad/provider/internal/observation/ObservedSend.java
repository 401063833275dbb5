// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.observation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Attempt;
import org.postroad.api.BounceClass;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.MailContext;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;

/**
 * The observations of one send: one of the send, one for each domain, and one for each contact with a host. Each is stopped exactly once,
 * at the latest when the send ends. Events of different domains may arrive concurrently. Thread-safe.
 */
public final class ObservedSend {

    private final ObservationRegistry registry;
    private final MailContext mail;
    private final Observation send;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<Domain, ObservedDomain> domains = new HashMap<>();

    @GuardedBy("lock")
    private final List<RecipientReport> results = new ArrayList<>();

    /** The number of domains that have not ended. */
    @GuardedBy("lock")
    private int open;

    @GuardedBy("lock")
    private boolean stopped;

    /** Starts the observation of a send, as a child of the current observation of the calling thread if there is one. */
    public ObservedSend(ObservationRegistry registry, MailContext mail, int domains) {
        this.registry = registry;
        this.mail = mail;
        this.open = domains;
        this.send = Observation.createNotStarted(ObservationKeys.SEND, registry)
                .contextualName("send " + (mail.queueId().isPresent() ? "mxqueue" : "mx"))
                .lowCardinalityKeyValues(ObservationKeys.ofMail(mail))
                .highCardinalityKeyValues(ObservationKeys.identity(mail))
                .start();
    }

    /** A failure in the words of its class, without a stack trace and without the address of a person. */
    private static final class UndeliveredException extends Exception {

        private static final long serialVersionUID = 1;

        UndeliveredException(BounceClass bounceClass) {
            super(bounceClass + ": " + bounceClass.meaning(), null, false, false);
        }
    }

    private record OpenContact(Observation observation, Optional<Attempt> last) {}

    /** The observations of one domain. */
    private final class ObservedDomain {

        private final Observation observation;
        private Optional<OpenContact> contact = Optional.empty();

        ObservedDomain(Domain domain, int recipients) {
            this.observation = Observation.createNotStarted(ObservationKeys.DOMAIN, registry)
                    .contextualName("deliver")
                    .parentObservation(send)
                    .lowCardinalityKeyValues(ObservationKeys.ofMail(mail))
                    .highCardinalityKeyValues(ObservationKeys.identity(mail))
                    .highCardinalityKeyValue("postroad.domain", domain.toString())
                    .highCardinalityKeyValue("postroad.recipients", String.valueOf(recipients))
                    .start();
        }

        void connecting(RemoteMta remote) {
            endContact();
            contact = Optional.of(new OpenContact(begin(remote), Optional.empty()));
        }

        private Observation begin(RemoteMta remote) {
            return Observation.createNotStarted(ObservationKeys.CONTACT, registry)
                    .contextualName("contact")
                    .parentObservation(observation)
                    .highCardinalityKeyValues(ObservationKeys.ofRemote(remote))
                    .start();
        }

        /** Addresses that did not answer belong to the contact with their host, which goes on. */
        void attempted(Attempt attempt) {
            Observation current = contact.map(OpenContact::observation).orElseGet(() -> begin(attempt.remote()));
            if (attempt.connection().isPresent() || contact.isEmpty()) {
                contact = Optional.empty();
                end(current, Optional.of(attempt));
            } else {
                current.event(Observation.Event.of("postroad.no_answer", "no answer"));
                contact = Optional.of(new OpenContact(current, Optional.of(attempt)));
            }
        }

        private void endContact() {
            contact.ifPresent(open -> end(open.observation(), open.last()));
            contact = Optional.empty();
        }

        private void end(Observation ended, Optional<Attempt> attempt) {
            attempt.ifPresent(one -> ended.highCardinalityKeyValues(ObservationKeys.ofRemote(one.remote())));
            attempt.flatMap(ObservationKeys::bounceClass).ifPresent(why -> ended.error(new UndeliveredException(why)));
            ended.lowCardinalityKeyValues(ObservationKeys.ofContact(attempt));
            ended.stop();
        }

        void end(List<RecipientReport> reports) {
            endContact();
            stop(observation, reports);
        }
    }

    /** Receives an event of this send. Returns whether it was the last one. */
    public boolean on(DeliveryEvent event) {
        lock.lock();
        try {
            if (stopped) {
                return true;
            }
            if (event instanceof DeliveryEvent.SendStarted started) {
                domains.put(
                        started.domain(),
                        new ObservedDomain(
                                started.domain(), started.recipients().size()));
            } else if (event instanceof DeliveryEvent.Concluded concluded) {
                endDomain(concluded.report());
            } else if (event instanceof DeliveryEvent.SendEnded ended) {
                endDomain(ended.report());
                results.addAll(ended.report().recipients());
                open--;
            } else {
                step(event);
            }
            if (open <= 0) {
                end();
            }
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void step(DeliveryEvent event) {
        ObservedDomain domain = domains.get(event.domain());
        if (domain == null) {
            return;
        }
        if (event instanceof DeliveryEvent.Connecting connecting) {
            domain.connecting(connecting.remote());
        } else if (event instanceof DeliveryEvent.Attempted attempted) {
            domain.attempted(attempted.attempt());
        }
    }

    @GuardedBy("lock")
    private void endDomain(DomainReport report) {
        ObservedDomain domain = domains.remove(report.domain());
        if (domain != null) {
            domain.end(report.recipients());
        }
    }

    /** Stops all observations of a send whose end was not reported. */
    public void abandon() {
        lock.lock();
        try {
            end();
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private void end() {
        if (!stopped) {
            stopped = true;
            domains.values().forEach(domain -> domain.end(List.of()));
            domains.clear();
            stop(send, results);
        }
    }

    private static void stop(Observation observation, List<RecipientReport> reports) {
        observation.lowCardinalityKeyValues(ObservationKeys.ofReports(reports));
        ObservationKeys.worst(reports)
                .flatMap(RecipientReport::bounceClass)
                .ifPresent(why -> observation.error(new UndeliveredException(why)));
        observation.stop();
    }
}
