// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Printable;

/**
 * SCRAM-SHA-256 (RFC 5802, 7677): the password is not sent, and the server proves that it has it.
 *
 * <p>The server's messages are parsed once, by the grammar of RFC 5802 §7, and only the parsed values are used: if a second parser read a
 * different number of iterations, the limits would be worthless. The library computes the functions of RFC 5802 §2.2, except the hashing of
 * the password, which here stops at the deadline.
 */
final class ScramExchange implements SaslExchange {

    /** Minimum number of iterations. Fewer make it too easy to guess the password from the messages (RFC 7677 §4). */
    static final int MIN_ITERATIONS = 4096;

    /** Maximum number of iterations. More would let a server exhaust our CPU. */
    static final int MAX_ITERATIONS = 1_000_000;

    /** Iterations between two checks of the deadline: less than a millisecond of work. */
    private static final int ITERATIONS_AT_A_TIME = 1024;

    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_256;
    private static final String HMAC = "HmacSHA256";

    /** Length of our part of the nonce in characters. */
    private static final int NONCE_LENGTH = 24;

    /** GS2 header of a client without channel binding (RFC 5802 §6, §7). The final message has it in Base64. */
    private static final String NO_CHANNEL_BINDING = "n,,";

    private static final String BASE64 = "(?:[A-Za-z0-9+/]{4})*+(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)?+";
    private static final String EXTENSIONS = "(?:,[A-Za-z]=[^\\x00,]++)*+";

    /**
     * RFC 5802 §7, server-first-message: nonce, salt, iteration-count. A mandatory extension does not match, since none is supported. All
     * quantifiers are possessive, so that matching takes linear time and no stack.
     */
    private static final Pattern SERVER_FIRST =
            Pattern.compile("r=([\\x21-\\x2b\\x2d-\\x7e]++),s=(" + BASE64 + "),i=([^\\x00,]*+)" + EXTENSIONS);

    /** Up to nine digits; longer numbers exceed the limits anyway. */
    private static final Pattern POSIT_NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    /** RFC 5802 §7, server-final-message: the server's signature, or an error. */
    private static final Pattern SERVER_FINAL = Pattern.compile("(?:v=(" + BASE64 + ")|e=([^\\x00,]++))" + EXTENSIONS);

    private enum ScramState {
        FIRST,
        FINAL,
        COMPLETE
    }

    private final byte[] password;
    private final String nonce;
    private final String clientFirstBare;
    private final Deadline deadline;
    private ScramState state = ScramState.FIRST;
    private byte[] serverSignature = new byte[0];

    /** @param deadline when the hashing of the password stops, finished or not */
    ScramExchange(Credentials credentials, Deadline deadline) throws SaslException {
        this(credentials, deadline, ScramFunctions.nonce(NONCE_LENGTH, new SecureRandom()));
    }

    ScramExchange(Credentials credentials, Deadline deadline, String nonce) throws SaslException {
        this.deadline = deadline;
        this.nonce = nonce;
        try {
            this.password = octets(StringPreparation.SASL_PREPARATION.normalize(
                    credentials.secret().toCharArray()));
        } catch (IllegalArgumentException e) {
            throw new SaslException("SCRAM-SHA-256 cannot encode this password", e);
        }
        this.clientFirstBare = "n=" + SaslExchange.saslName(credentials.user()) + ",r=" + nonce;
    }

