// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.security.Security;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.SetupFinding;
import org.postroad.api.SetupFinding.Level;
import org.postroad.api.SetupFinding.Subject;
import org.postroad.api.SetupReport;
import org.postroad.provider.internal.config.ExecutorReader;
import org.postroad.provider.internal.config.QueueReader;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.dns.ValidationState;
import org.postroad.provider.internal.engine.Engine;
import org.postroad.provider.internal.engine.FoundPlugin;
import org.postroad.provider.internal.engine.JtaTransaction;
import org.postroad.provider.internal.engine.OpenQueues;
import org.postroad.provider.internal.engine.PluginDiscovery;
import org.postroad.provider.internal.engine.QueueLocation;
import org.postroad.provider.internal.queue.store.DataSources;
import org.postroad.provider.internal.queue.store.Databases;

/** Checks one Session on the calling thread. Used once. */
final class SetupCheck {

    private static final String BOTH_PROTOCOLS =
            "set mail.transport.protocol and " + SendWithResult.PROTOCOL_PROPERTY + " to " + MxTransport.PROTOCOL
                    + " or " + MxQueueTransport.PROTOCOL + ", or call Postroad.install(session)";

    private static final String NO_QUEUE = "this Session does not use the queue";

    private final Session session;
    private final boolean withNetwork;
    private final Properties properties;
    private final List<SetupFinding> findings = new ArrayList<>();

    private boolean usesQueue;

    private SetupCheck(Session session, boolean withNetwork) {
        this.session = session;
        this.withNetwork = withNetwork;
        this.properties = Engines.properties(session);
        this.usesQueue = QueueReader.hasSettings(properties);
    }

    static SetupReport of(Session session, boolean withNetwork) {
        SetupCheck check = new SetupCheck(session, withNetwork);
        check.transports();
        check.settings().ifPresent(check::everythingElse);
        return check.report();
    }

    private void everythingElse(Engine engine) {
        Optional<HostName> ownName = ownName(engine);
        guarded(Subject.SOURCE_ADDRESS, () -> sourceAddresses(engine));
        tls();
        guarded(Subject.PLUG_INS, () -> plugIns(engine, ownName));
        add(
                Subject.CDI,
                Level.OK,
                switch (PluginDiscovery.cdiState()) {
                    case NOT_VISIBLE -> "the CDI API is not visible to Postroad, so plug-ins cannot be CDI beans";
                    case NO_CONTAINER -> "no CDI container is running for this thread";
                    case RUNNING -> "a CDI container is running";
                });
        guarded(Subject.JTA, this::transaction);
        if (usesQueue) {
            guarded(Subject.DATA_SOURCE, this::dataSource);
            guarded(Subject.QUEUE, () -> queue(engine));
        } else {
            add(Subject.DATA_SOURCE, Level.NOT_CHECKED, NO_QUEUE);
            add(Subject.QUEUE, Level.NOT_CHECKED, NO_QUEUE);
        }
    }

    // --- Jakarta Mail

    /** Each protocol is checked by itself: a server can have given its own transport the name of ours. */
    private void transports() {
        guarded(Subject.TRANSPORT, () -> byProtocol(MxTransport.PROTOCOL, MxTransport.class));
        guarded(Subject.TRANSPORT, () -> byProtocol(MxQueueTransport.PROTOCOL, MxQueueTransport.class));
        guarded(Subject.TRANSPORT, this::forSends);
    }

    private void byProtocol(String protocol, Class<? extends PostroadTransport> expected) {
        try {
            Transport transport = session.getTransport(protocol);
            if (expected.isInstance(transport)) {
                add(Subject.TRANSPORT, Level.OK, "the protocol " + protocol + " is " + name(transport));
            } else {
                add(
                        Subject.TRANSPORT,
                        Level.PROBLEM,
                        "the protocol " + protocol + " is not Postroad's: " + foreign(transport)
                                + ". In the server's mail resource set the class of the transport to "
                                + expected.getName());
            }
        } catch (NoSuchProviderException e) {
            add(
                    Subject.TRANSPORT,
                    Level.WARNING,
                    "the protocol " + protocol + " is unknown to this Session: " + e.getMessage()
                            + ". Its class loader does not find the registrations of Postroad; call Postroad.install(session)");
        }
    }

