// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.internal.connect.Dialled;
import org.postroad.provider.internal.deliver.Connections.Key;
import org.postroad.provider.internal.deliver.Connections.Lease;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;

/**
 * Contacts one host: on a connection that was kept, or else on a new one to the first of its addresses that answers. What only the kept
 * connection, TLS or an extension spoiled is tried once more without it; that is no failure of the host.
 */
final class Contacting {

    private final Tools tools;
    private final MailObject mail;
    private final DomainDelivery.Terms terms;
    private final Deadline deadline;
    private final SessionOpener opener;

    Contacting(Tools tools, MailObject mail, DomainDelivery.Terms terms, SessionOpener.TlsWitness witness) {
        this.tools = tools;
        this.mail = mail;
        this.terms = terms;
        this.deadline = terms.deadline();
        this.opener = new SessionOpener(tools, deadline, witness);
    }

    /** Is told what is done. */
    interface Log {

        /** An address is contacted, perhaps with others at the same time. */
        void connecting(RemoteMta remote);

        /** What came of one. */
        void attempted(Attempt attempt);
    }

    /** One attempt for each address that was contacted; none where the deadline passed before there was room for a connection. */
    void contact(List<RemoteMta> remotes, Security security, List<Mailbox> open, Log log) throws InterruptedException {
        List<RemoteMta> inOrder = tools.dialler().inOrder(remotes);
        List<Key> keys = new ArrayList<>();
        for (RemoteMta remote : inOrder) {
            keys.add(tools.key(remote, security));
        }
        // Those who hold their servers until all are ready must not wait for one another's connections.
        boolean patient = terms.agreement().isReached();
        Optional<Lease> lease = tools.connections().lease(keys, patient, deadline);
        if (lease.isEmpty()) {
            return;
        }
        try (Lease held = lease.get()) {
            log.connecting(held.key().map(Key::remote).orElse(inOrder.get(0)));
            Instant startedAt = tools.clock().instant();
            Optional<Result> reused = reuse(held, open);
            if (reused.isPresent()) {
                log.attempted(attempt(held.key().orElseThrow().remote(), startedAt, reused.get()));
            } else {
                dial(remotes, security, held, open, log);
            }
        }
    }

    private void dial(List<RemoteMta> remotes, Security security, Lease lease, List<Mailbox> open, Log log)
            throws InterruptedException {
        Dialled dialled = tools.dialler().dial(remotes, deadline);
        record(dialled.failures(), open, log);
        if (dialled.connection().isEmpty()) {
            return;
        }
        Dialled.Connection connection = dialled.connection().get();
        Result result = converse(connection, security, lease, open);
        if (result.leavesNobodyOpen()) {
            // Nobody will dial these anew; as long as somebody might (TRY-03), they do not count as contacted.
            record(dialled.overtaken(), open, log);
        }
        log.attempted(attempt(connection.remote(), connection.startedAt(), result));
    }

    private static void record(List<Dialled.Failure> failures, List<Mailbox> open, Log log) {
        for (Dialled.Failure failure : failures) {
            Outcome outcome = new Outcome.NoAnswer(failure.detail());
            log.attempted(new Attempt(
                    failure.remote(),
                    failure.startedAt(),
                    failure.took(),
                    TlsSummary.NONE,
                    forAll(open, new SmtpFailure(Stage.CONNECT, outcome))));
        }
    }

    private Attempt attempt(RemoteMta remote, Instant startedAt, Result result) {
        Duration took = Duration.between(startedAt, tools.clock().instant());
        return new Attempt(remote, startedAt, took, result.tls(), result.outcomes());
    }

    /** Empty where there is no kept session, or it turned out to be closed: then nothing was sent, or nothing of it taken. */
    private Optional<Result> reuse(Lease lease, List<Mailbox> open) throws InterruptedException {
        if (lease.session().isEmpty()) {
            return Optional.empty();
        }
        SmtpSession session = lease.session().get();
        Key key = lease.key().orElseThrow();
        session.passTo(tools.smtpFor(key.remote()), tools.watchdog(), tools.log());
        Result result = offer(session, key, lease, open);
        return result.stale() && !result.isInDoubt() ? Optional.empty() : Optional.of(result);
    }

