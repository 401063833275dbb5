// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;

/** SCRAM-SHA-256 (RFC 5802, 7677): the password stays here, and the server proves that it knows it. */
final class ScramExchange implements SaslExchange {

    /** Fewer make it too easy to guess the password from what was said (RFC 7677 §4). */
    static final int FEWEST_ITERATIONS = 4096;

    /** More would be an attack on our processor. */
    static final int MOST_ITERATIONS = 1_000_000;

    private static final Pattern ITERATIONS = Pattern.compile(",i=(\\d{1,9})(,|$)");

    private enum State {
        FIRST,
        FINAL,
        COMPLETE
    }

    private final ScramClient client;
    private State state = State.FIRST;

    ScramExchange(Credentials credentials) throws SaslException {
        try {
            this.client = ScramClient.builder()
                    .advertisedMechanisms(List.of("SCRAM-SHA-256"))
                    .username(credentials.user())
                    .password(credentials.secret().toCharArray())
                    .build();
        } catch (IllegalArgumentException e) {
            throw new SaslException("SCRAM cannot say these credentials", e);
        }
    }

    @Override
    public Optional<byte[]> initial() {
        return Optional.of(client.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] answer(byte[] challenge) throws SaslException {
        String said = new String(challenge, StandardCharsets.UTF_8);
        try {
            switch (state) {
                case FIRST -> {
                    checkIterations(said);
                    client.serverFirstMessage(said);
                    state = State.FINAL;
                    return client.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
                }
                case FINAL -> {
                    client.serverFinalMessage(said);
                    state = State.COMPLETE;
                    return new byte[0];
                }
                default -> throw new SaslException("a challenge after the last answer");
            }
        } catch (ScramException | IllegalArgumentException e) {
            throw new SaslException("the server's side of SCRAM-SHA-256 is wrong: " + e.getMessage(), e);
        }
    }

    private static void checkIterations(String serverFirst) throws SaslException {
        Matcher matcher = ITERATIONS.matcher(serverFirst);
        int count = matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        if (count < FEWEST_ITERATIONS || count > MOST_ITERATIONS) {
            throw new SaslException("the server wants " + count + " iterations of SCRAM-SHA-256, allowed are "
                    + FEWEST_ITERATIONS + " to " + MOST_ITERATIONS);
        }
    }

    @Override
    public boolean isComplete() {
        return state == State.COMPLETE;
    }
}
