// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Family;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.TrustAnchors;
import org.postroad.provider.internal.tls.StartTls;

/** How properties are read: with the rules of Jakarta Mail, and with errors that name the offender. */
class SettingsTest {

    private static Properties properties(String name, Object value) {
        Properties properties = new Properties();
        properties.put("mail.mx." + name, value);
        return properties;
    }

    @ParameterizedTest
    @CsvSource({"30000, 30000", "1, 1", "30s, 30000", "5m, 300000", "4h, 14400000", "30d, 2592000000", "250ms, 250"})
    void config_durations(String text, long millis) {
        assertThat(Settings.read(properties("timeout", text)).wire().replyTimeout())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "31d", "2592000001", "5 m", "1w", "999999999999999d", "0x10"})
    void config_otherDurationsAreErrorsThatNameThem(String text) {
        assertThatThrownBy(() -> Settings.read(properties("timeout", text)))
                .hasMessageContaining("mail.mx.timeout")
                .hasMessageContaining(text)
                .hasMessageContaining("at most 30d");
    }

    /** RFC 5321 §4.5.3.2.6. */
    @Test
    void config_theReplyToTheEndOfDataHasATimeoutOfItsOwn() {
        assertThat(Settings.read(properties("timeout", "7s")).wire().finalReplyTimeout())
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(Settings.read(properties("finaltimeout", "7s")).wire())
                .extracting(Settings.Wire::finalReplyTimeout, Settings.Wire::replyTimeout)
                .containsExactly(Duration.ofSeconds(7), Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "2s, 2000", "'', 250"})
    void config_theAttemptDelay(String text, long millis) {
        assertThat(Settings.read(properties("attemptdelay", text)).connect().attemptDelay())
                .contains(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"off", "OFF"})
    void config_withoutAttemptDelayNothingOverlaps(String text) {
        assertThat(Settings.read(properties("attemptdelay", text)).connect().attemptDelay())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "2001", "0", "never"})
    void config_otherAttemptDelaysAreErrorsThatNameThem(String text) {
        assertThatThrownBy(() -> Settings.read(properties("attemptdelay", text)))
                .hasMessageContaining("mail.mx.attemptdelay")
                .hasMessageContaining(text)
                .hasMessageContaining("from 10 to 2000 (milliseconds, or 1s, 2s), or off");
    }

    @Test
    void config_objectsAreHeeded() {
        assertThat(Settings.read(properties("timeout", 1234)).wire().replyTimeout())
                .isEqualTo(Duration.ofMillis(1234));
        assertThat(Settings.read(properties("sendpartial", false)).sending().partial())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"false, false", "FALSE, false", "no, true", "true, true", "'', true"})
    void config_whereTheDefaultIsTrueOnlyFalseIsFalse(String text, boolean partial) {
        assertThat(Settings.read(properties("sendpartial", text)).sending().partial())
                .isEqualTo(partial);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "yes, false", "'', false"})
    void config_whereTheDefaultIsFalseOnlyTrueIsTrue(String text, boolean reported) {
        assertThat(Settings.read(properties("reportsuccess", text)).sending().reportSuccess())
                .isEqualTo(reported);
    }

    @Test
    void config_defaultsOfThePropertiesCount() {
        Properties chained = new Properties(properties("remoteport", "2525"));
        assertThat(Settings.read(chained).routes().port()).isEqualTo(2525);
        assertThat(Settings.fingerprint(chained)).containsEntry("mail.mx.remoteport", "2525");
    }

    @ParameterizedTest
    @CsvSource({"true, true, REQUIRED", "false, true, OPPORTUNISTIC", "false, false, DISABLED", "true, false, REQUIRED"
    })
    void config_requiredStarttlsIsEnabled(String required, String enabled, StartTls expected) {
        Properties properties = properties("starttls.required", required);
        properties.setProperty("mail.mx.starttls.enable", enabled);
        assertThat(Settings.read(properties).trust().startTls()).isEqualTo(expected);
    }

    @Test
    void RELAY_01_aRelayOfOneFamilyReplacesTheOneOfBoth() {
        Properties properties = properties("relay", "smtp://both.test, smtp://more.test");
        properties.setProperty("mail.mx.relay.ipv6", "smtp://six.test");
        Settings settings = Settings.read(properties);
        assertThat(settings.relays().get(Family.IPV4)).hasSize(2);
        assertThat(settings.relays().get(Family.IPV6))
                .singleElement()
                .satisfies(relay -> assertThat(relay.host()).hasToString("six.test"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"smtp://u:tops3cret@a..b", "smtp://u:tops3cret,x@relay.test", "smtps://u:tops3cret x@h.test"})
    void RELAY_04_anUnreadableRelayShowsNoPassword(String url) {
        assertThatThrownBy(() -> Settings.read(properties("relay", url))).satisfies(error -> {
            assertThat(error).hasMessageContaining("mail.mx.relay");
            for (Throwable e = error; e != null; e = e.getCause()) {
                assertThat(e.toString()).doesNotContain("tops3cret");
            }
        });
    }

    @Test
    void config_plugInsAreInNoFingerprint() {
        assertThat(Settings.fingerprint(properties("listener", new Object()))).isEmpty();
        assertThat(Settings.fingerprint(properties("timeout", 5))).containsEntry("mail.mx.timeout", 5);
    }

    @Test
    void config_anObjectOfAnotherTypeIsNamed() {
        assertThatThrownBy(() -> Settings.plugins(properties("listener", new Object())))
                .hasMessageContaining("mail.mx.listener")
                .hasMessageContaining("java.lang.Object");
    }

    @ParameterizedTest
    @CsvSource({"timeuot, timeout", "conectiontimeout, connectiontimeout", "relay.ip6, relay.ipv6", "familes, families"
    })
    void config_theNearestKnownNameIsTheOneMeant(String written, String meant) {
        assertThat(Nearest.to(written, Settings.NAMES)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:5353", "[::1]:53", "::1", "127.0.0.1"})
    void config_nameServers(String text) {
        assertThat(Settings.read(properties("dns.servers", text)).dns().servers())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ns.example.org", "127.0.0.1:x", "127.0.0.1:70000"})
    void config_otherNameServersAreErrorsThatNameThem(String text) {
        assertThatThrownBy(() -> Settings.read(properties("dns.servers", text)))
                .hasMessageContaining("mail.mx.dns.servers");
    }

    @Test
    void config_dnssecIsValidatedWhereThatIsSaid() {
        assertThat(Settings.read(new Properties()).dns().anchors()).isEmpty();
        assertThat(Settings.read(properties("dns.validate", "false")).dns().anchors())
                .isEmpty();
        assertThat(Settings.read(properties("dns.validate", "true")).dns().anchors())
                .contains(TrustAnchors.shipped());
    }

    @Test
    void config_trustAnchorsAreThoseOfTheFile(@TempDir Path directory) throws IOException {
        String anchor = ". IN DS 1 13 2 " + "0F".repeat(32);
        Path file = Files.writeString(directory.resolve("anchors"), anchor);
        Properties properties = properties("dns.trustanchors", file.toString());
        assertThat(Settings.read(properties).dns().anchors()).isEmpty();
        properties.setProperty("mail.mx.dns.validate", "true");
        assertThat(Settings.read(properties).dns().anchors()).contains(TrustAnchors.parse(anchor));
    }

    @Test
    void config_trustAnchorsThatAreNoneAreErrorsThatNameTheFile(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path other = Files.writeString(directory.resolve("other"), "example. IN DS 1 13 2 00");
        for (Path file : List.of(missing, other)) {
            assertThatThrownBy(() -> Settings.read(properties("dns.trustanchors", file.toString())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("mail.mx.dns.trustanchors")
                    .hasMessageContaining(file.getFileName().toString())
                    .hasMessageContaining("DS or DNSKEY records");
        }
    }

    @Test
    void config_policiesAreKeptInTheDirectoryThatIsNamed(@TempDir Path directory) {
        Properties properties = properties("mtasts.directory", directory.toString());
        assertThat(Settings.read(properties).trust().policies()).contains(directory);
        assertThat(Settings.read(new Properties()).trust().policies()).isEmpty();
    }

    @Test
    void config_aDirectoryOfPoliciesThatIsNoneIsAnErrorThatNamesIt(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path file = Files.createFile(directory.resolve("file"));
        for (String none : List.of(missing.toString(), file.toString(), "nul\0")) {
            assertThatThrownBy(() -> Settings.read(properties("mtasts.directory", none)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "The property mail.mx.mtasts.directory has the value \"" + Printable.clean(none)
                                    + "\"; allowed is a directory that is there and can be written to: ");
        }
    }
}
