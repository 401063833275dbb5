// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkShowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.sasl.SaslException;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Reply;
import org.postroad.provider.fuzz.Fuzzing;

/**
 * Fuzzes the server's side of AUTH. The first octet chooses the mechanism, the rest is the challenges, one on each line: unchanged, or, if
 * the line begins with a dot, the Base64 of the rest of the line, in which a tilde stands for our part of the nonce.
 */
class AuthDialogueFuzz {

    private static final List<String> MECHANISMS =
            List.of("SCRAM-SHA-256", "PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5", "DIGEST-MD5");

    private static final String SECRET = "correct-horse";

    /** If a proof is sent, the server must have asked for a number of iterations within the limits and for nothing else. */
    private static final Pattern SOUND = Pattern.compile("r=[^,]+,s=[^,]+,i=([1-9][0-9]{3,6})(,.*)?", Pattern.DOTALL);

    @FuzzTest
    void challenges(byte[] input) throws SaslException {
        int first = input.length == 0 ? 0 : Byte.toUnsignedInt(input[0]);
        String mechanism = MECHANISMS.get(first % MECHANISMS.size());
        Secrets secrets = new Secrets();
        AuthDialogue dialogue = AuthDialogue.with(
                        new Credentials("me", SECRET).withMechanism(mechanism),
                        List.of(mechanism),
                        secrets,
                        Deadline.after(Duration.ofMillis(20)))
                .orElseThrow();
        String nonce = mechanism.startsWith("SCRAM") ? decoded(said(dialogue)).replaceFirst(".*,r=", "") : "";
        String text = input.length == 0 ? "" : Fuzzing.text(Arrays.copyOfRange(input, 1, input.length));
        List<String> answers = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (!said(dialogue).equals("*")) {
                String said = line.startsWith(".") ? line.substring(1).replace("~", nonce) : line;
                Reply challenge = new Reply(334, List.of(line.startsWith(".") ? encoded(said) : said));
                dialogue.reply(secrets.redact(challenge), challenge);
                answers.add(said(dialogue));
                checkProof(said, said(dialogue), line.startsWith("."));
            }
        }
        check(answers.size() <= AuthDialogue.MAX_CHALLENGES + 1, () -> "answers without end: " + answers.size());
        end(dialogue, mechanism, secrets.redact(new Reply(235, List.of(text))));
    }

    private static void checkProof(String challenge, String answer, boolean encoded) {
        if (encoded && decoded(answer).contains(",p=")) {
            var matcher = SOUND.matcher(challenge);
            check(matcher.matches(), () -> "a proof for " + challenge);
            int iterations = Integer.parseInt(matcher.group(1));
            check(iterations >= 4096 && iterations <= 1_000_000, () -> "a proof of " + iterations + " iterations");
        }
    }

    private static void end(AuthDialogue dialogue, String mechanism, Reply success) {
        boolean cancelled = said(dialogue).equals("*");
        dialogue.reply(success);
        check(dialogue.next() instanceof SmtpDialogue.Done, () -> "there is more to say");
        check(!cancelled || dialogue.failure().isPresent(), () -> "a success after it was cancelled");
        check(
                !mechanism.startsWith("SCRAM") || dialogue.failure().isPresent(),
                () -> "a server that does not know the password was believed");
        dialogue.failure().ifPresent(failure -> {
            checkShowable(failure.outcome().describe());
            check(!failure.outcome().describe().contains(SECRET), () -> "the secret in " + failure);
        });
    }

    private static String said(AuthDialogue dialogue) {
        String line = ((SmtpDialogue.Send) dialogue.next()).group().get(0).line();
        return line.replaceFirst("AUTH \\S+ ?", "");
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String base64) {
        return base64.equals("*") || base64.equals("=")
                ? ""
                : new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
