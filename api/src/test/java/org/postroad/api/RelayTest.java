// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of relays: parsing, and that no error message or text shows a password. */
class RelayTest {

    @ParameterizedTest
    @CsvSource({
        "smtp://relay.test, relay.test, 25, OPPORTUNISTIC",
        "smtp://relay.test:587/, relay.test, 587, OPPORTUNISTIC",
        "SMTPS://relay.test, relay.test, 465, IMPLICIT",
        "smtp://relay.test;starttls=never, relay.test, 25, NEVER",
        "smtp://relay.test;starttls=REQUIRED, relay.test, 25, REQUIRED",
        "smtp://u:p@relay.test:587, relay.test, 587, REQUIRED",
        "smtps://u:p@relay.test;auth=login, relay.test, 465, IMPLICIT"
    })
    void RELAY_01_isReadFromItsUrl(String url, String host, int port, Relay.Tls tls) {
        Relay relay = Relay.parse(url);
        assertThat(relay.host()).hasToString(host);
        assertThat(relay.port()).isEqualTo(port);
        assertThat(relay.tls()).isEqualTo(tls);
    }

    @Test
    void RELAY_01_addressesAreInBrackets() {
        assertThat(Relay.parse("smtp://[2001:db8::1]:587").host()).isEqualTo(IpAddress.parse("2001:db8::1"));
        assertThat(Relay.parse("smtp://[192.0.2.1]").host()).isEqualTo(IpAddress.parse("192.0.2.1"));
    }

    @Test
    void RELAY_04_credentialsArePercentDecoded() {
        Credentials credentials = Relay.parse("smtp://me%40example.org:a%2Cb+c%3B@relay.test;auth=plain")
                .credentials()
                .orElseThrow();
        assertThat(credentials).isEqualTo(new Credentials("me@example.org", "a,b+c;").withMechanism("plain"));
    }

