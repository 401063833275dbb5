// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.connect.FamiliesSetting;
import org.postroad.provider.internal.dns.TrustAnchors;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.spi.DeliveryListener;

/** Reading properties: with the rules of Jakarta Mail, and with errors that name the property. */
class SettingsTest {

    private static Properties properties(String name, Object value) {
        Properties properties = new Properties();
        properties.put("mail.mx." + name, value);
        return properties;
    }

    @ParameterizedTest
    @CsvSource({"30000, 30000", "1, 1", "30s, 30000", "5m, 300000", "4h, 14400000", "30d, 2592000000", "250ms, 250"})
    void config_durationsHaveUnits(String text, long millis) {
        assertThat(Settings.read(properties("timeout", text)).smtp().replyTimeout())
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "31d", "2592000001", "5 m", "1w", "999999999999999d", "0x10"})
    void config_invalidDurationsAreNamed(String text) {
        assertThatThrownBy(() -> Settings.read(properties("timeout", text)))
                .hasMessageContaining("mail.mx.timeout")
                .hasMessageContaining(text)
                .hasMessageContaining("at most 30d");
    }

    @ParameterizedTest
    @CsvSource({
        "routes, *=smtp://me:tops3cret@relay.test",
        "localhost, smtp://me:tops3cret@relay.test",
        "families, smtp://me:tops3cret@relay.test",
        "timeout, smtp://me:tops3cret@relay.test",
        "dns.servers, smtp://me:tops3cret@relay.test",
        "relay, smtp://me:tops3cret@relay.test:x",
    })
    void config_aPasswordInTheWrongPlaceIsNotShown(String name, String value) {
        Properties properties = properties(name, value);
        assertThatThrownBy(() -> {
                    Settings.read(properties);
                })
                .hasMessageContaining("mail.mx." + name)
                .satisfies(e -> {
                    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString()).doesNotContain("tops3cret");
                    }
                });
    }

    /** RFC 5321 §4.5.3.2.6. */
    @Test
    void config_theReplyToTheEndOfDataHasItsOwnTimeout() {
        assertThat(Settings.read(properties("timeout", "7s")).smtp().finalReplyTimeout())
                .isEqualTo(Duration.ofMinutes(10));
        assertThat(Settings.read(properties("finaltimeout", "7s")).smtp())
                .extracting(SmtpSettings.Configured::finalReplyTimeout, SmtpSettings.Configured::replyTimeout)
                .containsExactly(Duration.ofSeconds(7), Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "2s, 2000", "'', 250"})
    void config_theAttemptDelayIsRead(String text, long millis) {
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
    void config_invalidAttemptDelaysAreNamed(String text) {
        assertThatThrownBy(() -> Settings.read(properties("attemptdelay", text)))
                .hasMessageContaining("mail.mx.attemptdelay")
                .hasMessageContaining(text)
                .hasMessageContaining("from 10 to 2000 (milliseconds, or 1s, 2s), or off");
    }

    @Test
    void config_objectsAreAllowed() {
        assertThat(Settings.read(properties("timeout", 1234)).smtp().replyTimeout())
                .isEqualTo(Duration.ofMillis(1234));
        assertThat(Settings.read(properties("sendpartial", false)).sending().partial())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "false, false",
        "FALSE, false",
        "no, false",
        "off, false",
        "0, false",
        "true, true",
        "yes, true",
        "On, true",
        "1, true",
        "'', true",
        "' no ', false"
    })
    void config_flagsOfWhichTheDefaultIsTrue(String text, boolean partial) {
        assertThat(Settings.read(properties("sendpartial", text)).sending().partial())
                .isEqualTo(partial);
    }

    @ParameterizedTest
    @CsvSource({"true, true", "yes, true", "on, true", "1, true", "no, false", "off, false", "0, false", "'', false"})
    void config_flagsWithDefaultFalseAreRead(String text, boolean reported) {
        assertThat(Settings.read(properties("reportsuccess", text)).sending().reportSuccess())
                .isEqualTo(reported);
    }

    /** A misspelt flag must not silently leave a feature off. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sendpartial",
                "reportsuccess",
                "requiretls",
                "starttls.enable",
                "starttls.required",
                "tls.fallback",
                "dane.enable",
                "mtasts.enable",
                "dns.validate",
                "dns.a6",
                "relay.fallback",
                "pipelining.enable",
                "chunking.enable",
                "queue.createschema",
                "queue.suppress"
            })
    void config_anInvalidFlagIsNamed(String name) {
        for (Object value : List.of("maybe", "ja", "2", "true,", 2, new Object(), List.of("true"))) {
            assertThatThrownBy(() -> readAll(properties(name, value)))
                    .as("%s=%s", name, value)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("mail.mx." + name)
                    .hasMessageContaining("true or false (also yes or no, on or off, 1 or 0)");
        }
        for (Object value : List.of("yes", "off", 1, 0, true, CharBuffer.wrap("no"))) {
            readAll(properties(name, value));
        }
    }

    private static void readAll(Properties properties) {
        Settings.read(properties);
        QueueReader.read(properties);
    }

    @Test
    void config_objectsWithAnObviousValueAreAccepted(@TempDir Path directory) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        Properties properties = new Properties();
        properties.put("mail.mx.timeout", Duration.ofSeconds(7));
        properties.put("mail.mx.writetimeout", 8000L);
        properties.put("mail.mx.idletimeout", Duration.ZERO);
        properties.put("mail.mx.remoteport", 2525);
        properties.put("mail.mx.mtasts.directory", directory);
        properties.put("mail.mx.dns.servers", List.of("127.0.0.1:5353", new InetSocketAddress("::1", 54), loopback));
        properties.put("mail.mx.addresses.allow", new String[] {"10.0.0.0/8", "::1/128"});
        properties.put("mail.mx.localaddress.ipv4", loopback);
        properties.put("mail.mx.localhost", HostName.parse("mail.example.org"));
        properties.put("mail.mx.from", Mailbox.parse("bounces@example.org"));
        properties.put("mail.mx.routes", List.of("a.test=[b.test]", "c.test=[d.test]:26"));
        properties.put("mail.mx.dsn.notify", List.of("SUCCESS", Notify.DELAY));
        properties.put("mail.mx.families", FamiliesSetting.IPV6);
        properties.put("mail.mx.relay", List.of("smtp://u:p,q@relay.test"));
        properties.put("mail.mx.queue.schedule", List.of(Duration.ofMinutes(1), "2m", 180_000));
        Settings settings = Settings.read(properties);
        assertThat(settings.smtp().replyTimeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.smtp().writeTimeout()).isEqualTo(Duration.ofSeconds(8));
        assertThat(settings.connections().idle()).isZero();
        assertThat(settings.routes().port()).isEqualTo(2525);
        assertThat(settings.tls().policyDirectory()).contains(directory);
        assertThat(settings.dns().servers())
                .extracting(InetSocketAddress::getPort)
                .containsExactly(5353, 54, 53);
        assertThat(settings.connect().allowed()).hasSize(2);
        assertThat(settings.connect().local().of(Family.IPV4)).hasToString("Optional[127.0.0.1]");
        assertThat(settings.identity().localHost()).contains(HostName.parse("mail.example.org"));
        assertThat(settings.identity().from()).contains("bounces@example.org");
        assertThat(settings.routes().nextHop(Domain.parse("c.test")).port()).isEqualTo(26);
        assertThat(settings.sending().notifyOn()).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.DELAY);
        assertThat(settings.relays().get(Family.IPV4)).hasSize(1);
        assertThat(QueueReader.read(properties).retrying().schedule().delays())
                .containsExactly(Duration.ofMinutes(1), Duration.ofMinutes(2), Duration.ofMinutes(3));
    }

    /** No setting ignores a value that cannot be read. */
    @ParameterizedTest
    @MethodSource("valueNames")
    void config_objectsWithoutAValueAreNamed(String name) {
        for (Object value :
                List.of(Map.of("a.test", "[b.test]"), new Object(), Optional.of("x"), List.of(new Object()))) {
            assertThatThrownBy(() -> {
                        Properties properties = properties(name, value);
                        readAll(properties);
                        Settings.plugins(properties);
                        QueueReader.location(properties);
                        QueueReader.triesFirst(properties);
                        QueueReader.transactions(properties, Runnable.class);
                        ExecutorReader.of(properties);
                    })
                    .as("%s=%s", name, value)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("mail.mx." + name)
                    .hasMessageContaining("of java.")
                    .hasMessageContaining("allowed is ");
        }
    }

    static Set<String> valueNames() {
        return PropertyNames.NAMES;
    }

    @Test
    void config_numbersMustHaveAsciiDigits() {
        for (String text : List.of("\u0663", "+5", "5.0", "0x5", "5 5", "99999999999999999999")) {
            assertThatThrownBy(() -> Settings.read(properties("maxmx", text)))
                    .hasMessageStartingWith("The property mail.mx.maxmx has the value ")
                    .hasMessageEndingWith("; allowed is a number from 1 to 1000");
        }
    }

    @Test
    void config_durationsOfObjectsHaveTheSameLimits() {
        for (Object value : List.of(
                Duration.ZERO,
                Duration.ofSeconds(-1),
                Duration.ofNanos(1),
                Duration.ofDays(31),
                Duration.ofSeconds(Long.MAX_VALUE),
                0)) {
            assertThatThrownBy(() -> Settings.read(properties("deadline", value)))
                    .as("%s", value)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("mail.mx.deadline");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "connectiontimeout, 11m, at most 10m",
        "localaddress.ipv4, 2001:db8::1, an IP address of that family",
        "localaddress.ipv6, 192.0.2.1, an IP address of that family",
        "dns.servers, 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6 192.0.2.7 192.0.2.8 192.0.2.9, up to 8"
    })
    void config_limitsOfOtherPackagesAreCheckedWithTheNameOfTheProperty(String name, String value, String allowed) {
        assertThatThrownBy(() -> Settings.read(properties(name, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("The property mail.mx." + name + " has the value ")
                .hasMessageContaining("; allowed is ")
                .hasMessageContaining(allowed);
    }

    /** An object in the defaults cannot be read, because Properties has no method for it. */
    @ParameterizedTest
    @ValueSource(strings = {"routes", "connector", "starttls.required"})
    void config_objectsAmongTheDefaultsAreNamed(String name) {
        Properties chained = new Properties(properties(name, new Object()));
        assertThat(Settings.fingerprint(chained)).isNotEqualTo(Settings.fingerprint(new Properties()));
        assertThatThrownBy(() -> Settings.read(chained))
                .hasMessageContaining("mail.mx." + name)
                .hasMessageContaining("defaults");
    }

    @Test
    void config_keysThatAreNotStringsAreIgnored() {
        Properties properties = properties("remoteport", "2525");
        properties.put(new Object(), "x");
        properties.put("mail.mx.timeout", 5000);
        assertThat(Settings.fingerprint(properties)).hasSize(2);
        assertThat(Settings.read(properties).routes().port()).isEqualTo(2525);
    }

    @Test
    void config_valuesOfEachTypeAreInTheFingerprint(@TempDir Path directory) {
        assertThat(List.<Object>of(
                        Duration.ofSeconds(5),
                        directory,
                        List.of("a"),
                        new String[] {"b"},
                        Map.of(),
                        CharBuffer.wrap("c"),
                        HostName.parse("d.test")))
                .allSatisfy(value -> {
                    Map<String, Object> one = Settings.fingerprint(properties("routes", value));
                    assertThat(one).isNotEqualTo(Settings.fingerprint(new Properties()));
                    assertThat(one).isEqualTo(Settings.fingerprint(properties("routes", value)));
                });
        assertThat(Settings.fingerprint(properties("routes", List.of("a"))))
                .isNotEqualTo(Settings.fingerprint(properties("routes", List.of("b"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-x.test",
                "x-.test",
                "a.-b.test",
                "192.0.2.1",
                "mail.42",
                "a b.test",
                "[192.0.2.1]",
                "x..test",
                "x\u001b.test"
            })
    void config_aLocalhostThatIsNotAHostNameIsRefused(String text) {
        assertThatThrownBy(() -> Settings.read(properties("localhost", text)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("mail.mx.localhost")
                .hasMessageContaining(HelloName.ALLOWED);
    }

    @ParameterizedTest
    @CsvSource({
        "mailhost, not fully qualified",
        "my_host.test, underscore",
        "b\u00fccher.test, xn--bcher-kva.test",
        "a\u010a.test, goes out as xn--a"
    })
    void config_aNameThatServersMayRefuseInEhloCausesAWarning(String text, String why) {
        try (LogTap log = LogTap.of(PropertyReader.class)) {
            Settings.read(properties("localhost", text));
            assertThat(log.messages()).singleElement().asString().contains("WARNING", "mail.mx.localhost", text, why);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail.example.org", "MAIL.Example.org.", "xn--bcher-kva.test", "a-b.test"})
    void config_validNamesCauseNoWarning(String text) {
        try (LogTap log = LogTap.of(PropertyReader.class)) {
            Settings.read(properties("localhost", text));
            assertThat(log.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "writetimeout", "connectiontimeout", "deadline", "dns.timeout"})
    void config_aVeryShortTimeOutCausesAWarning(String name) {
        try (LogTap log = LogTap.of(PropertyReader.class)) {
            Settings.read(properties(name, "30"));
            assertThat(log.messages()).singleElement().asString().contains("WARNING", "mail.mx." + name, "30s");
            Settings.read(properties(name, "1000"));
            Settings.read(properties(name, "1s"));
            assertThat(log.messages()).hasSize(1);
        }
    }

    @Test
    void config_aNameInTheLogHasNoControlCharacters() {
        try (LogTap log = LogTap.of(PropertyReader.class)) {
            Settings.read(properties("time\nout\u001b[31m\u202e", "1"));
            assertThat(log.messages())
                    .singleElement()
                    .asString()
                    .contains("time\\u000aout\\u001b[31m\\u202e")
                    .matches("[^\\p{Cntrl}\\u202e]*");
        }
    }

    @Test
    void config_anUnknownPropertyWithAnObjectCausesAWarning() {
        try (LogTap log = LogTap.of(PropertyReader.class)) {
            Settings.read(properties("conector", new Object()));
            assertThat(log.messages()).singleElement().asString().contains("mail.mx.conector", "mail.mx.connector");
        }
    }

    /** Neither the message nor that of a cause shows the value, because a log prints both. */
    @ParameterizedTest
    @MethodSource("valueNames")
    void config_errorsHaveNoControlCharacters(String name) {
        String value = "java:\n\u001b[31mevil\u0000\u202e";
        try {
            Properties properties = properties(name, value);
            readAll(properties);
            Settings.plugins(properties);
            QueueReader.location(properties);
            QueueReader.triesFirst(properties);
            QueueReader.transactions(properties, Runnable.class);
            ExecutorReader.of(properties);
        } catch (SettingsException e) {
            for (Throwable one = e; one != null; one = one.getCause()) {
                assertThat(one.toString()).as(name).matches("[^\\p{Cntrl}\\u202e]*");
            }
            assertThat(e).hasMessageContaining("mail.mx." + name);
            return;
        }
        throw new AssertionError(name + " takes control characters");
    }

    /** Set by a static initialiser that must not run. */
    private static final AtomicBoolean RAN = new AtomicBoolean();

    /** A class that is not a plug-in. */
    public static final class NotAPlugIn {
        static {
            RAN.set(true);
        }
    }

    /** A plug-in whose class cannot be initialised. */
    public static final class Broken implements DeliveryListener {
        private static final int NUMBER = Integer.parseInt("none");

        @Override
        public void on(DeliveryEvent event) {
            throw new IllegalStateException(String.valueOf(NUMBER));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"listener", "connector", "dns.resolver", "relayselector", "relay.credentials", "addressorder"})
    void config_aClassIsCheckedBeforeItsCodeRuns(String name) {
        assertThatThrownBy(() -> Settings.plugins(properties(name, NotAPlugIn.class.getName())))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("mail.mx." + name)
                .hasMessageContaining(NotAPlugIn.class.getName());
        assertThat(RAN).isFalse();
    }

    @Test
    void config_aClassThatCannotBeInitialisedIsNamed() {
        for (int i = 0; i < 2; i++) { // the JVM throws another error the second time
            assertThatThrownBy(() -> Settings.plugins(properties("listener", Broken.class.getName())))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("mail.mx.listener")
                    .hasMessageContaining(Broken.class.getName());
        }
    }

    @Test
    void config_defaultsOfThePropertiesApply() {
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
        assertThat(Settings.read(properties).tls().startTls()).isEqualTo(expected);
    }

    @Test
    void RELAY_01_aRelayOfOneFamilyReplacesTheOneOfBoth() {
        Properties properties = properties("relay", "smtp://both.test, smtp://more.test");
        properties.setProperty("mail.mx.relay.ipv6", "smtp://six.test");
        Settings settings = Settings.read(properties);
        assertThat(settings.relays().get(Family.IPV4)).hasSize(2);
        assertThat(settings.relays().get(Family.IPV6))
                .singleElement()
                .satisfies(url -> assertThat(url.relay().host()).hasToString("six.test"));
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
        assertThat(Nearest.to(written, PropertyNames.NAMES)).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:5353", "[::1]:53", "::1", "127.0.0.1"})
    void config_nameServers(String text) {
        assertThat(Settings.read(properties("dns.servers", text)).dns().servers())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ns.example.org", "127.0.0.1:x", "127.0.0.1:70000"})
    void config_invalidNameServersAreNamed(String text) {
        assertThatThrownBy(() -> Settings.read(properties("dns.servers", text)))
                .hasMessageContaining("mail.mx.dns.servers");
    }

    @Test
    void config_dnssecIsValidatedIfConfigured() {
        assertThat(Settings.read(new Properties()).dns().anchors()).isEmpty();
        assertThat(Settings.read(properties("dns.validate", "false")).dns().anchors())
                .isEmpty();
        assertThat(Settings.read(properties("dns.validate", "true")).dns().anchors())
                .contains(TrustAnchors.shipped());
    }

    @Test
    void config_trustAnchorsAreReadFromTheFile(@TempDir Path directory) throws IOException {
        String anchor = ". IN DS 1 13 2 " + "0F".repeat(32);
        Path file = Files.writeString(directory.resolve("anchors"), anchor);
        Properties properties = properties("dns.trustanchors", file.toString());
        assertThat(Settings.read(properties).dns().anchors()).isEmpty();
        properties.setProperty("mail.mx.dns.validate", "true");
        assertThat(Settings.read(properties).dns().anchors()).contains(TrustAnchors.parse(anchor));
    }

    @Test
    void config_invalidTrustAnchorsAreErrorsThatNameTheFile(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path other = Files.writeString(directory.resolve("other"), "example. IN DS 1 13 2 00");
        for (Path file : List.of(missing, other)) {
            assertThatThrownBy(() -> Settings.read(properties("dns.trustanchors", file.toString())))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("mail.mx.dns.trustanchors")
                    .hasMessageContaining(file.getFileName().toString())
                    .hasMessageContaining("DS or DNSKEY records");
        }
    }

    @Test
    void config_policiesAreKeptInTheConfiguredDirectory(@TempDir Path directory) {
        Properties properties = properties("mtasts.directory", directory.toString());
        assertThat(Settings.read(properties).tls().policyDirectory()).contains(directory);
        assertThat(Settings.read(new Properties()).tls().policyDirectory()).isEmpty();
    }

    @Test
    void config_anInvalidPolicyDirectoryIsNamed(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path file = Files.createFile(directory.resolve("file"));
        for (String none : List.of(missing.toString(), file.toString(), "nul\0")) {
            assertThatThrownBy(() -> Settings.read(properties("mtasts.directory", none)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith(
                            "The property mail.mx.mtasts.directory has the value \"" + Printable.clean(none)
                                    + "\"; allowed is a directory that is there and can be written to: ");
        }
    }
}