    @Override
    public Optional<byte[]> initial() {
        return Optional.of((NO_CHANNEL_BINDING + clientFirstBare).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public byte[] answer(byte[] challenge) throws SaslException {
        String said = text(challenge);
        return switch (state) {
            case FIRST -> {
                String answer = clientFinal(said);
                state = ScramState.FINAL;
                yield answer.getBytes(StandardCharsets.US_ASCII);
            }
            case FINAL -> {
                checkSignature(said);
                state = ScramState.COMPLETE;
                yield new byte[0];
            }
            case COMPLETE -> throw new SaslException("a challenge after the last answer");
        };
    }

    private String clientFinal(String serverFirst) throws SaslException {
        Matcher matcher = SERVER_FIRST.matcher(serverFirst);
        if (!matcher.matches()) {
            throw wrong("its first message does not have the form of RFC 5802");
        }
        if (!matcher.group(1).startsWith(nonce)) {
            throw wrong("its nonce does not begin with ours");
        }
        byte[] salt = Base64.getDecoder().decode(matcher.group(2));
        if (salt.length == 0) {
            throw wrong("its salt is empty");
        }
        byte[] salted = hash(salt, iterations(matcher.group(3)));
        String header = Base64.getEncoder().encodeToString(NO_CHANNEL_BINDING.getBytes(StandardCharsets.US_ASCII));
        String withoutProof = "c=" + header + ",r=" + matcher.group(1);
        String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = ScramFunctions.clientKey(MECHANISM, salted);
        byte[] signature =
                ScramFunctions.clientSignature(MECHANISM, ScramFunctions.storedKey(MECHANISM, clientKey), authMessage);
        serverSignature =
                ScramFunctions.serverSignature(MECHANISM, ScramFunctions.serverKey(MECHANISM, salted), authMessage);
        byte[] proof = ScramFunctions.clientProof(clientKey, signature);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    /** Parses a posit-number (RFC 5802 §7): ASCII digits without sign or leading zero. Anything else is treated as outside the limits. */
    private static int iterations(String digits) throws SaslException {
        int count = POSIT_NUMBER.matcher(digits).matches() ? Integer.parseInt(digits) : 0;
        if (count < MIN_ITERATIONS || count > MAX_ITERATIONS) {
            throw new SaslException("the server wants " + Printable.clean(digits)
                    + " iterations of SCRAM-SHA-256, allowed are " + MIN_ITERATIONS + " to " + MAX_ITERATIONS);
        }
        return count;
    }

    /** Computes Hi() (RFC 5802 §2.2). {@code PBKDF2WithHmacSHA256} computes the same, but observes neither deadline nor interrupt. */
    private byte[] hash(byte[] salt, int iterations) throws SaslException {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(password, HMAC));
            mac.update(salt);
            byte[] last = mac.doFinal(new byte[] {0, 0, 0, 1});
            byte[] result = last.clone();
            for (int i = 1; i < iterations; i++) {
                if (i % ITERATIONS_AT_A_TIME == 0 && isOver()) {
                    throw new SaslException(
                            "time ran out after " + i + " of " + iterations + " iterations of SCRAM-SHA-256");
                }
                last = mac.doFinal(last);
                for (int octet = 0; octet < result.length; octet++) {
                    result[octet] ^= last[octet];
                }
            }
            return result;
        } catch (GeneralSecurityException e) {
            throw new SaslException("this JVM cannot compute SCRAM-SHA-256", e);
        }
    }

    private boolean isOver() {
        return deadline.hasPassed() || Thread.currentThread().isInterrupted();
    }

    private void checkSignature(String serverFinal) throws SaslException {
        Matcher matcher = SERVER_FINAL.matcher(serverFinal);
        if (!matcher.matches()) {
            throw wrong("its last message does not have the form of RFC 5802");
        }
        if (matcher.group(1) == null) {
            throw new SaslException("the server refused SCRAM-SHA-256: " + Printable.quote(matcher.group(2)));
        }
        byte[] signature = Base64.getDecoder().decode(matcher.group(1));
        if (!MessageDigest.isEqual(signature, serverSignature)) {
            throw wrong("its signature is not the one of a server that knows the password");
        }
    }

    private static SaslException wrong(String what) {
        return new SaslException("invalid SCRAM-SHA-256 message from the server: " + what);
    }

    private static String text(byte[] octets) throws SaslException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("a message is not UTF-8");
        }
    }

    private static byte[] octets(char[] text) {
        ByteBuffer octets = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
        byte[] result = new byte[octets.remaining()];
        octets.get(result);
        return result;
    }

    @Override
    public boolean isComplete() {
        return state == ScramState.COMPLETE;
    }
}