    /** Latin-1, an incomplete UTF-8 sequence, half a surrogate pair: invalid text would be sent as a different password. */
    @ParameterizedTest
    @ValueSource(strings = {"u:p%e9tops3cret", "u%e9:tops3cret", "u:tops3cret%c3", "u:tops3cret\ud800"})
    void RELAY_04_credentialsAreUtf8(String userAndPassword) {
        assertThatThrownBy(() -> Relay.parse("smtps://" + userAndPassword + "@relay.test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not percent-encoded UTF-8")
                .message()
                .doesNotContain("tops3cret");
        assertThat(Relay.parse("smtps://u:p%c3%a9@relay.test")
                        .credentials()
                        .orElseThrow()
                        .secret())
                .isEqualTo("p\u00e9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp://relay.test;fingerprint=", "smtps://relay.test;fingerprint="})
    void RELAY_04_aCertificateCanBePinned(String url) {
        String digits = "0123456789abcdef".repeat(4);
        String withColons = "01:23:45:67:89:AB:CD:EF:".repeat(4).replaceFirst(":$", "");
        for (String value : new String[] {digits, withColons}) {
            Relay relay = Relay.parse(url + value);
            assertThat(relay.fingerprint()).contains(digits);
            assertThat(relay.tls().isVerified()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"smtp://u:tops3cret@relay.test;starttls=never", "smtp://u:tops3cret@h;starttls=opportunistic"})
    void RELAY_04_credentialsNeedVerifiedTls(String url) {
        assertThatThrownBy(() -> Relay.parse(url))
                .hasMessageContaining("verified")
                .message()
                .doesNotContain("tops3cret");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            relay.test                                 | no scheme
            ftp://u:tops3cret@relay.test               | unknown scheme
            smtp://u:tops3cret@relay.test:0            | 65535
            smtp://u:tops3cret@relay.test:x            | port
            smtp://relay.test:65536                    | 65535
            smtp://relay.test:+25                      | port
            smtp://relay.test:\u0662\u0665           | port
            smtp://relay.test:                         | port
            smtp://                                    | empty
            smtp://[::1                                | port
            smtp://[::1]x                              | literal
            smtp://u:@relay.test                       | empty
            smtp://u:p@relay.test;auth=                | SASL mechanism
            smtp://u:p@relay.test;auth=a b             | SASL mechanism
            smtp://u:p@relay.test;auth=abcdefghijklmnopqrstu | SASL mechanism
            smtp://relay.test;                         | unknown option
            smtp://u:tops3cret                         | port
            smtp://tops3cret@relay.test                | no password
            smtp://u:tops3cret%zz@relay.test           | percent-encoded
            smtp://:tops3cret@relay.test               | empty
            smtp://u:tops3cret@a..b                    | a..b
            smtp://u:tops3cret@relay.test;colour=blue  | unknown option
            smtp://u:tops3cret@relay.test;starttls=no  | opportunistic
            smtps://u:tops3cret@relay.test;starttls=required | smtp:// only
            smtp://relay.test;fingerprint=             | 64 hexadecimal digits
            smtp://relay.test;fingerprint=abcd         | 64 hexadecimal digits
            smtp://relay.test;starttls=never;fingerprint=0000000000000000000000000000000000000000000000000000000000000000 | verified TLS
            """)
    void RELAY_01_anInvalidPartIsNamed(String url, String complaint) {
        assertThatThrownBy(() -> Relay.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://u:tops3cret@relay.test",
                "smtp://u:tops3cret@relay.test:x",
                "smtp://u:tops3cret",
                "smtp://u:tops3cret%zz@relay.test",
                "smtp://u:tops3cret@relay.test;colour=blue",
                "smtp://u:tops3cret@relay.test;auth=a@b",
                "smtps://[u:tops3cret]:x@relay.test;colour=blue",
                "smtp://u:1;tops3cret@relay.test",
                "smtp://u:1;starttls=tops3cret@relay.test",
                "smtp://u:x;tops3cret",
                "smtp://u:x;starttls=tops3cret",
                "smtp://u:x;fingerprint=tops3cret",
                "tops3cret@relay.test:587",
                "u:tops3cret@relay.test"
            })
    void RELAY_04_noErrorShowsThePassword(String url) {
        assertThatThrownBy(() -> Relay.parse(url)).satisfies(error -> {
            for (Throwable e = error; e != null; e = e.getCause()) {
                assertThat(e.toString()).doesNotContain("tops3cret");
            }
        });
    }

    /** If an unencoded comma ends the URL too early, a password of digits looks like a port. */
    @ParameterizedTest
    @ValueSource(strings = {"smtp://u:70007007", "smtp://u:70007", "smtp://u:70007;x", "smtp://u:70007@h:0"})
    void RELAY_04_noErrorShowsAPasswordOfDigits(String url) {
        assertThatThrownBy(() -> Relay.parse(url)).message().doesNotContain("70007");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://relay.test:587;colour=blue, smtp://relay.test:587;colour=blue",
        "smtp://[2001:db8::1]:587;colour=blue, smtp://[2001:db8::1]:587;colour=blue",
        "smtp://u:p@relay.test;colour=blue, smtp://u:***@relay.test;colour=blue",
        "smtp://relay.test;colour=blue, smtp://relay.test;colour=blue"
    })
    void RELAY_01_anErrorShowsTheUrlWithoutThePassword(String url, String shown) {
        assertThatThrownBy(() -> Relay.parse(url)).hasMessageContaining('"' + shown + '"');
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 65534, 65535})
    void RELAY_01_portsGoFrom1To65535(int port) {
        assertThat(Relay.parse("smtp://relay.test:" + port).port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65536})
    void RELAY_01_aPortOutsideTheRangeIsRefused(int port) {
        Host host = HostName.parse("relay.test");
        assertThatThrownBy(() -> Relay.of(host, port, Relay.Tls.NEVER)).hasMessageContaining("65535");
        assertThatThrownBy(() -> new RemoteMta(RemoteMta.Role.RELAY, host, IpAddress.parse("192.0.2.1"), port))
                .hasMessageContaining("65535");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://relay.test, smtp://relay.test:25",
        "smtps://u:p@[::1], smtps://u:***@[::1]:465",
        "smtp://u%0d%0a:p@relay.test, smtp://u\\u000d\\u000a:***@relay.test:25"
    })
    void RELAY_04_itsTextIsOneSafeLine(String url, String text) {
        assertThat(Relay.parse(url)).hasToString(text);
    }

    @Test
    void RELAY_04_userAndSecretMustNotBeEmpty() {
        assertThatThrownBy(() -> new Credentials("", "s")).hasMessageContaining("user");
        assertThatThrownBy(() -> new Credentials("u", "")).hasMessageContaining("secret");
    }

    @Test
    void RELAY_04_noTextShowsThePassword() {
        assertThat(Relay.parse("smtp://u:tops3cret@relay.test").toString()).doesNotContain("tops3cret");
        assertThat(new Credentials("u", "tops3cret").toString()).doesNotContain("tops3cret");
    }
}