    /** On a new connection; and once more on another one to the same address, where that could help. */
    private Result converse(Dialled.Connection connection, Security security, Lease lease, List<Mailbox> open)
            throws InterruptedException {
        RemoteMta remote = connection.remote();
        SmtpSettings smtp = tools.smtpFor(remote);
        Result result = converse(connection, security, smtp, lease, open);
        if (result.isHandshakeFailure() && tools.policy().fallback() && !security.isRequired()) {
            // Opportunistic: what cannot be encrypted is sent plain, to the same address (RFC 7435).
            return again(remote, Security.NONE, smtp, lease, open).orElse(result);
        }
        if (result.extended() && result.isBroken()) {
            // Without a word after a flight: PIPELINING may be to blame, too.
            boolean pipelining = smtp.pipelining() && result.all(ErrorPolicy::isCommandRefused);
            Optional<Result> without = again(remote, security, smtp.with(pipelining, false), lease, open);
            without.filter(better -> !better.isBroken())
                    .ifPresent(learnt -> tools.broken().learn(remote, pipelining));
            return without.orElse(result);
        }
        return result;
    }

    private Optional<Result> again(
            RemoteMta remote, Security security, SmtpSettings smtp, Lease lease, List<Mailbox> open)
            throws InterruptedException {
        Optional<Dialled.Connection> connection =
                tools.dialler().dial(List.of(remote), deadline).connection();
        return connection.isPresent()
                ? Optional.of(converse(connection.get(), security, smtp, lease, open))
                : Optional.empty();
    }

    private Result converse(
            Dialled.Connection connection, Security security, SmtpSettings smtp, Lease lease, List<Mailbox> open)
            throws InterruptedException {
        RemoteMta remote = connection.remote();
        SessionOpener.Opened opened = opener.open(connection.socket(), remote, security, smtp);
        if (opened instanceof SessionOpener.Ready ready) {
            return offer(ready.session(), tools.key(remote, security), lease, open);
        }
        SessionOpener.Failed failed = (SessionOpener.Failed) opened;
        return new Result(failed.tls(), forAll(open, failed.failure()), false, false);
    }

    private Result offer(SmtpSession first, Key key, Lease lease, List<Mailbox> open) throws InterruptedException {
        Offer offer = new Offer(mail, terms, tools.maxRecipients(), open);
        SmtpSession session = first;
        boolean made = false;
        try {
            offer.make(session);
            while (offer.needsAnother(session)) {
                session.quit();
                Optional<SmtpSession> next = another(key);
                if (next.isEmpty()) {
                    break;
                }
                session = next.get();
                offer.make(session);
            }
            made = true;
        } finally {
            if (!made) {
                session.close();
            }
        }
        boolean extended = first.isPipelined() || first.isChunked();
        Result result = new Result(session.tls(), offer.outcomes(), extended, first.wasStale());
        if (result.isInDoubt() && first.isChunked()) {
            // Next time it is at least known who was accepted, before the message goes.
            tools.broken().learn(key.remote(), true);
        }
        lease.giveBack(key, session); // and from here on it may speak for somebody else
        return result;
    }

    /** A new session like that one; empty where it does not come about. */
    private Optional<SmtpSession> another(Key like) throws InterruptedException {
        RemoteMta remote = like.remote();
        return tools.dialler()
                .dial(List.of(remote), deadline)
                .connection()
                .flatMap(connection -> opener.open(connection.socket(), remote, like.security(), tools.smtpFor(remote))
                        .fold(ready -> Optional.of(ready.session()), failed -> Optional.empty()));
    }

    /** The same for everybody who is open. */
    static List<RecipientOutcome> forAll(List<Mailbox> open, SmtpFailure failure) {
        return open.stream()
                .map(mailbox -> new RecipientOutcome(mailbox, failure.stage(), failure.outcome()))
                .toList();
    }

    /**
     * What a conversation came to.
     *
     * @param extended whether PIPELINING or CHUNKING was used
     * @param stale whether a kept connection had been closed by the server before it answered anything
     */
    private record Result(TlsSummary tls, List<RecipientOutcome> outcomes, boolean extended, boolean stale) {

        boolean all(BiPredicate<Stage, Outcome> test) {
            return outcomes.stream().allMatch(result -> test.test(result.stage(), result.outcome()));
        }

        boolean leavesNobodyOpen() {
            return outcomes.stream()
                    .noneMatch(result -> ErrorPolicy.meaning(result.stage(), result.outcome())
                            .isOpen());
        }

        boolean isInDoubt() {
            return outcomes.stream().anyMatch(result -> result.outcome() instanceof Outcome.InDoubt);
        }

        boolean isHandshakeFailure() {
            return all((stage, outcome) -> stage == Stage.STARTTLS && outcome instanceof Outcome.BadConnection);
        }

        /** Whether nothing came of it but what also a server does that announces more than it can. */
        boolean isBroken() {
            return all((stage, outcome) ->
                    ErrorPolicy.isCommandRefused(stage, outcome) || outcome instanceof Outcome.BadConnection);
        }
    }
}
