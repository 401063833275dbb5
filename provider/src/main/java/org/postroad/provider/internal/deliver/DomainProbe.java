// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.postroad.api.AddressProbe;
import org.postroad.api.Attempt;
import org.postroad.api.DomainRoute;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.PlannedContact;
import org.postroad.api.ProbeStep;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.deliver.DryRun.DryContact;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.TransactionResult;

/**
 * Makes the contacts that a dry run planned for one domain, as a delivery does, with connections of its own and without a message. Used
 * by one thread.
 */
public final class DomainProbe implements ContactEvents {

    private final DryRun dryRun;
    private final ContactTools tools;
    private final SendScope scope;
    private final ProbeLog log;
    private final List<ProbeStep> steps;
    private Optional<Attempt> failed = Optional.empty();

    /**
     * @param dryRun is run
     * @param log the log of the tools
     * @param steps receives the steps of the log; cleared for each contact
     */
    public DomainProbe(DryRun dryRun, ContactTools tools, SendScope scope, ProbeLog log, List<ProbeStep> steps) {
        this.dryRun = dryRun;
        this.tools = tools;
        this.scope = scope;
        this.log = log;
        this.steps = steps;
    }

    /**
     * Makes the contacts of the route, each address once, up to the first that could carry mail or all of them.
     *
     * @param offer whether the sender and the recipients are offered
     */
    public List<AddressProbe> run(DomainRoute route, boolean all, boolean offer) throws InterruptedException {
        return run(route, remote -> true, all, offer);
    }

    /**
     * Makes the wanted contacts of the route, each address once. Can be called again, for further connections.
     *
     * @param offer whether the sender and the recipients are offered
     */
    public List<AddressProbe> runAll(DomainRoute route, Predicate<RemoteMta> wanted, boolean offer)
            throws InterruptedException {
        return run(route, wanted, true, offer);
    }

    private List<AddressProbe> run(DomainRoute route, Predicate<RemoteMta> wanted, boolean all, boolean offer)
            throws InterruptedException {
        List<DryContact> dry = dryRun.contacts();
        List<AddressProbe> probes = new ArrayList<>();
        Set<RemoteMta> done = new HashSet<>();
        int next = 0;
        try (ConnectionPool own = new ConnectionPool(PoolLimits.DEFAULTS, tools.clock(), (delay, work) -> () -> {})) {
            for (PlannedContact contact : route.contacts()) {
                if (contact.unsuitable().isPresent()) {
                    if (wanted.test(contact.remote())) {
                        probes.add(unsuitable(contact, contact.unsuitable().get()));
                    }
                    continue;
                }
                ConnectionSecurity security = dry.get(next++).security();
                if (!wanted.test(contact.remote()) || !done.add(contact.remote())) {
                    continue;
                }
                AddressProbe probe = probe(contact, security, tools.with(own), offer);
                probes.add(probe);
                if (!all && probe.failure().isEmpty()) {
                    return probes;
                }
            }
        }
        return probes;
    }

    private static AddressProbe unsuitable(PlannedContact contact, Outcome.HostUnsuitable why) {
        return new AddressProbe(
                contact,
                List.of(),
                TlsSummary.NONE,
                Map.of(),
                Optional.of(new AddressProbe.Failure(Stage.STARTTLS, why, why.status())),
                List.of(),
                List.of());
    }

    private AddressProbe probe(PlannedContact contact, ConnectionSecurity security, ContactTools own, boolean offer)
            throws InterruptedException {
        steps.clear();
        failed = Optional.empty();
        List<RemoteMta> remotes = List.of(contact.remote());
        Optional<Lease> lease = SessionSource.lease(own, scope, remotes, security);
        if (lease.isEmpty()) {
            return failure(contact);
        }
        try (Lease held = lease.get()) {
            AttemptRecorder attempts = new AttemptRecorder(this, own.clock(), recipients());
            Optional<SmtpSession> opened = new SessionSource(own, scope, this, attempts, held, security)
                    .open(recipients())
                    .map(SessionSource.ObtainedSession::session);
            if (opened.isEmpty()) {
                return failure(contact);
            }
            try (SmtpSession session = opened.get()) {
                return probe(contact, session, offer);
            }
        }
    }

    private AddressProbe probe(PlannedContact contact, SmtpSession session, boolean offer) {
        TransactionResult result = offer
                ? session.probe(scope.mail().envelope(), scope.deadline())
                : new TransactionResult(List.of(), List.of(), false);
        AddressProbe probe = new AddressProbe(
                contact,
                steps,
                session.tls(),
                session.extensions().keywords(),
                Optional.empty(),
                result.withdrawn(),
                result.outcomes());
        session.quit();
        return probe;
    }

    private AddressProbe failure(PlannedContact contact) {
        Stage stage = failed.map(attempt -> outcome(attempt).stage()).orElse(Stage.CONNECT);
        Outcome outcome = failed.map(attempt -> outcome(attempt).outcome())
                .orElseGet(() -> new Outcome.NoAnswer("no time was left"));
        return new AddressProbe(
                contact,
                steps,
                TlsSummary.NONE,
                Map.of(),
                Optional.of(new AddressProbe.Failure(stage, outcome, ErrorPolicy.status(stage, outcome))),
                List.of(),
                List.of());
    }

    private static RecipientOutcome outcome(Attempt attempt) {
        return attempt.outcomes().get(0);
    }

    private List<Mailbox> recipients() {
        return scope.mail().envelope().mailboxes();
    }

    @Override
    public void connecting(RemoteMta remote) {
        log.dialling();
    }

    @Override
    public void attempted(Attempt attempt) {
        failed = Optional.of(attempt);
        if (outcome(attempt).outcome() instanceof Outcome.NoAnswer noAnswer) { // there was no connection to log
            log.notConnected(attempt.remote(), noAnswer.describeAt(attempt.remote()));
        }
    }

    /** Only deliveries count for TLS reports. */
    @Override
    public void tlsConcluded(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure) {}
}
