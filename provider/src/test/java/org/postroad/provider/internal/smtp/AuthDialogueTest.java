// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.security.sasl.SaslException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Credentials;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Outcome;
import org.postroad.api.Reply;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Transcript;

/** Tests AUTH: each mechanism with a server that supports it, and each way in which the exchange can fail. */
class AuthDialogueTest {

    private static final Credentials ME = new Credentials("me", "secret");

    private static Credentials by(String mechanism) {
        return new Credentials("me", "secret").withMechanism(mechanism);
    }

    private static Optional<AuthDialogue> with(Credentials credentials, List<String> offered) throws Exception {
        return AuthDialogue.with(credentials, offered, new Secrets(), Deadline.after(Duration.ofMinutes(1)));
    }

    private static AuthDialogue dialogue(Credentials credentials, String... offered) throws Exception {
        return with(credentials, List.of(offered)).orElseThrow();
    }

    private static String said(AuthDialogue dialogue) {
        return ((SmtpDialogue.Send) dialogue.next()).group().get(0).line();
    }

    private static Reply challenge(String text) {
        return new Reply(334, List.of(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    private static Optional<SmtpFailure> authenticate(Credentials credentials, String secret, String... keywords)
            throws Exception {
        Transcript transcript = new Transcript();
        try (FakeSmtpServer server = FakeSmtpServer.start("relay", Family.IPV4, transcript);
                Watchdog watchdog = new Watchdog()) {
            server.keywords(keywords).account(credentials.user(), secret);
            // The session trusts the TLS summary; the handshake is tested in another package.
            SecuredSocket plain = SecuredSocket.plain(server.connect());
            SecuredSocket verified =
                    new SecuredSocket(plain.raw(), plain.socket(), new TlsSummary(TlsSummary.Level.VERIFIED, "as if"));
            Deadline deadline = Deadline.after(Duration.ofSeconds(30));
            SmtpSession.Opening opening = TestSessions.open(
                    verified,
                    SmtpSettings.defaults(HostName.parse("client.test")),
                    watchdog,
                    DialogueLog.NONE,
                    deadline);
            try (SmtpSession session = ((SmtpSession.Opened) opening).session()) {
                return session.authenticate(credentials, deadline);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5"})
    void RELAY_04_eachMechanismAuthenticatesAtAServer(String mechanism) throws Exception {
        assertThat(authenticate(by(mechanism), "secret", "AUTH " + mechanism)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5"})
    void RELAY_04_aWrongSecretIsRefusedByTheServer(String mechanism) throws Exception {
        SmtpFailure failure =
                authenticate(by(mechanism), "another", "AUTH " + mechanism).orElseThrow();
        assertThat(failure.stage()).isEqualTo(Stage.AUTH);
        assertThat(failure.outcome().serverReply().orElseThrow().code()).isEqualTo(535);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN LOGIN SCRAM-SHA-256, AUTH SCRAM-SHA-256", "LOGIN PLAIN, AUTH PLAIN", "LOGIN GSSAPI, AUTH LOGIN"})
    void auth_theBestOfferedMechanismIsUsed(String offered, String begins) throws Exception {
        assertThat(said(dialogue(ME, offered.split(" ")))).startsWith(begins);
    }

    @Test
    void auth_noMechanismInCommonIsATemporaryFailure() throws Exception {
        assertThat(with(ME, List.of("GSSAPI", "NTLM"))).isEmpty();
        assertThat(with(by("NO-SUCH"), List.of("NO-SUCH"))).isEmpty();
        assertThat(AuthDialogue.noMechanism(List.of("NTLM")).outcome().describe())
                .contains("4.7.8")
                .contains("NTLM");
    }

    @Test
    void auth_secretsAreNotShown() throws Exception {
        for (String mechanism : List.of("PLAIN", "XOAUTH2", "SCRAM-SHA-256")) {
            AuthDialogue dialogue = dialogue(by(mechanism), mechanism);
            assertThat(((SmtpDialogue.Send) dialogue.next()).group().get(0).shown())
                    .isEqualTo("AUTH " + mechanism + " ***");
        }
    }

    @Test
    void auth_aNameWithCommaAndEqualsIsEscapedInOauthbearer() throws Exception {
        Credentials odd = new Credentials("a=b,c", "token").withMechanism("OAUTHBEARER");
        String initial = said(dialogue(odd, "OAUTHBEARER")).substring("AUTH OAUTHBEARER ".length());
        assertThat(decoded(initial)).isEqualTo("n,a=a=3Db=2Cc,\1auth=Bearer token\1\1");
    }

    @ParameterizedTest
    @CsvSource({"XOAUTH2, ''", "OAUTHBEARER, AQ=="})
    void auth_theErrorReportOfABearerMechanismIsAcknowledged(String mechanism, String answer) throws Exception {
        AuthDialogue dialogue = dialogue(by(mechanism), mechanism);
        dialogue.reply(challenge("{\"status\":\"401\"}"));
        assertThat(said(dialogue)).isEqualTo(answer);
        dialogue.reply(new Reply(535, List.of("5.7.8 expired")));
        assertThat(dialogue.failure().orElseThrow().outcome()).isInstanceOf(Outcome.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, 0", "LOGIN, 2"})
    void auth_anUnexpectedChallengeIsCancelled(String mechanism, int expected) throws Exception {
        AuthDialogue dialogue = dialogue(by(mechanism), mechanism);
        for (int i = 0; i <= expected; i++) {
            assertThat(said(dialogue)).isNotEqualTo("*");
            dialogue.reply(challenge("more"));
        }
        assertThat(said(dialogue)).isEqualTo("*");
        dialogue.reply(new Reply(235, List.of("come in")));
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("cancelled");
        assertThat(dialogue.isBroken()).isTrue();
    }

    @Test
    void auth_theNumberOfChallengesHasALimit() throws Exception {
        AuthDialogue dialogue = dialogue(by("XOAUTH2"), "XOAUTH2");
        for (int i = 0; i < AuthDialogue.MAX_CHALLENGES; i++) {
            dialogue.reply(challenge("again"));
            assertThat(said(dialogue)).isEmpty();
        }
        dialogue.reply(challenge("again"));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "XOAUTH2", "OAUTHBEARER"})
    void auth_anInitialResponseTooLongForACommandIsOurFailure(String mechanism) {
        Credentials tooLong = new Credentials("me", "x".repeat(10_000)).withMechanism(mechanism);
        assertThatThrownBy(() -> dialogue(tooLong, mechanism))
                .isInstanceOf(SaslException.class)
                .hasMessageContaining("AUTH " + mechanism + " ***")
                .hasMessageContaining("longer than 12288 octets");
    }

    @Test
    void auth_aResponseTooLongForACommandCancelsTheExchange() throws Exception {
        Credentials tooLong = new Credentials("me", "x".repeat(10_000)).withMechanism("LOGIN");
        AuthDialogue dialogue = dialogue(tooLong, "LOGIN");
        dialogue.reply(challenge("Username:"));
        dialogue.reply(challenge("Password:"));
        assertThat(said(dialogue)).isEqualTo("*");
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("longer than 12288 octets");
    }

    @ParameterizedTest
    @CsvSource({"421, true", "454, false", "535, false"})
    void auth_aRefusalEndsTheConnectionOnlyIfTheServerClosesIt(int code, boolean broken) throws Exception {
        AuthDialogue dialogue = dialogue(by("PLAIN"), "PLAIN");
        dialogue.reply(new Reply(code, List.of("no")));
        assertThat(dialogue.isBroken()).isEqualTo(broken);
    }

    @Test
    void auth_aServerThatGoesOnAfterTheCancellationIsLeft() throws Exception {
        AuthDialogue dialogue = dialogue(by("PLAIN"), "PLAIN");
        dialogue.reply(challenge("more"));
        assertThat(said(dialogue)).isEqualTo("*");
        dialogue.reply(challenge("even more"));
        assertThat(dialogue.next()).isInstanceOf(SmtpDialogue.Done.class);
        assertThat(dialogue.isBroken()).isTrue();
    }

    /** SCRAM never sends the password, but a relay may know it. */
    @Test
    void auth_aPasswordThatWasNotSentIsRedactedToo() throws Exception {
        Secrets secrets = new Secrets();
        Credentials credentials = new Credentials("me", "hunter2secret");
        AuthDialogue.with(credentials, List.of("SCRAM-SHA-256"), secrets, Deadline.after(Duration.ofMinutes(1)));
        assertThat(secrets.redact("5.7.8 wrong: hunter2secret")).isEqualTo("5.7.8 wrong: ***");
    }

    @Test
    void auth_aChallengeThatIsNotBase64IsCancelled() throws Exception {
        AuthDialogue dialogue = dialogue(by("LOGIN"), "LOGIN");
        dialogue.reply(new Reply(334, List.of("what?!")));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOGIN", "CRAM-MD5"})
    void auth_aServerThatAcceptsBeforeTheSecretWasSentIsRefused(String mechanism) throws Exception {
        AuthDialogue dialogue = dialogue(by(mechanism), mechanism);
        dialogue.reply(new Reply(235, List.of("come in")));
        assertThat(dialogue.failure().orElseThrow().outcome()).isInstanceOf(Outcome.HostUnsuitable.class);
        assertThat(dialogue.isBroken()).isTrue();
    }

    @Test
    void auth_aServerWithoutScramSignatureIsRefused() throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        dialogue.reply(new Reply(235, List.of("come in")));
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("proved");
        assertThat(dialogue.isBroken()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4095, *", "1000001, *", "0, *"})
    void auth_scramIterationsHaveLimits(int iterations, String answer) throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        String first = decoded(said(dialogue).substring("AUTH SCRAM-SHA-256 ".length()));
        String nonce = first.substring(first.indexOf(",r=") + 3);
        dialogue.reply(challenge("r=" + nonce + "x,s=c2FsdA==,i=" + iterations));
        assertThat(said(dialogue)).isEqualTo(answer);
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("4096 to 1000000");
    }

    @Test
    void auth_aForeignNonceIsRefused() throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        dialogue.reply(challenge("r=somebodyelse,s=c2FsdA==,i=4096"));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    @Test
    void auth_aWrongServerSignatureIsRefused() throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        String first = decoded(said(dialogue).substring("AUTH SCRAM-SHA-256 ".length()));
        String nonce = first.substring(first.indexOf(",r=") + 3);
        dialogue.reply(challenge("r=" + nonce + "x,s=c2FsdA==,i=4096"));
        assertThat(decoded(said(dialogue))).contains(",p=");
        dialogue.reply(challenge("v=" + Base64.getEncoder().encodeToString(new byte[32])));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    private static String scramNonce(AuthDialogue dialogue) {
        String first = decoded(said(dialogue).substring("AUTH SCRAM-SHA-256 ".length()));
        return first.substring(first.indexOf(",r=") + 3);
    }

    /** Only the grammar of RFC 5802 §7 is accepted: no sign, no leading zero, no non-ASCII digits, no repeated attribute. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "r=%sx,s=c2FsdA==,i=+1,i=4096",
                "r=%sx,s=c2FsdA==,i=+4096",
                "r=%sx,s=c2FsdA==,i=-4096",
                "r=%sx,s=c2FsdA==,i=+2147483647,i=4096",
                "r=%sx,s=c2FsdA==,i=0000020000000,i=4096",
                "r=%sx,s=c2FsdA==,i=04096",
                "r=%sx,s=c2FsdA==,i=4096 ",
                "r=%sx,s=c2FsdA==,i= 4096",
                "r=%sx,s=c2FsdA==,i=4_096",
                "r=%sx,s=c2FsdA==,i=0x1000",
                "r=%sx,s=c2FsdA==,i=\u0664\u0660\u0669\u0666",
                "r=%sx,s=c2FsdA==,i=\uff14\uff10\uff19\uff16",
                "r=%sx,s=c2FsdA==,i=99999999999999999999",
                "r=%sx,s=c2FsdA==,i=8589938688", // 4096 modulo 2^32
                "r=%sx,s=c2FsdA==,i=",
                "r=%sx,s=c2FsdA==,I=4096",
                "r=%sx,s=c2FsdA==",
                "r=%sx,i=4096,s=c2FsdA==",
                "s=c2FsdA==,r=%sx,i=4096",
                "r=%sx,r=%<sx,s=c2FsdA==,i=4096",
                "r=%sx,s=c2FsdA==,s=c2FsdA==,i=4096",
                "m=x,r=%sx,s=c2FsdA==,i=4096",
                "r=%sx,s=,i=4096",
                "r=%sx,s=c2FsdA,i=4096",
                "r=%sx,s=c2F*dA==,i=4096",
                "r=%sx,s=c2FsdA==,i=4096,",
                "r=%sx,s=c2FsdA==,i=4096,x",
                "r=%sx,s=c2FsdA==,i=4096,x=",
                "r=%s\u00e9,s=c2FsdA==,i=4096",
                "r=%sx,s=c2FsdA==,i=4096\n",
                " r=%sx,s=c2FsdA==,i=4096",
                "e=other-error",
                ""
            })
    void auth_aMalformedScramChallengeIsCancelled(String form) throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        dialogue.reply(challenge(form.formatted(scramNonce(dialogue))));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",x=y", ",i=+1,i=1", ",x=a=b,Y=\u00e9"})
    void auth_extensionsOfScramAreIgnored(String extensions) throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        dialogue.reply(challenge("r=" + scramNonce(dialogue) + "x,s=c2FsdA==,i=4096" + extensions));
        assertThat(decoded(said(dialogue))).startsWith("c=biws,r=").contains(",p=");
    }

    @Test
    void auth_scramIterationsEndAtTheDeadline() throws Exception {
        Deadline passed = Deadline.after(Duration.ZERO);
        AuthDialogue dialogue = AuthDialogue.with(by("SCRAM-SHA-256"), List.of("SCRAM-SHA-256"), new Secrets(), passed)
                .orElseThrow();
        dialogue.reply(challenge("r=" + scramNonce(dialogue) + "x,s=c2FsdA==,i=1000000"));
        assertThat(said(dialogue)).isEqualTo("*");
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("ran out after 1024 of 1000000");
        dialogue.lost("the server did not accept our data in time");
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("ran out after 1024 of 1000000");
    }

    @Test
    void auth_scramIterationsEndWithAnInterrupt() throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        Thread.currentThread().interrupt();
        dialogue.reply(challenge("r=" + scramNonce(dialogue) + "x,s=c2FsdA==,i=1000000"));
        assertThat(Thread.interrupted()).isTrue();
        assertThat(said(dialogue)).isEqualTo("*");
    }

    /** The example of RFC 7677 §3. */
    @Test
    void auth_scramSendsTheMessagesOfTheRfcExample() throws Exception {
        ScramExchange exchange = new ScramExchange(
                new Credentials("user", "pencil"), Deadline.after(Duration.ofMinutes(1)), "rOprNGfwEbeRWgbNEkqO");
        assertThat(text(exchange.initial().orElseThrow())).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        String serverFirst = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
        assertThat(text(exchange.answer(serverFirst.getBytes(StandardCharsets.UTF_8))))
                .isEqualTo("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
        assertThat(exchange.isComplete()).isFalse();
        String serverFinal = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
        assertThat(exchange.answer(serverFinal.getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(exchange.isComplete()).isTrue();
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"e=invalid-proof", "v=", "v=AAAA", "v=****", "x=y", ""})
    void auth_aMalformedServerSignatureIsRefused(String serverFinal) throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        dialogue.reply(challenge("r=" + scramNonce(dialogue) + "x,s=c2FsdA==,i=4096"));
        dialogue.reply(challenge(serverFinal));
        assertThat(said(dialogue)).isEqualTo("*");
        dialogue.reply(new Reply(235, List.of("come in")));
        assertThat(dialogue.failure()).isPresent();
    }

    /** A challenge that repeats what we sent is evaluated unredacted, but never quoted. */
    @Test
    void auth_aChallengeMayRepeatOurResponse() throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        Reply challenge = challenge("r=" + scramNonce(dialogue) + "x,s=c2FsdA==,i=4096");
        dialogue.reply(new Reply(334, List.of("***")), challenge);
        assertThat(decoded(said(dialogue))).contains(",p=");
        String refused = "e=" + decoded(said(dialogue)).replaceAll(".*,p=", "");
        dialogue.reply(challenge(refused), challenge(refused));
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).endsWith("SCRAM-SHA-256: \"***\"");
    }
}
