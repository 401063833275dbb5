// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocket;
import org.postroad.api.Attempt;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.Printable;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsSummary.Level;
import org.postroad.provider.internal.connect.Dialled;
import org.postroad.provider.internal.deliver.Tools.StartTls;
import org.postroad.provider.internal.route.ErrorPolicy;
import org.postroad.provider.internal.smtp.Opening;
import org.postroad.provider.internal.smtp.RecipientGate;
import org.postroad.provider.internal.smtp.SecuredSocket;
import org.postroad.provider.internal.smtp.SendResult;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.TlsUpgrade;

/** Contacts one host: dials its addresses, and offers the message to the first that answers. */
final class Contacting {

    private final Tools tools;
    private final MailObject mail;
    private final Agreement agreement;
    private final Deadline deadline;

    Contacting(Tools tools, MailObject mail, DomainDelivery.Terms terms) {
        this.tools = tools;
        this.mail = mail;
        this.agreement = terms.agreement();
        this.deadline = terms.deadline();
    }

    /** One attempt for each address that was contacted. */
    void contact(List<RemoteMta> remotes, Optional<Relay> relay, List<Mailbox> open, Consumer<Attempt> record)
            throws InterruptedException {
        Security security = relay.map(Security::of).orElseGet(() -> Security.of(tools.startTls()));
        Dialled dialled = dial(remotes, open, record);
        if (dialled.connection().isEmpty()) {
            return;
        }
        Dialled.Connection connection = dialled.connection().get();
        Result result = converse(connection, security, open);
        if (result.isHandshakeFailure() && security.mayFallBack()) {
            // Opportunistic: what cannot be encrypted is sent plain, to the same address (RFC 7435).
            Dialled again = tools.dialler().dial(List.of(connection.remote()), deadline);
            if (again.connection().isPresent()) {
                result = converse(again.connection().get(), Security.NONE, open);
            }
        }
        record.accept(attempt(connection.remote(), connection.startedAt(), result));
    }

    private Dialled dial(List<RemoteMta> remotes, List<Mailbox> open, Consumer<Attempt> record)
            throws InterruptedException {
        Dialled dialled = tools.dialler().dial(remotes, deadline);
        for (Dialled.Failure failure : dialled.failures()) {
            Outcome outcome = new Outcome.NoAnswer(failure.detail());
            record.accept(new Attempt(
                    failure.remote(),
                    failure.startedAt(),
                    failure.took(),
                    TlsSummary.NONE,
                    forAll(open, new SmtpFailure(Stage.CONNECT, outcome))));
        }
        return dialled;
    }

    private Attempt attempt(RemoteMta remote, Instant startedAt, Result result) {
        Duration took = Duration.between(startedAt, tools.clock().instant());
        return new Attempt(remote, startedAt, took, result.tls(), result.outcomes());
    }

    private Result converse(Dialled.Connection connection, Security security, List<Mailbox> open) {
        RemoteMta remote = connection.remote();
        SecuredSocket socket = SecuredSocket.plain(connection.socket());
        if (security.implicit()) {
            try {
                socket = secure(connection.socket(), remote, Level.VERIFIED, deadline);
            } catch (IOException e) {
                return Result.of(open, TlsSummary.NONE, notSecured(String.valueOf(e.getMessage())));
            }
        }
        Opening opening = SmtpSession.open(socket, tools.smtp(), tools.watchdog(), tools.log(), deadline);
        return opening.fold(
                opened -> converse(opened.session(), remote, security, open),
                notOpened -> Result.of(open, TlsSummary.NONE, notOpened.failure()));
    }

    private Result converse(SmtpSession session, RemoteMta remote, Security security, List<Mailbox> open) {
        try (session) {
            Optional<SmtpFailure> failure = startTls(session, remote, security)
                    .or(() -> security.credentials().flatMap(secret -> session.authenticate(secret, deadline)));
            if (failure.isPresent()) {
                return Result.of(open, session.tls(), failure.get());
            }
            List<RecipientOutcome> outcomes = offer(session, open);
            session.quit();
            return new Result(session.tls(), outcomes);
        }
    }

    private Optional<SmtpFailure> startTls(SmtpSession session, RemoteMta remote, Security security) {
        if (security.startTls() == StartTls.DISABLED || security.implicit()) {
            return Optional.empty();
        }
        boolean required = security.startTls() == StartTls.REQUIRED;
        if (!session.extensions().startTls()) {
            return required
                    ? Optional.of(new SmtpFailure(
                            Stage.STARTTLS,
                            new Outcome.Unfit(
                                    EnhancedStatus.SECURITY_FEATURE_4_7_4, "TLS is required and not offered")))
                    : Optional.empty();
        }
        Optional<SmtpFailure> failure =
                session.startTls((plain, until) -> secure(plain, remote, security.level(), until), deadline);
        // A server that only said no to STARTTLS goes on in plaintext, unless TLS is required.
        boolean goesOn = !required && session.isUsable();
        return goesOn ? Optional.empty() : failure;
    }

