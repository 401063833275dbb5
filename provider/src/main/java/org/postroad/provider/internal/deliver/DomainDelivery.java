// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.MtaStsResult;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsResult;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.dns.CachedMailDns;
import org.postroad.provider.internal.route.DeliveryHistory;
import org.postroad.provider.internal.route.MxRouting;
import org.postroad.provider.internal.route.RoutingRequest;
import org.postroad.provider.internal.route.Step;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.tls.TlsLadder;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** Delivers one message to one domain, from the first DNS question to the report. Used once, by one thread. */
public final class DomainDelivery implements ContactEvents {

    /**
     * Services used by the delivery loop.
     *
     * @param dns answers DNS questions
     * @param helpers runs all DNS questions but the first of a group
     * @param sources returns the local address that a connection would use
     * @param relays selects relays
     * @param listener receives every step; does not throw
     */
    public record Services(
            CachedMailDns dns,
            Executor helpers,
            SourceAddresses sources,
            RelaySelector relays,
            DeliveryListener listener) {}

    private final RoutingRequest request;
    private final Services services;
    private final ContactTools tools;
    private final SendScope scope;
    private final Contacting contacting;
    private final TlsPolicyLookup tls;
    private final DialogueLog log;
    private DeliveryHistory known = DeliveryHistory.NOTHING;
    private Optional<MtaStsResult> mtaSts = Optional.empty();
    private Optional<BrokenClassPathException> brokenClassPath = Optional.empty();

    /** Contacts one host for the pending recipients, at the first of its addresses that answers. */
    @FunctionalInterface
    interface Contacting {

        /** @param events receives every attempt */
        void contact(List<RemoteMta> remotes, ConnectionSecurity security, List<Mailbox> pending, ContactEvents events)
                throws InterruptedException;
    }

    public DomainDelivery(RoutingRequest request, Services services, ContactTools tools, SendScope scope) {
        this(
                request,
                services,
                tools,
                scope,
                (remotes, security, pending, events) ->
                        new HostContact(tools, scope, events, pending).run(remotes, security));
    }

    DomainDelivery(
            RoutingRequest request, Services services, ContactTools tools, SendScope scope, Contacting contacting) {
        this.request = request;
        this.contacting = contacting;
        this.services = services;
        this.tools = tools;
        this.scope = scope;
        this.log = tools.log();
        this.tls = new TlsPolicyLookup(domain(), tools.policy(), this::lookUpOnce, this::record, scope.deadline());
    }

    /**
     * Runs the delivery: asks for the next step, executes it, records the result, and repeats. After an interrupt, or an exception from a
     * plug-in, the pending recipients are deferred.
     */
    public DomainReport run() {
        List<RecipientReport> reports;
        try {
            reports = loop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reports = concludeEarly(EnhancedStatus.MAIL_SYSTEM_4_3_0, "The delivery was cancelled");
        } catch (RuntimeException | Error e) {
            // A defect, ours or a plug-in's, in one domain must not hide the results of the other domains.
            brokenClassPath = BrokenClassPathException.causeOf(e);
            System.getLogger(DomainDelivery.class.getName())
                    .log(System.Logger.Level.ERROR, "The delivery to " + domain() + " failed", e);
            reports = brokenClassPath
                    .map(broken -> concludeEarly(BrokenClassPathException.STATUS, String.valueOf(broken.getMessage())))
                    .orElseGet(() -> concludeEarly(
                            EnhancedStatus.MAIL_SYSTEM_4_3_0,
                            "The delivery failed because of an internal error (see the log): "
                                    + Printable.describe(e)));
        } finally {
            scope.allOrNothing().refuse();
        }
        DomainReport report = new DomainReport(
                domain(),
                known.lookups(),
                MxRouting.refusedAddresses(request, known),
                known.attempts(),
                reports,
                mtaSts);
        report(new DeliveryEvent.Concluded(domain(), mail(), now(), report));
        return report;
    }

    /** Returns the class path error that stopped the delivery; empty if there was none. */
    public Optional<BrokenClassPathException> brokenClassPath() {
        return brokenClassPath;
    }

    /** Returns what is known of this delivery. */
    DeliveryHistory history() {
        return known;
    }

