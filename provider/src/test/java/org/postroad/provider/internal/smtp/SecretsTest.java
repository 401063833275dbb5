// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Credentials;
import org.postroad.api.Reply;

/** Tests the removal of secrets from a server's replies. */
class SecretsTest {

    private static final String PASSWORD = "hunter2secret";
    private static final String PLAIN = base64("\0alice\0" + PASSWORD);

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static Secrets of(String user, String password, String... responses) {
        Secrets secrets = new Secrets();
        secrets.add(new Credentials(user, password));
        for (String response : responses) {
            secrets.add(response.getBytes(UTF_8));
        }
        return secrets;
    }

    private static Secrets plain() {
        return of("alice", PASSWORD, "\0alice\0" + PASSWORD);
    }

    @Test
    void auth_textWithoutSecretsIsNotChanged() {
        Reply reply = new Reply(500, List.of("AUTH PLAIN " + PLAIN, PASSWORD));
        assertThat(new Secrets().redact(reply)).isSameAs(reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5.5.1 Command unrecognized: \"AUTH PLAIN %s\"",
                "%s",
                "bad argument <%s>, sorry",
                "AUTH=%s",
                "see https://relay.test/?q=%s&x=1"
            })
    void auth_sentSecretsAreRedacted(String text) {
        assertThat(plain().redact(text.formatted(PLAIN))).isEqualTo(text.formatted("***"));
    }

    /** Every prefix and every suffix. */
    @Test
    void auth_aPartOfTheBase64IsRedacted() {
        for (int i = Secrets.MIN_WORD; i <= PLAIN.length(); i++) {
            assertThat(plain().redact("500 \"" + PLAIN.substring(0, i) + "...\" what?"))
                    .isEqualTo("500 \"***...\" what?");
            assertThat(plain().redact("what is " + PLAIN.substring(PLAIN.length() - i) + "?"))
                    .isEqualTo("what is ***?");
        }
    }

    @Test
    void auth_groupsOfBase64AreRedacted() {
        assertThat(plain().redact(PLAIN.replaceAll("(.{4})", "$1 ").strip())).matches("(\\*\\*\\* ?)+");
        assertThat(plain().redact(PLAIN.replaceAll("(.{5})", "$1 ").strip())).doesNotContain("AGFs", "bnRl", "Y3Jl");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PASSWORD,
                "x" + PASSWORD,
                "xy" + PASSWORD,
                "xyz" + PASSWORD,
                "alice:" + PASSWORD,
                "alice\0" + PASSWORD + "\0",
                "2sec",
                "{\"user\": \"alice\"}"
            })
    void auth_theSecretIsFoundInBase64OfAnyAlignment(String said) {
        String encoded = base64(said);
        assertThat(plain().redact("what is " + encoded + "?")).isEqualTo("what is ***?");
        assertThat(plain().redact("what is " + encoded.replace("=", "") + "?")).isEqualTo("what is ***?");
        String urlSafe = Base64.getUrlEncoder().encodeToString(said.getBytes(UTF_8));
        assertThat(plain().redact("what is " + urlSafe + "?")).isEqualTo("what is ***?");
    }

    @ParameterizedTest
    @CsvSource({
        "the password hunter2secret is wrong, the password *** is wrong",
        "HUNTER2SECRET, ***",
        "hunter2..., ***...",
        "'hunt...', '***...'",
        "xhunter2secretx, ***",
        "alice\\u0000hunter2s, alice\\***",
        "'hunter 2 secret', '*** 2 ***'"
    })
    void auth_theSecretAndItsPartsAreRedacted(String text, String shown) {
        assertThat(plain().redact(text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2.0.0 queued as 4Zx9kQ1mPz",
                "5.1.1 <alice@example.test>: Recipient address rejected: User unknown in virtual mailbox table",
                "5.7.8 authentication failed for alice: see https://support.example.test/?p=BadCredentials",
                "4.7.0 internal error, command unrecognized, please enter your secretary's number"
            })
    void auth_otherTextIsNotChanged(String text) {
        Secrets secrets = plain();
        String expected = text.replace("secretary", "***");
        assertThat(secrets.redact(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ab, 'ab is not able; abc', '*** is not able; abc'",
        "ab, 'YWI= and YWI', '*** and ***'",
        "abcd, xabcdx, ***",
        "abcdef, xabcdefx, ***",
        "ab, 'xab ab cab ab', 'xab *** cab ***'",
        "abcd, 'eGFiY2R4 is not YWJj', '*** is not YWJj'",
        "hunter2secret, 'aHVudGVyMnNlY3JldA== and aHVudGVyMnNlY3JldA==A', '*** and ***A'",
        "hunter2secret, 'eGh1bnRlcjJzZWNyZXQ and aHVudGVyMnNlY', '*** and ***'",
        "pass!, 'the word pass! is wrong', 'the word *** is wrong'",
        "gr\u00fc\u00dfe\u0130x, 'was gr\u00fc\u00dfe\u0130x', 'was ***'"
    })
    void auth_shortAndUnusualSecretsAreRedacted(String secret, String text, String shown) {
        assertThat(of("alice", secret).redact(text)).isEqualTo(shown);
    }

    /** No response of SCRAM contains the secret itself, but what proves it is equally sensitive. */
    @Test
    void auth_aResponseIsFoundInBase64OfAnyAlignment() {
        Secrets secrets = of("alice", PASSWORD, "n,,n=alice,r=fyko");
        assertThat(secrets.redact("what is " + base64("xn,,n=alice,r=fyko") + "?"))
                .isEqualTo("what is ***?");
        assertThat(of("alice", PASSWORD, "xyz1").redact("what is eHl6MQ?")).isEqualTo("what is ***?");
        assertThat(of("alice", PASSWORD, "xyz").redact("what is eHl6?")).isEqualTo("what is eHl6?");
        assertThat(new Secrets().redact("nothing is secret")).isEqualTo("nothing is secret");
    }

    @Test
    void auth_tokensAndComputedResponsesAreRedacted() {
        String token = "ya29.a0AfH6SMBx-Zq_7wEXAMPLE";
        Secrets bearer = of("alice", token, "user=alice\1auth=Bearer " + token + "\1\1");
        assertThat(bearer.redact("invalid_token: ya29.a0AfH6SMBx (expired)")).isEqualTo("invalid_token: *** (expired)");
        assertThat(bearer.redact("no such bearer")).isEqualTo("no such bearer");
        Secrets digest = of("alice", PASSWORD, "alice 9f2e0a3b5c7d9e1f0a2b4c6d8e0f1a3b");
        assertThat(digest.redact("wrong digest 9F2E0A3B5C7D9E1F for alice")).isEqualTo("wrong digest *** for alice");
        Secrets longName = of("averylongaccountname", PASSWORD, "\0averylongaccountname\0" + PASSWORD);
        assertThat(longName.redact("no <averylongaccountname@a.test>")).isEqualTo("no <averylongaccountname@a.test>");
    }

    @Test
    void auth_aReplyKeepsItsCodeAndItsLines() {
        Reply reply = new Reply(535, List.of("5.7.8 no", "", PASSWORD));
        assertThat(plain().redact(reply)).isEqualTo(new Reply(535, List.of("5.7.8 no", "", "***")));
        assertThat(plain()).hasToString("***");
    }
}
