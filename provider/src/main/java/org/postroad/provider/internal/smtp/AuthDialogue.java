// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Credentials;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;

/**
 * AUTH (RFC 4954) with a mechanism whose answers are known beforehand: PLAIN (RFC 4616), LOGIN, XOAUTH2, OAUTHBEARER (RFC 7628). The
 * connection must be verified TLS (RELAY-04); the session sees to that.
 */
final class AuthDialogue implements SmtpDialogue {

    /** In the order in which we like them, where the credentials name none. */
    static final List<String> MECHANISMS = List.of("PLAIN", "LOGIN");

    private static final String CANCEL = "*";

    private final Deque<String> answers = new ArrayDeque<>();
    private Optional<Command> command;
    private Optional<SmtpFailure> failure = Optional.empty();
    private boolean broken;

    private AuthDialogue(String mechanism, List<String> answers, boolean initial) {
        this.answers.addAll(answers);
        this.command = Optional.of(
                Command.auth(mechanism, initial ? Optional.of(base64(this.answers.remove())) : Optional.empty()));
    }

    /** The dialogue, or why there is none. */
    static Optional<AuthDialogue> with(Credentials credentials, List<String> offered) {
        List<String> wanted = credentials.mechanism().map(List::of).orElse(MECHANISMS);
        return wanted.stream().filter(offered::contains).findFirst().flatMap(name -> of(name, credentials));
    }

    private static Optional<AuthDialogue> of(String mechanism, Credentials credentials) {
        String user = credentials.user();
        String secret = credentials.secret();
        return switch (mechanism) {
            case "PLAIN" -> initial(mechanism, "\0" + user + "\0" + secret);
            case "LOGIN" -> Optional.of(new AuthDialogue(mechanism, List.of(user, secret), false));
            case "XOAUTH2" -> initial(mechanism, "user=" + user + "\1auth=Bearer " + secret + "\1\1");
            case "OAUTHBEARER" -> initial(mechanism, "n,a=" + user + ",\1auth=Bearer " + secret + "\1\1");
            default -> Optional.empty();
        };
    }

    private static Optional<AuthDialogue> initial(String mechanism, String response) {
        return Optional.of(new AuthDialogue(mechanism, List.of(response), true));
    }

    /** The failure where no mechanism fits: our configuration and the relay's do not go together; mail is not bounced for it. */
    static SmtpFailure noMechanism(List<String> offered) {
        return new SmtpFailure(
                Stage.AUTH,
                new Outcome.Unfit(
                        EnhancedStatus.CREDENTIALS_INVALID_4_7_8,
                        "no SASL mechanism in common; the server offers " + offered));
    }

    @Override
    public Step next() {
        return command.<Step>map(Send::new).orElseGet(Done::new);
    }

    @Override
    public void reply(Reply reply) {
        if (reply.isIntermediate()) {
            // A challenge with nothing left to say is an error report of a bearer mechanism, or a confused server.
            String answer = answers.isEmpty() ? CANCEL : base64(answers.remove());
            command = Optional.of(Command.authResponse(answer));
            return;
        }
        command = Optional.empty();
        broken = reply.closesConnection();
        if (!reply.isPositive()) {
            failure = Optional.of(new SmtpFailure(Stage.AUTH, new Outcome.Refused(reply)));
        }
    }

    @Override
    public void lost(String detail) {
        command = Optional.empty();
        broken = true;
        failure = Optional.of(new SmtpFailure(Stage.AUTH, new Outcome.BadConnection(detail)));
    }

    @Override
    public boolean isBroken() {
        return broken;
    }

    Optional<SmtpFailure> failure() {
        return failure;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
