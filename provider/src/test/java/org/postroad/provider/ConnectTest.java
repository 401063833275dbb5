// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What connect checks without network IO, and the warning about a server that the application names. */
class ConnectTest extends TransportTesting {

    @TempDir
    Path directory;

    private Transport transport(String protocol) throws MessagingException {
        return Session.getInstance(properties).getTransport(protocol);
    }

    private void useQueue(Path file) {
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + file);
    }

    private static List<String> warnings(LogTap log) {
        return log.records().stream()
                .filter(entry -> entry.getLevel().equals(Level.WARNING))
                .map(LogRecord::getMessage)
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "starttls.required, maybe",
        "timeout, soon",
        "routes, nonsense",
        "from, nobody",
        "localhost, -x.test",
        "listener, java.lang.String",
        "dns.resolver, no.such.Class",
        "executor, ldap://somewhere/x",
        "relay, http://relay.test"
    })
    void connect_nonsenseInTheSettingsFailsHere(String name, String value) throws Exception {
        properties.setProperty("mail.mx." + name, value);
        useQueue(directory.resolve("queue.db"));
        for (String protocol : List.of("mx", "mxqueue")) {
            try (Transport transport = transport(protocol)) {
                assertThatThrownBy(transport::connect)
                        .isInstanceOf(MessagingException.class)
                        .hasMessageContaining("mail.mx." + name);
                assertThat(transport.isConnected()).isFalse();
            }
        }
        assertThat(transcript.lines()).isEmpty();
        assertThat(directory.resolve("queue.db")).doesNotExist();
    }

    @Test
    void connect_aPropertyObjectOfAnUnknownTypeFails() throws Exception {
        properties.put("mail.mx.routes", Map.of("v4.test", "[192.0.2.4]"));
        try (Transport transport = transport("mx")) {
            assertThatThrownBy(transport::connect)
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("mail.mx.routes");
        }
    }

    /** An object that cannot be read is an error, even if there is an engine for the same settings without it. */
    @Test
    void connect_aPropertyObjectIsNotTreatedAsUnset() throws Exception {
        send(message("a@v4.test"));
        properties.put("mail.mx.routes", Map.of("v4.test", "[192.0.2.4]"));
        assertThatThrownBy(() -> send(message("a@v4.test")))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.routes");
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void connect_ofAQueueOpensItWithoutNetworkAccess() throws Exception {
        Path file = directory.resolve("queue.db");
        useQueue(file);
        try (Transport transport = transport("mxqueue")) {
            transport.connect();
            assertThat(transport.isConnected()).isTrue();
        }
        assertThat(file).exists();
        assertThat(transcript.lines()).isEmpty();
    }

    @Test
    void connect_ofAQueueThatCannotBeOpenedFails() throws Exception {
        Path file =
                Files.writeString(directory.resolve("queue.db"), "no database at all, but long enough to be looked at");
        useQueue(file);
        try (Transport transport = transport("mxqueue")) {
            assertThatThrownBy(transport::connect)
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining(file.toString());
            assertThat(transport.isConnected()).isFalse();
        }
        try (Transport direct = transport("mx")) {
            direct.connect(); // it needs no queue
        }
    }

    @ParameterizedTest
    @CsvSource({"queue.poll, never", "queue.bounces, everybody", "queue.firstattempt, later"})
    void connect_ofAQueueReadsItsSettings(String name, String value) throws Exception {
        useQueue(directory.resolve("queue.db"));
        properties.setProperty("mail.mx." + name, value);
        try (Transport transport = transport("mxqueue")) {
            assertThatThrownBy(transport::connect)
                    .isInstanceOf(MessagingException.class)
                    .hasMessageContaining("mail.mx." + name);
        }
    }

    @Test
    void connect_aConnectorTogetherWithAProxyFails() throws Exception {
        properties.setProperty("mail.mx.socks.host", "192.0.2.9");
        try (Transport transport = transport("mx")) {
            assertThatThrownBy(transport::connect).hasMessageContaining("mail.mx.socks.host");
        }
    }

    /** What Spring and other frameworks pass by default. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {"null, -1, null, null", "'', 0, '', ''", "null, 25, null, null"})
    void connect_defaultArgumentsOfFrameworksCauseNoWarning(String host, int port, String user, String password)
            throws Exception {
        properties.setProperty("mail.mx.host", "");
        properties.setProperty("mail.mx.port", "25");
        properties.setProperty("mail.mx.auth", "false");
        properties.setProperty("mail.mx.debug", "false");
        try (LogTap log = LogTap.open();
                Transport transport = transport("mx")) {
            transport.connect(host, port, user, password);
            assertThat(warnings(log)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            value = {
                "smtp.test, -1, null, null, smtp.test",
                "null, 587, null, null, 587",
                "null, -1, alice, null, a user",
                "null, -1, null, tops3cret, a password"
            })
    void connect_aServerArgumentCausesOneWarning(String host, int port, String user, String password, String named)
            throws Exception {
        Session session = Session.getInstance(properties);
        try (LogTap log = LogTap.open()) {
            for (int i = 0; i < 3; i++) {
                try (Transport transport = session.getTransport("mx")) {
                    transport.connect(host, port, user, password);
                    assertThat(transport.isConnected()).isTrue();
                }
            }
            assertThat(warnings(log))
                    .singleElement()
                    .asString()
                    .contains(named, "connect", "mail.mx.relay", "mail.mx.remoteport")
                    .doesNotContain("tops3cret");
            try (Transport other = transport("mx")) {
                other.connect(host, port, user, password);
            }
            assertThat(warnings(log)).as("another Session").hasSize(2);
        }
        assertThat(transcript.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"host, smtp.test", "port, 587", "user, a user", "password, a password", "auth, a login"})
    void connect_aServerPropertyCausesOneWarning(String name, String named) throws Exception {
        properties.setProperty("mail.mx." + name, name.equals("auth") ? "true" : named);
        Session session = Session.getInstance(properties);
        try (LogTap log = LogTap.open()) {
            for (int i = 0; i < 2; i++) {
                try (Transport transport = session.getTransport("mx")) {
                    transport.connect();
                }
            }
            assertThat(warnings(log)).singleElement().asString().contains(named, "mail.mx." + name, "mail.mx.relay");
        }
    }

    @Test
    void connect_aPortMayBeAnObjectAndRemoteportCausesNoWarning() throws Exception {
        properties.put("mail.mx.port", 2525);
        try (LogTap log = LogTap.open()) {
            try (Transport transport = transport("mx")) {
                transport.connect();
            }
            assertThat(warnings(log)).singleElement().asString().contains("2525");
            properties.setProperty("mail.mx.remoteport", "2525");
            try (Transport transport = transport("mx")) {
                transport.connect();
            }
            assertThat(warnings(log)).hasSize(1);
        }
    }

    @Test
    void connect_aServerInTheUrlNameCausesAWarning() throws Exception {
        try (LogTap log = LogTap.open();
                Transport transport = Session.getInstance(properties)
                        .getTransport(new URLName("mx", "smtp.test", 465, null, "alice", "tops3cret"))) {
            transport.connect();
            assertThat(warnings(log))
                    .singleElement()
                    .asString()
                    .contains("smtp.test", "465", "a user", "a password")
                    .doesNotContain("tops3cret", "alice");
        }
    }

    @Test
    void connect_namesAreCleanedForTheLog() throws Exception {
        try (LogTap log = LogTap.open();
                Transport transport = transport("mx")) {
            transport.connect("smtp\n\u001b[31m.test", 25, null, null);
            assertThat(warnings(log)).singleElement().asString().matches("\\P{Cntrl}*");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<bounces@client.test>", "  bounces@client.test ", " < bounces@client.test > "})
    void sender_isParsedAsByAngus(String from) throws Exception {
        properties.setProperty("mail.mx.from", from);
        send(message("a@v4.test"));
        assertThat(transcript.linesOf("mx4< MAIL")).singleElement().asString().contains("FROM:<bounces@client.test>");
    }

    @Test
    void sender_mayBeAnAddressOfJakartaMail() throws Exception {
        properties.put("mail.mx.from", new InternetAddress("bounces@client.test", "The bounces"));
        send(message("a@v4.test"));
        assertThat(transcript.linesOf("mx4< MAIL")).singleElement().asString().contains("FROM:<bounces@client.test>");
    }
}
