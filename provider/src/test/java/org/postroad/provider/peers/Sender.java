// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * An application on a host of the lab: {@link SendMain} in its own Java process.
 *
 * @param host the host on which it runs
 * @param directory the directory for its files
 * @param settings the session's properties
 * @param trustStore the trusted certificates
 */
record Sender(LabHost host, Path directory, Map<String, String> settings, Path trustStore) {

    static final String FROM = "application@sender.example";

    Sender {
        settings = Map.copyOf(settings);
    }

    static Sender on(LabHost host, Path directory, LabAuthority authority) {
        Map<String, String> settings = Map.of(
                "mail.transport.protocol", "mx",
                "mail.transport.protocol.rfc822", "mx",
                "mail.mx.localhost", host.name() + ".example",
                "mail.mx.connectiontimeout", "10s",
                "mail.mx.deadline", "60s");
        return new Sender(host, directory, settings, authority.trustStore());
    }

    /** Returns the same application with an additional setting. */
    Sender with(String property, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(property, value);
        return new Sender(host, directory, more, trustStore);
    }

    /** Returns the same application with another trust store. */
    Sender trusting(Path store) {
        return new Sender(host, directory, settings, store);
    }

    /** Sends a message. A failed delivery is a result, too. */
    SendResult send(LabMessage mail, String... recipients) {
        try {
            Path properties = directory.resolve("session.properties");
            Properties session = new Properties();
            session.putAll(settings);
            try (Writer out = Files.newBufferedWriter(properties)) {
                session.store(out, null);
            }
            Path message =
                    Files.writeString(directory.resolve("message.eml"), mail.text(), StandardCharsets.ISO_8859_1);
            List<String> command = new ArrayList<>(Command.java(
                    SendMain.class,
                    "-Djavax.net.ssl.trustStore=" + trustStore,
                    "-Djavax.net.ssl.trustStorePassword=" + LabAuthority.TRUST_STORE_PASSWORD));
            command.addAll(List.of(properties.toString(), message.toString(), FROM));
            command.addAll(List.of(recipients));
            return SendResult.parse(Command.run(host.command(command)));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