    /**
     * Checks the two ways to a transport without its name: by the type of an address, as {@code Transport.send} does, and the default.
     * Frameworks use one of them, so a problem is only that neither leads here.
     */
    private void forSends() throws MessagingException {
        FoundTransport byAddress = found(() -> session.getTransport(new InternetAddress("postmaster@example.org")));
        FoundTransport byDefault = found(session::getTransport);
        Level unlessOurs = byAddress.isOurs() || byDefault.isOurs() ? Level.WARNING : Level.PROBLEM;
        usesQueue |= byAddress.isQueue() || byDefault.isQueue();
        add(
                Subject.TRANSPORT,
                byAddress.isOurs() ? Level.OK : unlessOurs,
                "internet mail (Transport.send) " + byAddress.text());
        add(
                Subject.TRANSPORT,
                byDefault.isOurs() ? Level.OK : unlessOurs,
                "the default transport (Session.getTransport) " + byDefault.text());
    }

    /** A way of Jakarta Mail to a transport. */
    @FunctionalInterface
    private interface TransportLookup {
        Transport find() throws MessagingException;
    }

    private record FoundTransport(boolean isOurs, boolean isQueue, String text) {}

    private static FoundTransport found(TransportLookup lookup) throws MessagingException {
        try {
            Transport transport = lookup.find();
            return transport instanceof PostroadTransport
                    ? new FoundTransport(true, transport instanceof MxQueueTransport, "is " + name(transport))
                    : new FoundTransport(
                            false, false, "is not Postroad's: " + foreign(transport) + "; " + BOTH_PROTOCOLS);
        } catch (NoSuchProviderException e) {
            return new FoundTransport(false, false, "does not exist: " + e.getMessage() + "; " + BOTH_PROTOCOLS);
        }
    }

    private static String name(Transport transport) {
        return transport.getClass().getName();
    }

    private static String foreign(Transport transport) {
        boolean isCopy = name(transport).startsWith(SetupCheck.class.getPackageName() + ".");
        return name(transport)
                + (isCopy
                        ? " of another copy of Postroad, in "
                                + transport.getClass().getClassLoader()
                        : "");
    }

    // --- settings and this host

