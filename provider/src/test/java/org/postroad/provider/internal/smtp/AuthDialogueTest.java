// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
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

/** AUTH: each mechanism with a server that knows it, and each way in which the exchange can go wrong. */
class AuthDialogueTest {

    private static final Credentials ME = new Credentials("me", "secret", Optional.empty());

    private static Credentials by(String mechanism) {
        return new Credentials("me", "secret", Optional.of(mechanism));
    }

    private static AuthDialogue dialogue(Credentials credentials, String... offered) throws Exception {
        return AuthDialogue.with(credentials, List.of(offered)).orElseThrow();
    }

    private static String said(AuthDialogue dialogue) {
        return ((SmtpDialogue.Send) dialogue.next()).flight().get(0).line();
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
            // What the summary says is trusted; the handshake is another room's.
            SecuredSocket plain = SecuredSocket.plain(server.connect());
            SecuredSocket verified =
                    new SecuredSocket(plain.raw(), plain.socket(), new TlsSummary(TlsSummary.Level.VERIFIED, "as if"));
            Deadline deadline = Deadline.after(Duration.ofSeconds(30));
            Opening opening = SmtpSession.open(
                    verified,
                    SmtpSettings.defaults(HostName.parse("client.test")),
                    watchdog,
                    DialogueLog.NONE,
                    deadline);
            try (SmtpSession session = ((Opening.Opened) opening).session()) {
                return session.authenticate(credentials, deadline);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAIN", "LOGIN", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "CRAM-MD5"})
    void RELAY_04_eachMechanismConvincesAServerThatKnowsUs(String mechanism) throws Exception {
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
    void auth_theBestOfThoseOfferedIsTaken(String offered, String begins) throws Exception {
        assertThat(said(dialogue(ME, offered.split(" ")))).startsWith(begins);
    }

    @Test
    void auth_noMechanismInCommonIsSoft() throws Exception {
        assertThat(AuthDialogue.with(ME, List.of("GSSAPI", "NTLM"))).isEmpty();
        assertThat(AuthDialogue.with(by("NO-SUCH"), List.of("NO-SUCH"))).isEmpty();
        assertThat(AuthDialogue.noMechanism(List.of("NTLM")).outcome().describe())
                .contains("4.7.8")
                .contains("NTLM");
    }

    @Test
    void auth_secretsAreNotShown() throws Exception {
        for (String mechanism : List.of("PLAIN", "XOAUTH2", "SCRAM-SHA-256")) {
            AuthDialogue dialogue = dialogue(by(mechanism), mechanism);
            assertThat(((SmtpDialogue.Send) dialogue.next()).flight().get(0).shown())
                    .isEqualTo("AUTH " + mechanism + " ***");
        }
    }

    @Test
    void auth_aNameWithCommaAndEqualsIsEscapedInOauthbearer() throws Exception {
        Credentials odd = new Credentials("a=b,c", "token", Optional.of("OAUTHBEARER"));
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
    void auth_aChallengeTooManyIsCancelled(String mechanism, int expected) throws Exception {
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
    void auth_challengesAreBounded() throws Exception {
        AuthDialogue dialogue = dialogue(by("XOAUTH2"), "XOAUTH2");
        for (int i = 0; i < AuthDialogue.MAX_CHALLENGES; i++) {
            dialogue.reply(challenge("again"));
            assertThat(said(dialogue)).isEmpty();
        }
        dialogue.reply(challenge("again"));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    @Test
    void auth_aChallengeThatIsNotBase64IsCancelled() throws Exception {
        AuthDialogue dialogue = dialogue(by("LOGIN"), "LOGIN");
        dialogue.reply(new Reply(334, List.of("what?!")));
        assertThat(said(dialogue)).isEqualTo("*");
    }

    @Test
    void auth_aServerThatDoesNotProveItselfIsNotBelieved() throws Exception {
        AuthDialogue dialogue = dialogue(by("SCRAM-SHA-256"), "SCRAM-SHA-256");
        dialogue.reply(new Reply(235, List.of("come in")));
        assertThat(dialogue.failure().orElseThrow().outcome().describe()).contains("proved");
        assertThat(dialogue.isBroken()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"4095, *", "1000001, *", "0, *"})
    void auth_scramIterationsAreBounded(int iterations, String answer) throws Exception {
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
}