    private List<RecipientReport> loop() throws InterruptedException {
        while (true) {
            Optional<String> refusal = scope.mail().fence().refusal();
            if (refusal.isPresent()) {
                return concludeEarly(EnhancedStatus.MAIL_SYSTEM_4_3_0, refusal.get());
            }
            Step step = MxRouting.next(request, known);
            if (step instanceof Step.Conclude conclude) {
                return conclude.reports();
            }
            if (scope.deadline().hasPassed()) {
                return MxRouting.concludeExpired(request, known).reports();
            }
            if (scope.allOrNothing().isRefused()) {
                return concludeEarly(EnhancedStatus.UNDEFINED_4_0_0, "Held back: not every recipient was accepted");
            }
            execute(step);
        }
    }

    private List<RecipientReport> concludeEarly(EnhancedStatus status, String why) {
        return MxRouting.concludeEarly(request, known, status, why).reports();
    }

    private void execute(Step step) throws InterruptedException {
        if (step instanceof Step.AskMx askMx) {
            record(ask(askMx.name(), RecordType.MX));
        } else if (step instanceof Step.AskAddresses ask) {
            lookUpAll(ask.questions());
        } else if (step instanceof Step.ContactHost tryHost) {
            contactMailExchanger(tryHost.remotes());
        } else if (step instanceof Step.RelayVia via) {
            contact(via.remotes(), ConnectionSecurity.of(via.relay()));
        } else if (step instanceof Step.AskRelays ask) {
            askRelays(ask.question());
        }
    }

