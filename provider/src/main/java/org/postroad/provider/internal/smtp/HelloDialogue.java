// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import org.postroad.api.Host;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * Negotiation up to the server's extensions (RFC 5321 §3.1, §3.2): greeting, EHLO, and HELO if the server permanently refuses EHLO. If the
 * server closes the connection instead of answering HELO, its reply to EHLO is the refusal (TRY-10).
 */
final class HelloDialogue implements SmtpDialogue {

    private enum HelloState {
        GREETING,
        EHLO,
        HELO,
        READY,
        FAILED
    }

    private final Host self;
    private HelloState state;
    private boolean broken;
    private Optional<Reply> ehloRefusal = Optional.empty();
    private Extensions extensions = Extensions.NONE;
    private Optional<SmtpFailure> failure = Optional.empty();

    private HelloDialogue(Host self, HelloState state) {
        this.self = self;
        this.state = state;
    }

    /** For a new connection. */
    static HelloDialogue fromGreeting(Host self) {
        return new HelloDialogue(self, HelloState.GREETING);
    }

    /** For a connection after the TLS handshake: everything learned before it is discarded (RFC 3207 §4.2). */
    static HelloDialogue fromEhlo(Host self) {
        return new HelloDialogue(self, HelloState.EHLO);
    }

    @Override
    public DialogueStep next() {
        return switch (state) {
            case GREETING -> new Await(Stage.GREETING);
            case EHLO -> new Send(Command.ehlo(self));
            case HELO -> new Send(Command.helo(self));
            case READY, FAILED -> new Done();
        };
    }

    @Override
    public Stage stage() {
        return state == HelloState.GREETING ? Stage.GREETING : Stage.EHLO;
    }

    @Override
    public void reply(Reply reply) {
        if (reply.closesConnection()) {
            broken = true;
            fail(new Outcome.Refused(ehloRefusal.orElse(reply)));
            return;
        }
        switch (state) {
            case GREETING -> {
                if (reply.isPositive()) {
                    state = HelloState.EHLO;
                } else {
                    fail(new Outcome.Refused(reply));
                }
            }
            case EHLO -> {
                if (reply.isPositive()) {
                    extensions = Extensions.of(reply);
                    state = HelloState.READY;
                } else if (reply.isPermanentFailure()) {
                    ehloRefusal = Optional.of(reply);
                    state = HelloState.HELO;
                } else {
                    fail(new Outcome.Refused(reply));
                }
            }
            case HELO -> {
                if (reply.isPositive()) {
                    state = HelloState.READY;
                } else {
                    fail(new Outcome.Refused(reply));
                }
            }
            case READY, FAILED ->
                throw new IllegalStateException("A reply although no command is outstanding: " + reply);
        }
    }

    @Override
    public void lost(String detail) {
        broken = true;
        fail(ehloRefusal.<Outcome>map(Outcome.Refused::new).orElseGet(() -> new Outcome.BadConnection(detail)));
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    /** Returns the extensions that the server offers. */
    Extensions extensions() {
        return extensions;
    }

    /** Returns the failure; empty after success. */
    Optional<SmtpFailure> failure() {
        return failure;
    }

    private void fail(Outcome outcome) {
        failure = Optional.of(new SmtpFailure(stage(), outcome));
        state = HelloState.FAILED;
    }
}
