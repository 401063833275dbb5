// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * AUTH (RFC 4954) with one of the {@link SaslMechanisms}. The connection must be verified TLS (RELAY-04); the session checks that.
 *
 * <p>If the exchange fails on our side, it is cancelled with {@code *}, and no later reply of the server turns it into a success.
 */
final class AuthDialogue implements SmtpDialogue {

    /** Maximum number of challenges in one exchange; the longest mechanism needs three. */
    static final int MAX_CHALLENGES = 10;

    private static final String CANCEL = "*";

    private final SaslExchange exchange;
    private final Secrets secrets;
    private Optional<Command> command;
    private Optional<SmtpFailure> failure = Optional.empty();
    private int challenges;
    private boolean broken;

    private AuthDialogue(String mechanism, SaslExchange exchange, Secrets secrets) throws SaslException {
        this.exchange = exchange;
        this.secrets = secrets;
        this.command = Optional.of(first(mechanism));
    }

    /**
     * Creates the dialogue for the mechanism named in the credentials, or else for the most preferred one the server offers. Empty if there
     * is no mechanism in common.
     *
     * @param secrets receives everything that is sent
     * @param deadline limits computation whose length the server can choose
     * @throws SaslException if the mechanism cannot encode these credentials
     */
    static Optional<AuthDialogue> with(
            Credentials credentials, List<String> offered, Secrets secrets, Deadline deadline) throws SaslException {
        secrets.add(credentials);
        List<String> wanted = credentials.mechanism().map(List::of).orElse(SaslMechanisms.PREFERRED);
        for (String mechanism : wanted) {
            if (offered.contains(mechanism)) {
                Optional<SaslExchange> exchange = SaslMechanisms.exchange(mechanism, credentials, deadline);
                if (exchange.isPresent()) {
                    return Optional.of(new AuthDialogue(mechanism, exchange.get(), secrets));
                }
            }
        }
        return Optional.empty();
    }

    /** @throws SaslException if the initial response is too long for a command */
    private Command first(String mechanism) throws SaslException {
        Optional<String> response = exchange.initial().map(this::initial);
        try {
            return Command.auth(mechanism, response);
        } catch (IllegalArgumentException e) {
            throw new SaslException(e.getMessage(), e);
        }
    }

    /**
     * Returns the failure for the case that we and the server have no mechanism in common. Our configuration then does not match the
     * relay's, so mail is not bounced for it.
     */
    static SmtpFailure noMechanism(List<String> offered) {
        return ownFailure("no SASL mechanism in common; the server offers " + offered);
    }

    /** Returns a failure on our side. */
    static SmtpFailure ownFailure(String detail) {
        return new SmtpFailure(
                Stage.AUTH, new Outcome.HostUnsuitable(EnhancedStatus.CREDENTIALS_INVALID_4_7_8, detail));
    }

    @Override
    public DialogueStep next() {
        return command.<DialogueStep>map(Send::new).orElseGet(Done::new);
    }

    @Override
    public Stage stage() {
        return Stage.AUTH;
    }

    @Override
    public void reply(Reply reply) {
        reply(reply, reply);
    }

    /** Evaluates a challenge unredacted, since it may repeat our part of a nonce. Nothing of it is stored. */
    @Override
    public void reply(Reply reply, Reply unredacted) {
        if (unredacted.isIntermediate() && failure.isEmpty()) {
            command = Optional.of(answer(unredacted));
            return;
        }
        command = Optional.empty();
        broken = reply.closesConnection() || reply.isIntermediate();
        if (failure.isPresent()) {
            broken |= reply.isPositive();
        } else if (!reply.isPositive()) {
            failure = Optional.of(new SmtpFailure(Stage.AUTH, new Outcome.Refused(reply)));
        } else if (!exchange.isComplete()) {
            broken = true;
            failure = Optional.of(ownFailure("the server reported success before it proved its identity"));
        }
    }

    private Command answer(Reply challenge) {
        try {
            if (++challenges > MAX_CHALLENGES) {
                throw new SaslException("more than " + MAX_CHALLENGES + " challenges");
            }
            byte[] octets = Base64.getDecoder().decode(challenge.lines().get(0).strip());
            return Command.authResponse(encoded(exchange.answer(octets)));
        } catch (SaslException | IllegalArgumentException e) {
            // Also if the response is too long for a command. The exception message may quote the challenge.
            failure = Optional.of(ownFailure(secrets.redact("AUTH was cancelled: " + e.getMessage())));
            return Command.authResponse(CANCEL);
        }
    }

    /** An empty response is encoded as {@code =} (RFC 4954 §4). */
    private String initial(byte[] response) {
        return response.length == 0 ? "=" : encoded(response);
    }

    private String encoded(byte[] response) {
        secrets.add(response);
        return Base64.getEncoder().encodeToString(response);
    }

    @Override
    public void lost(String detail) {
        command = Optional.empty();
        broken = true;
        if (failure.isEmpty()) { // an earlier failure explains more
            failure = Optional.of(new SmtpFailure(Stage.AUTH, new Outcome.BadConnection(detail)));
        }
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    Optional<SmtpFailure> failure() {
        return failure;
    }
}