    /** Runs all questions concurrently. Answers are recorded in the order of the questions. */
    void lookUpAll(List<Step.AddressQuestion> questions) throws InterruptedException {
        if (areKnown(questions)) { // cached answers are faster to read than to hand to another thread
            for (Step.AddressQuestion question : questions) {
                record(ask(question.host(), question.type()));
            }
            return;
        }
        if (request.nextHop().lookUpMx()) {
            tls.prepare(services.helpers());
        }
        List<FutureTask<Lookup<IpAddress>>> asked = questions.stream()
                .map(question -> new FutureTask<>(() -> ask(question.host(), question.type())))
                .toList();
        try {
            asked.subList(1, asked.size()).forEach(services.helpers()::execute);
            for (FutureTask<Lookup<IpAddress>> task : asked) {
                task.run(); // runs in this thread unless a helper has already started it
                record(task.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException("Interrupted while asking DNS");
            }
            throw new IllegalStateException("DNS broke its contract: " + e.getCause(), e);
        } finally {
            asked.forEach(task -> task.cancel(true));
        }
    }

    private boolean areKnown(List<Step.AddressQuestion> questions) {
        for (Step.AddressQuestion question : questions) {
            if (!services.dns().has(question.host(), question.type())) {
                return false;
            }
        }
        return true;
    }

    private <R> Lookup<R> ask(HostName name, RecordType<R> type) throws InterruptedException {
        return new Lookup<>(name, type, services.dns().query(name, type, scope.deadline()));
    }

    private <R> Lookup<R> lookUpOnce(HostName name, RecordType<R> type) throws InterruptedException {
        Optional<DnsAnswer<R>> before = known.answer(name, type);
        return before.isPresent() ? new Lookup<>(name, type, before.get()) : record(ask(name, type));
    }

    /** Records a lookup. Returns the form in which it is kept, which is the one that counts. */
    private <R> Lookup<R> record(Lookup<R> asked) {
        Lookup<R> lookup = known.kept(asked);
        log.note(() -> "dns " + lookup);
        record(new DeliveryHistory.LookedUp(lookup, sourcesFor(lookup.answer())));
        report(new DeliveryEvent.LookedUp(domain(), mail(), now(), lookup));
        return lookup;
    }

    private Map<IpAddress, IpAddress> sourcesFor(DnsAnswer<?> answer) {
        Map<IpAddress, IpAddress> found = new HashMap<>();
        for (Object item : answer.recordsOrNone()) {
            if (item instanceof IpAddress address) {
                services.sources().sourceFor(address).ifPresent(source -> found.put(address, source));
            }
        }
        return found;
    }

    private void contactMailExchanger(List<RemoteMta> remotes) throws InterruptedException {
        TlsLadder.Decision decision = decide(remotes.get(0));
        int alike = 1;
        while (alike < remotes.size() && decide(remotes.get(alike)).equals(decision)) {
            alike++;
        }
        // The remaining addresses stay untried and come up in a later step.
        contactMailExchanger(remotes.subList(0, alike), decision);
    }

    private TlsLadder.Decision decide(RemoteMta remote) throws InterruptedException {
        return tls.decide(remote, MxRouting.answersWith(request, known, remote), known.lookups());
    }

    private void contactMailExchanger(List<RemoteMta> remotes, TlsLadder.Decision decision)
            throws InterruptedException {
        if (decision instanceof TlsLadder.Protect protect) {
            contact(remotes, ConnectionSecurity.of(protect.protection()));
            return;
        }
        TlsLadder.SkipHost leave = (TlsLadder.SkipHost) decision;
        log.note(() -> "not contacted: " + remotes.get(0).host() + ": " + leave.why());
        List<RecipientOutcome> outcomes = AttemptRecorder.forAll(
                MxRouting.openRecipients(request, known),
                new SmtpFailure(Stage.STARTTLS, new Outcome.HostUnsuitable(leave.status(), leave.why())));
        for (RemoteMta remote : remotes) {
            report(tls.resultWithoutSession(remote));
            attempted(new Attempt(remote, now(), Duration.ZERO, TlsSummary.NONE, outcomes));
        }
    }

    private void contact(List<RemoteMta> remotes, ConnectionSecurity security) throws InterruptedException {
        contacting.contact(remotes, security, MxRouting.openRecipients(request, known), this);
    }

    @Override
    public void connecting(RemoteMta remote) {
        report(new DeliveryEvent.Connecting(domain(), mail(), now(), remote));
    }

    @Override
    public void attempted(Attempt attempt) {
        record(new DeliveryHistory.Contacted(attempt));
        report(new DeliveryEvent.Attempted(domain(), mail(), now(), attempt));
        if (!scope.allOrNothing().isReached() && hasLostRecipient()) {
            scope.allOrNothing().refuse();
        }
    }

    @Override
    public void tlsConcluded(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure) {
        report(tls.result(remote, source, failure));
    }

    private void report(Optional<TlsResult> result) {
        result.ifPresent(reported -> report(new DeliveryEvent.TlsConcluded(domain(), mail(), now(), reported)));
    }

    private void report(DeliveryEvent event) {
        services.listener().on(event);
    }

    private Instant now() {
        return tools.clock().instant();
    }

    private boolean hasLostRecipient() {
        int open = MxRouting.openRecipients(request, known).size();
        return open < request.envelope().recipients().size();
    }

    private void askRelays(RelaySelector.Question question) {
        DeliveryHistory.SelectorAnswered answer;
        try {
            // The contract forbids null, but a plug-in may return it.
            @Nullable List<Relay> relays = services.relays().select(question);
            answer = relays == null
                    ? new DeliveryHistory.SelectorAnswered(List.of(), Optional.of("it answered null"))
                    : new DeliveryHistory.SelectorAnswered(relays, Optional.empty());
        } catch (RuntimeException e) {
            System.getLogger(DomainDelivery.class.getName())
                    .log(System.Logger.Level.WARNING, "The relay selector failed", e);
            answer = new DeliveryHistory.SelectorAnswered(List.of(), Optional.of(Printable.describe(e)));
        }
        record(answer);
        note(answer);
        report(new DeliveryEvent.RelaysSelected(domain(), mail(), now(), answer.relays()));
    }

    /** Called once for each host. The DNS question is recorded only the first time; the last result replaces the earlier ones. */
    private void record(TlsPreferences.StsLookup lookup) {
        if (mtaSts.isEmpty()) {
            lookup.question().ifPresent(this::record);
        }
        lookup.result()
                .filter(result -> !mtaSts.equals(Optional.of(result)))
                .ifPresent(result -> log.note(() -> "mta-sts " + domain() + ": " + result));
        mtaSts = lookup.result().or(() -> mtaSts);
    }

    private void note(DeliveryHistory.SelectorAnswered answer) {
        log.note(() -> "relays for " + domain() + ": "
                + answer.failure().orElseGet(() -> answer.relays().toString()));
    }

    private void record(DeliveryHistory.Entry entry) {
        known = known.plus(entry);
    }

    private MailContext mail() {
        return scope.mail().context();
    }

    private Domain domain() {
        return request.envelope().domain();
    }
}
