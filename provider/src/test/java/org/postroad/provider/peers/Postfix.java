// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postroad.api.Family;

/** Starts Postfix instances with their own configuration, queue and data. */
final class Postfix {

    private static final String MASTER = "/usr/lib/postfix/sbin/master";
    private static final int SMTP_PORT = 25;
    private static final String STORED_AS = "65534:65534";

    static final int SUBMISSION_PORT = 587;
    static final String RELAY_USER = "postroad";
    static final String RELAY_PASSWORD = "correct-horse";

    private final LabAuthority authority;

    Postfix(LabAuthority authority) {
        this.authority = authority;
    }

    /** Starts a mail exchanger on port 25 that queries the policy server at that socket for each recipient. */
    MailServer startExchanger(LabHost host, Path directory, Path policySocket) {
        Map<String, String> values = values(host, directory, SMTP_PORT);
        values.put("policy", policySocket.toString());
        authority.issue(host, directory);
        return start(host, directory, List.of("postfix-main.cf", "postfix-exchanger.cf"), values, SMTP_PORT);
    }

    /** Starts the external relay on port 587. */
    MailServer startRelay(LabHost host, Path directory) {
        Map<String, String> values = values(host, directory, SUBMISSION_PORT);
        LabFiles.write(directory.resolve("sasl/smtpd.conf"), List.of("postfix-sasl.conf"), values);
        createRelayUser(directory.resolve("sasl/sasldb2"));
        authority.issue(host, directory);
        return start(host, directory, List.of("postfix-main.cf", "postfix-relay.cf"), values, SUBMISSION_PORT);
    }

    /**
     * Starts a mail exchanger for any recipient with the issued certificates: {@code server} at its first address, {@code expired} at its
     * second, and {@code by-name} for clients that request that name.
     *
     * @param chains services at further addresses
     */
    MailServer startTlsExchanger(LabHost host, Path directory, String chains) {
        Map<String, String> values = values(host, directory, SMTP_PORT);
        values.put("port", host.addresses().get(0) + ":" + SMTP_PORT);
        values.put("expired", host.addresses().get(1).toString());
        values.put("chains", chains);
        LabFiles.write(
                directory.resolve("master.cf"), List.of("postfix-master.cf", "postfix-expired-service.cf"), values);
        values.put("by-name", PublishedTls.BY_NAME);
        LabFiles.write(directory.resolve("sni"), List.of("postfix-sni"), values);
        return startConfigured(
                host, directory, List.of("postfix-main.cf", "postfix-tls-exchanger.cf"), values, SMTP_PORT);
    }

    private static MailServer start(
            LabHost host, Path directory, List<String> mainTemplates, Map<String, String> values, int port) {
        LabFiles.write(directory.resolve("master.cf"), List.of("postfix-master.cf"), values);
        return startConfigured(host, directory, mainTemplates, values, port);
    }

    /** Starts the services of master.cf. */
    private static MailServer startConfigured(
            LabHost host, Path directory, List<String> mainTemplates, Map<String, String> values, int port) {
        LabFiles.write(directory.resolve("main.cf"), mainTemplates, values);
        LabFiles.write(directory.resolve("mailboxes"), List.of("postfix-mailboxes"), values);
        Maildir mail = new Maildir(directory.resolve("inbox"), STORED_AS);
        createOwned(directory.resolve("data"), "postfix");
        createOwned(directory.resolve("queue"), "root");
        Command.run(host.command(List.of("postfix", "-c", directory.toString(), "check")));
        LabProcess process = LabProcess.start(
                host, port, directory.resolve("output"), List.of(MASTER, "-c", directory.toString(), "-s"));
        return new MailServer(host, mail, process);
    }

    private static Map<String, String> values(LabHost host, Path directory, int port) {
        String protocols = !host.has(Family.IPV6) ? "ipv4" : !host.has(Family.IPV4) ? "ipv6" : "all";
        return new HashMap<>(Map.of(
                "host", host.name(),
                "directory", directory.toString(),
                "port", Integer.toString(port),
                "protocols", protocols));
    }

    private static void createRelayUser(Path database) {
        try {
            ProcessBuilder saslpasswd = new ProcessBuilder(
                    "saslpasswd2", "-p", "-c", "-f", database.toString(), "-u", "relay.example", RELAY_USER);
            Path password =
                    Files.writeString(database.resolveSibling("password"), RELAY_PASSWORD, StandardCharsets.US_ASCII);
            Command.run(saslpasswd.redirectInput(password.toFile()));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Command.run("chown", "postfix", database.toString());
    }

    private static void createOwned(Path directory, String owner) {
        try {
            Files.createDirectories(directory);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        Command.run("chown", owner, directory.toString());
    }
}