    private Optional<Engine> settings() {
        try {
            Engine engine = Engines.engine(properties);
            Engines.asMessagingException(() -> {
                ExecutorReader.of(properties);
                if (usesQueue) {
                    QueueReader.read(properties);
                }
            });
            add(Subject.SETTINGS, Level.OK, "all mail.mx.* properties are valid");
            return Optional.of(engine);
        } catch (MessagingException e) {
            add(Subject.SETTINGS, Level.PROBLEM, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<HostName> ownName(Engine engine) {
        try {
            HostName name = OwnName.of(engine.settings());
            add(Subject.OWN_NAME, Level.OK, name.text());
            return Optional.of(name);
        } catch (MessagingException e) {
            add(Subject.OWN_NAME, Level.PROBLEM, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void families(Engine engine, Settings.Plugins plugins) {
        Set<Family> ours = engine.families().current();
        if (ours.isEmpty()) {
            add(Subject.FAMILIES, Level.PROBLEM, "this host has no route to the Internet in any family");
            return;
        }
        String names = ours.stream().sorted().map(Family::toString).collect(Collectors.joining(" and "));
        Optional<Family> unreachable = Stream.of(Family.values())
                .filter(family -> !ours.contains(family) && !hasRelay(family, engine, plugins))
                .findFirst();
        if (unreachable.isEmpty()) {
            add(Subject.FAMILIES, Level.OK, names);
        } else {
            add(
                    Subject.FAMILIES,
                    Level.WARNING,
                    names + "; domains whose servers have only " + unreachable.get()
                            + " addresses cannot be reached without a relay for that family (mail.mx.relay.*)");
        }
    }

    private static boolean hasRelay(Family family, Engine engine, Settings.Plugins plugins) {
        return plugins.relaySelector().isPresent()
                || !engine.settings().relays().getOrDefault(family, List.of()).isEmpty();
    }

    private void sourceAddresses(Engine engine) throws IOException {
        for (Family family : engine.families().current().stream().sorted().toList()) {
            Optional<IpAddress> configured = engine.settings().connect().local().of(family);
            Optional<IpAddress> chosen =
                    configured.isPresent() ? configured : engine.families().distantSource(family);
            if (chosen.isPresent()) {
                add(
                        Subject.SOURCE_ADDRESS,
                        Level.OK,
                        family + ": " + chosen.get() + (configured.isPresent() ? " (mail.mx.localaddress.*)" : ""));
            } else {
                add(Subject.SOURCE_ADDRESS, Level.PROBLEM, family + ": this host has no route to the Internet");
            }
        }
    }

    private void tls() {
        boolean hasCurves = Security.getProviders("KeyAgreement.ECDH") != null
                || Security.getProviders("KeyAgreement.X25519") != null;
        if (hasCurves) {
            add(Subject.TLS, Level.OK, "this Java runtime has elliptic curves");
        } else {
            add(
                    Subject.TLS,
                    Level.WARNING,
                    "this Java runtime has no elliptic curves, so that most TLS handshakes fail, and mail to domains without"
                            + " published protection is sent in plaintext; add the module jdk.crypto.ec");
        }
    }

    // --- plug-ins and DNS

    private void plugIns(Engine engine, Optional<HostName> ownName) {
        try (PluginDiscovery implementations = new PluginDiscovery(properties)) {
            Settings.Plugins plugins = implementations.plugins();
            engine.check(plugins);
            families(engine, plugins);
            guarded(Subject.DNS, () -> dns(engine, plugins, ownName));
            guarded(Subject.DNSSEC, () -> validation(engine, plugins));
            add(
                    Subject.PLUG_INS,
                    Level.OK,
                    implementations.found().stream().map(FoundPlugin::toString).collect(Collectors.joining(", ")));
        }
    }

    private void dns(Engine engine, Settings.Plugins plugins, Optional<HostName> ownName) throws InterruptedException {
        if (!withNetwork || ownName.isEmpty()) {
            add(
                    Subject.DNS,
                    Level.NOT_CHECKED,
                    withNetwork ? "the own name, which would be looked up, is unknown" : "a query needs the network");
            return;
        }
        DnsAnswer<?> answer = engine.dns(plugins)
                .query(
                        ownName.get(),
                        RecordType.A,
                        Deadline.after(engine.settings().dns().timeout()));
        boolean failed = answer instanceof DnsAnswer.Failed<?>;
        add(
                Subject.DNS,
                failed ? Level.PROBLEM : Level.OK,
                "A of " + ownName.get().text() + ": " + answer.describe());
    }

    private void validation(Engine engine, Settings.Plugins plugins) {
        if (plugins.dns().isPresent()) {
            add(
                    Subject.DNSSEC,
                    Level.OK,
                    "decided by the plug-in " + plugins.dns().get().getClass().getName());
            return;
        }
        ValidationState state = engine.validationState();
        if (state.local()) {
            add(Subject.DNSSEC, Level.OK, "answers are validated here, with trust anchors (mail.mx.dns.validate)");
        } else if (!state.trusted().isEmpty()) {
            add(Subject.DNSSEC, Level.OK, "validated by " + String.join(", ", state.trusted()));
        } else if (!state.unproved().isEmpty()) {
            add(
                    Subject.DNSSEC,
                    Level.WARNING,
                    String.join(", ", state.unproved()) + " has not shown yet that it validates (mail.mx.dns.probe)");
        } else if (state.untrusted().isEmpty()) {
            add(Subject.DNSSEC, Level.PROBLEM, state.problem());
        } else {
            add(
                    Subject.DNSSEC,
                    Level.WARNING,
                    "no server is known to validate, so DANE is not used; set mail.mx.dns.validate, or mail.mx.dns.trustad if "
                            + String.join(", ", state.untrusted()) + " validates and the path to it is secure");
        }
    }

    // --- transactions and the queue

    private void transaction() {
        add(
                Subject.JTA,
                Level.OK,
                switch (JtaTransaction.state(properties)) {
                    case NOT_VISIBLE -> "the JTA API is not visible to Postroad";
                    case NO_REGISTRY -> "this thread has no JTA";
                    case NO_TRANSACTION -> "this thread is in no JTA transaction";
                    case ACTIVE -> "this thread is in a JTA transaction";
                    case MARKED_FOR_ROLLBACK -> "this thread is in a JTA transaction that is marked for rollback";
                });
    }

    private void dataSource() throws SQLException {
        Databases.checkScheduler();
        QueueLocation queue = QueueLocation.of(properties);
        String location = queue.name();
        Optional<DataSource> found = queue.dataSource(properties);
        if (found.isEmpty()) {
            add(Subject.DATA_SOURCE, Level.OK, "the file " + location);
        } else if (!withNetwork) {
            add(
                    Subject.DATA_SOURCE,
                    Level.NOT_CHECKED,
                    location + " is " + found.get().getClass().getName() + "; a connection needs the network");
        } else {
            try (Connection connection = DataSources.connect(found.get())) {
                add(
                        Subject.DATA_SOURCE,
                        Level.OK,
                        location + " is " + found.get().getClass().getName() + ", connects to "
                                + connection.getMetaData().getDatabaseProductName() + ", and gives this thread "
                                + (connection.getAutoCommit()
                                        ? "a connection in auto-commit mode"
                                        : "a connection within a transaction (auto-commit is off)"));
            }
        }
    }

    private void queue(Engine engine) throws MessagingException, InterruptedException {
        Optional<OpenQueues.Opener> opener = Engines.queues().opener(Engines.queueRequest(properties, engine));
        if (opener.isEmpty()) {
            add(
                    Subject.QUEUE,
                    Level.WARNING,
                    "not open: messages in it are not delivered by this process before the first send, or"
                            + " MailQueue.open(session)");
        } else {
            add(
                    Subject.QUEUE,
                    Level.OK,
                    "open, by "
                            + (opener.get().isCaller()
                                    ? "this application"
                                    : "the application " + opener.get().application()));
        }
    }

    // --- the report

    /** A part of the check. */
    @FunctionalInterface
    private interface Part {
        void run() throws MessagingException, InterruptedException, IOException, SQLException;
    }

    /** Runs a part; an exception becomes a finding. */
    private void guarded(Subject subject, Part part) {
        try {
            part.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            add(subject, Level.NOT_CHECKED, "the thread was interrupted");
        } catch (MessagingException | IOException | SQLException | RuntimeException | LinkageError e) {
            add(subject, Level.PROBLEM, Optional.ofNullable(e.getMessage()).orElseGet(e::toString));
        }
    }

    /** Returns the findings in the order of their subjects. */
    private SetupReport report() {
        Set<Subject> checked = findings.stream().map(SetupFinding::subject).collect(Collectors.toSet());
        for (Subject subject : Subject.values()) {
            if (!checked.contains(subject)) {
                add(subject, Level.NOT_CHECKED, "it depends on something that has a problem");
            }
        }
        findings.sort(Comparator.comparing(SetupFinding::subject)); // stable
        return new SetupReport(findings);
    }

    private void add(Subject subject, Level level, String text) {
        findings.add(new SetupFinding(subject, level, text));
    }
}
