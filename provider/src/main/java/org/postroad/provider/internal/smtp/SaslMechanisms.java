// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;

/** The supported SASL mechanisms: those of {@code javax.security.sasl}, and others that mail needs. */
final class SaslMechanisms {

    /** In order of preference, for credentials that name no mechanism. */
    static final List<String> PREFERRED = List.of("SCRAM-SHA-256", "PLAIN", "LOGIN");

    private SaslMechanisms() {}

    /**
     * Returns an exchange with this mechanism; empty if the mechanism is unknown.
     *
     * @param deadline limits computation whose length the server can choose
     * @throws SaslException if the mechanism cannot encode these credentials
     */
    static Optional<SaslExchange> exchange(String mechanism, Credentials credentials, Deadline deadline)
            throws SaslException {
        return switch (mechanism) {
            case "SCRAM-SHA-256" -> Optional.of(new ScramExchange(credentials, deadline));
            case "LOGIN" -> Optional.of(new Login(credentials));
            case "XOAUTH2" ->
                Optional.of(new Bearer("user=" + credentials.user() + "\1auth=Bearer " + credentials.secret(), ""));
            // RFC 7628 §3.1, §3.2.3
            case "OAUTHBEARER" ->
                Optional.of(new Bearer(
                        "n,a=" + SaslExchange.saslName(credentials.user()) + ",\1auth=Bearer " + credentials.secret(),
                        "\1"));
            default -> jdkMechanism(mechanism, credentials);
        };
    }

    private static Optional<SaslExchange> jdkMechanism(String mechanism, Credentials credentials) throws SaslException {
        CallbackHandler handler = callbacks -> fill(callbacks, credentials);
        return Optional.ofNullable(Sasl.createSaslClient(new String[] {mechanism}, null, "smtp", "", Map.of(), handler))
                .map(JdkMechanism::new);
    }

    private static void fill(Callback[] callbacks, Credentials credentials)
            throws IOException, UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(credentials.user());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(credentials.secret().toCharArray());
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** PLAIN (RFC 4616), and every other mechanism of the JDK or of an installed provider. */
    private record JdkMechanism(SaslClient client) implements SaslExchange {

        @Override
        public Optional<byte[]> initial() throws SaslException {
            return client.hasInitialResponse()
                    ? Optional.ofNullable(client.evaluateChallenge(new byte[0]))
                    : Optional.empty();
        }

        @Override
        public byte[] answer(byte[] challenge) throws SaslException {
            if (client.isComplete()) {
                throw new SaslException("a challenge after the last answer");
            }
            byte[] answer = client.evaluateChallenge(challenge);
            return answer == null ? new byte[0] : answer;
        }

        @Override
        public boolean isComplete() {
            return client.isComplete();
        }
    }

    /**
     * LOGIN, which was never standardized: the server asks for user and password in turn. The texts of its prompts differ and are ignored.
     */
    private static final class Login implements SaslExchange {

        private final Deque<String> answers = new ArrayDeque<>();

        Login(Credentials credentials) {
            answers.add(credentials.user());
            answers.add(credentials.secret());
        }

        @Override
        public Optional<byte[]> initial() {
            return Optional.empty();
        }

        @Override
        public byte[] answer(byte[] challenge) throws SaslException {
            if (answers.isEmpty()) {
                throw new SaslException("a challenge after user and password");
            }
            return octets(answers.remove());
        }

        @Override
        public boolean isComplete() {
            return answers.isEmpty();
        }
    }

    /** A bearer token. A challenge reports an error; it is answered so that the server can send its refusal (RFC 7628 §3.2.3). */
    private record Bearer(String said, String acknowledgement) implements SaslExchange {

        @Override
        public Optional<byte[]> initial() {
            return Optional.of(octets(said + "\1\1"));
        }

        @Override
        public byte[] answer(byte[] challenge) {
            return octets(acknowledgement);
        }

        @Override
        public boolean isComplete() {
            return true;
        }
    }
}