    private SecuredSocket secure(Socket plain, RemoteMta remote, Level level, Deadline until) throws IOException {
        SSLSocket secured = tools.tls().layer(plain, remote.host(), level);
        Deadline limit = until.orAfter(tools.smtp().replyTimeout());
        try {
            tools.watchdog().guard(plain, limit, "the server did not shake hands", secured::startHandshake);
        } catch (IOException e) {
            Watchdog.drop(plain);
            throw new IOException("TLS handshake failed: " + Printable.clean(String.valueOf(e.getMessage())), e);
        }
        return new SecuredSocket(plain, secured, TlsUpgrade.summary(secured, level));
    }

    private static SmtpFailure notSecured(String detail) {
        return new SmtpFailure(Stage.STARTTLS, new Outcome.Unfit(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, detail));
    }

    /** TRY-08: recipients that were too many for one transaction go into another, as long as each takes some. */
    private List<RecipientOutcome> offer(SmtpSession session, List<Mailbox> open) {
        Map<Mailbox, RecipientOutcome> decided = new LinkedHashMap<>();
        open.forEach(mailbox -> decided.put(
                mailbox, new RecipientOutcome(mailbox, Stage.MAIL, new Outcome.BadConnection("not reached"))));
        List<Mailbox> due = open;
        while (!due.isEmpty() && session.isUsable()) {
            List<Mailbox> offered = due.subList(0, Math.min(due.size(), mostRecipients(session)));
            SendResult result = session.send(mail.envelope().only(offered), mail.content(), gate(offered), deadline);
            result.outcomes().forEach(outcome -> decided.put(outcome.recipient(), outcome));
            result.withdrawn().forEach(mailbox -> decided.put(mailbox, heldBack(mailbox)));
            if (!result.withdrawn().isEmpty()) {
                break;
            }
            List<Mailbox> rest = new ArrayList<>(tooMany(result.outcomes()));
            rest.addAll(due.subList(offered.size(), due.size()));
            due = rest;
        }
        return new ArrayList<>(decided.values());
    }

    /** All at once where all or none are to get the message; else no more than the server says that it takes (RFC 9422). */
    private int mostRecipients(SmtpSession session) {
        if (!agreement.isReached()) {
            return Integer.MAX_VALUE;
        }
        long limit = session.extensions().limit("RCPTMAX").orElse(Long.MAX_VALUE);
        return (int) Math.max(1, Math.min(tools.maxRecipients(), limit));
    }

    /** Open where each domain is on its own; else a server that does not take all of them is not the one. */
    private RecipientGate gate(List<Mailbox> offered) {
        return agreement.isReached()
                ? RecipientGate.OPEN
                : accepted -> accepted.size() == offered.size() && agreement.await(deadline);
    }

    private static RecipientOutcome heldBack(Mailbox mailbox) {
        return new RecipientOutcome(
                mailbox,
                Stage.RCPT,
                new Outcome.Unfit(EnhancedStatus.UNDEFINED_4_0_0, "held back: not every recipient was accepted"));
    }

    private static List<Mailbox> tooMany(List<RecipientOutcome> outcomes) {
        boolean accepted = false;
        List<Mailbox> tooMany = new ArrayList<>();
        for (RecipientOutcome result : outcomes) {
            if (ErrorPolicy.isTooManyRecipients(result.stage(), result.outcome(), accepted)) {
                tooMany.add(result.recipient());
            }
            accepted |= result.stage().compareTo(Stage.RCPT) > 0;
        }
        return tooMany;
    }

    private static List<RecipientOutcome> forAll(List<Mailbox> open, SmtpFailure failure) {
        return open.stream()
                .map(mailbox -> new RecipientOutcome(mailbox, failure.stage(), failure.outcome()))
                .toList();
    }

    /** What a conversation came to. */
    private record Result(TlsSummary tls, List<RecipientOutcome> outcomes) {

        static Result of(List<Mailbox> open, TlsSummary tls, SmtpFailure failure) {
            return new Result(tls, forAll(open, failure));
        }

        boolean isHandshakeFailure() {
            return outcomes.stream()
                    .allMatch(result ->
                            result.stage() == Stage.STARTTLS && result.outcome() instanceof Outcome.BadConnection);
        }
    }

    /** How one connection is to be protected. */
    private record Security(boolean implicit, StartTls startTls, Level level, Optional<Credentials> credentials) {

        static final Security NONE = new Security(false, StartTls.DISABLED, Level.NONE, Optional.empty());

        static Security of(StartTls startTls) {
            return new Security(false, startTls, Level.OPPORTUNISTIC, Optional.empty());
        }

        static Security of(Relay relay) {
            return switch (relay.tls()) {
                case IMPLICIT -> new Security(true, StartTls.REQUIRED, Level.VERIFIED, relay.credentials());
                case REQUIRED -> new Security(false, StartTls.REQUIRED, Level.VERIFIED, relay.credentials());
                case OPPORTUNISTIC -> of(StartTls.OPPORTUNISTIC);
                case NEVER -> NONE;
            };
        }

        boolean mayFallBack() {
            return startTls == StartTls.OPPORTUNISTIC;
        }
    }
}
