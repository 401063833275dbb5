// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Deadline;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Family;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.connect.AddressGuard;
import org.postroad.provider.internal.connect.CheckedOrder;
import org.postroad.provider.internal.connect.Diallers;
import org.postroad.provider.internal.connect.FamilyDetection;
import org.postroad.provider.internal.connect.Nat64Discovery;
import org.postroad.provider.internal.connect.Nat64Prefix;
import org.postroad.provider.internal.connect.OwnAddresses;
import org.postroad.provider.internal.connect.SocketConnector;
import org.postroad.provider.internal.connect.SourceAddresses;
import org.postroad.provider.internal.deliver.Agreement;
import org.postroad.provider.internal.deliver.BrokenExtensions;
import org.postroad.provider.internal.deliver.Connections;
import org.postroad.provider.internal.deliver.DomainDelivery;
import org.postroad.provider.internal.deliver.DomainDelivery.Terms;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.Tools;
import org.postroad.provider.internal.dns.CachingMailDns;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.provider.internal.route.AddressRules;
import org.postroad.provider.internal.route.Known;
import org.postroad.provider.internal.route.MxRouting;
import org.postroad.provider.internal.route.Request;
import org.postroad.provider.internal.route.RoutingSettings;
import org.postroad.provider.internal.route.Standpoint;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.TlsUpgrade;
import org.postroad.spi.Connector;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.MailDns;
import org.postroad.spi.RelaySelector;

/**
 * Everything that a send needs, built once from the settings. It holds nothing of an application's: plug-ins come with each send and
 * go with it. Thread-safe.
 */
public final class Engine implements AutoCloseable {

    /** Domains of one send whose servers are held until all are ready. */
    static final int MAX_HELD = 32;

    private static final long THREAD_IDLE_SECONDS = 1;

    private final Settings settings;
    private final FamilyDetection families;
    private final OwnAddresses ownAddresses;
    private final SourceAddresses sources;
    private final Resolving ownResolving;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<MailDns, Resolving> foreignResolving = new WeakHashMap<>(); // under the lock
    private final Connector ownConnector;
    private final Diallers diallers;
    private final RelaySelector ownRelays;
    private final TlsUpgrade tls;
    private final Watchdog watchdog = new Watchdog();
    private final Connections connections;
    private final BrokenExtensions broken = new BrokenExtensions(Deadline.STEADY);
    private final ThreadPoolExecutor threads;
    private final ThreadPoolExecutor unqueued;

    public Engine(Settings settings) {
        this.settings = settings;
        this.families = new FamilyDetection(settings.connect().families(), Deadline.STEADY);
        this.ownAddresses = new OwnAddresses(Deadline.STEADY);
        this.sources = new SourceAddresses(settings.connect().local(), Deadline.STEADY);
        this.ownResolving = resolving(new DnsjavaMailDns(settings.dns()));
        this.ownConnector = new SocketConnector(settings.connect().socks());
        this.ownRelays = new ConfiguredRelays(settings.relays());
        this.tls = TlsUpgrade.withDefaultTrust(settings.tls());
        // A thread for each connection that there may be: more would only wait for one.
        int parallel = settings.connections().inAll();
        this.threads = pool(parallel, parallel, new LinkedBlockingQueue<>());
        this.threads.allowCoreThreadTimeOut(true);
        this.unqueued = pool(0, Integer.MAX_VALUE, new SynchronousQueue<>());
        this.diallers = new Diallers(settings.connect(), unqueued, Deadline.STEADY);
        // Saying goodbye is not for the watchdog's only thread.
        this.connections = new Connections(
                settings.connections(),
                Deadline.STEADY,
                (delay, work) -> watchdog.after(delay, () -> unqueued.execute(work)));
    }

    /** A resolver behind its cache, and what is asked of it now and then. */
    private record Resolving(CachingMailDns dns, Nat64Discovery nat64) {}

    private Resolving resolving(MailDns resolver) {
        CachingMailDns dns = new CachingMailDns(resolver, Deadline.STEADY);
        return new Resolving(dns, new Nat64Discovery(settings.connect().nat64(), dns, Deadline.STEADY));
    }

    /** A foreign resolver has a cache of its own, which goes when the resolver goes. */
    private Resolving resolving(Plugins plugins) {
        if (plugins.dns().isEmpty()) {
            return ownResolving;
        }
        lock.lock();
        try {
            return foreignResolving.computeIfAbsent(plugins.dns().get(), dns -> resolving(new WeakDns(dns)));
        } finally {
            lock.unlock();
        }
    }

    private static ThreadPoolExecutor pool(int least, int most, BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(
                least, most, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, queue, Threads.named("postroad-delivery"));
    }

    public Settings settings() {
        return settings;
    }

    /**
     * How one send differs from another with the same settings.
     *
     * @param self the name in EHLO
     * @param partial whether some recipients may get the message where others cannot
     * @param log is told the dialogue
     * @param plugins what is used in place of the built-in implementations
     * @param executor what runs the deliveries in place of our own threads, never closed by us; not used where all or none are to get
     *     the message, for there each domain needs a thread of its own
     */
    public record Manner(Host self, boolean partial, DialogueLog log, Plugins plugins, Optional<Executor> executor) {}

    /**
     * Sends to every recipient, domain by domain, at once within limits. Where the calling thread is interrupted, what is under way
     * ends, the report says how far it came, and the thread is interrupted still.
     *
     * @throws IllegalArgumentException if there are too many domains to send to all or none of them, or a connector beside a proxy;
     *     nothing was sent
     * @throws InterruptedException if the calling thread was interrupted before a delivery began; nothing was sent
     */
    public DeliveryReport send(MailObject mail, Manner manner) throws InterruptedException {
        Map<Domain, List<Mailbox>> byDomain = byDomain(mail.envelope());
        Deadline deadline = Deadline.after(settings.wire().deadline());
        Terms terms = new Terms(manner.partial() ? Agreement.notNeeded() : agreement(byDomain.size()), deadline);
        Watchdog waits = watchdog.ofOneSend();
        Tools tools = tools(manner, waits);
        Resolving resolving = resolving(manner.plugins());
        AddressRules rules = addressRules(resolving.nat64(), deadline);
        RoutingSettings routing = routing(manner.plugins());
        DomainDelivery.Sources asked = asked(resolving.dns(), manner.plugins());
        List<Delivery> deliveries = new ArrayList<>();
        byDomain.forEach((domain, own) -> {
            Request request =
                    request(new Request.Envelope(domain, mail.envelope().sender(), own), rules, routing);
            deliveries.add(new Delivery(
                    () -> new DomainDelivery(request, asked, tools, mail, terms).run(), () -> neverBegun(request)));
        });
        Executor executor = executor(manner, deliveries.size());
        deliveries.forEach(delivery -> delivery.begin(executor));
        try {
            for (Delivery delivery : deliveries) {
                delivery.await(deadline);
            }
        } catch (InterruptedException e) {
            // First those that have not begun: the end of another one would make room for them.
            deliveries.forEach(Delivery::giveUpUnlessBegun);
            waits.close();
            deliveries.forEach(Delivery::interrupt);
            Thread.currentThread().interrupt();
        }
        return new DeliveryReport(deliveries.stream().map(Delivery::report).toList());
    }

    private Executor executor(Manner manner, int domains) {
        if (!manner.partial()) {
            return unqueued; // those who wait for one another must not wait for a thread, too
        }
        // To hand a single delivery over and to wait for it takes longer than many a delivery. An interrupt ends what
        // our own connector made.
        boolean here = domains == 1
                && manner.plugins().connector().isEmpty()
                && settings.connect().socks().isEmpty();
        return manner.executor().orElse(here ? Runnable::run : threads);
    }

    private static DomainReport neverBegun(Request request) {
        return untouched(
                request.envelope().domain(),
                MxRouting.breakOff(
                                request,
                                Known.NOTHING,
                                EnhancedStatus.MAIL_SYSTEM_4_3_0,
                                "The delivery never began: the engine was closed, the executor did not run it, or the send was cancelled")
                        .reports());
    }

    /** The report where nothing is sent to anybody. */
    public DeliveryReport holdBack(Envelope envelope, String why) {
        List<DomainReport> reports = new ArrayList<>();
        byDomain(envelope)
                .forEach((domain, recipients) -> reports.add(untouched(
                        domain,
                        recipients.stream()
                                .map(recipient -> heldBack(recipient, why))
                                .toList())));
        return new DeliveryReport(reports);
    }

    private static RecipientReport heldBack(Mailbox recipient, String why) {
        return new RecipientReport(
                recipient,
                Verdict.DEFERRED,
                EnhancedStatus.UNDEFINED_4_0_0,
                new RecipientReport.Decision("END-01", why),
                Optional.empty());
    }

    /** The report on a domain about which nobody was asked anything. */
    private static DomainReport untouched(Domain domain, List<RecipientReport> recipients) {
        return new DomainReport(domain, List.of(), List.of(), List.of(), recipients);
    }

    private static Map<Domain, List<Mailbox>> byDomain(Envelope envelope) {
        Map<Domain, List<Mailbox>> byDomain = new LinkedHashMap<>();
        envelope.mailboxes()
                .forEach(recipient -> byDomain.computeIfAbsent(recipient.domain(), domain -> new ArrayList<>())
                        .add(recipient));
        return byDomain;
    }

    private static Agreement agreement(int domains) {
        if (domains > MAX_HELD) {
            throw new IllegalArgumentException("All or nothing (mail.mx.sendpartial=false) is possible for at most "
                    + MAX_HELD + " domains in one message, this one has " + domains);
        }
        return Agreement.of(domains);
    }

    private Request request(Request.Envelope envelope, AddressRules rules, RoutingSettings routing) {
        return new Request(
                envelope,
                settings.routes().nextHop(envelope.domain()),
                new Standpoint(ourFamilies(), settings.identity().localNames(), ownAddresses.current()),
                rules,
                routing,
                ThreadLocalRandom.current().nextLong());
    }

    /** A host without any network counts as dual: its dials fail softly, where "no usable address" would bounce mail. */
    private Set<Family> ourFamilies() {
        Set<Family> detected = families.current();
        return detected.isEmpty() ? EnumSet.allOf(Family.class) : detected;
    }

    private RoutingSettings routing(Plugins plugins) {
        RoutingSettings configured = settings.routing();
        return plugins.addressOrder()
                .map(order -> new RoutingSettings(
                        new CheckedOrder(order), configured.a6(), configured.limits(), configured.relay()))
                .orElse(configured);
    }

    private AddressRules addressRules(Nat64Discovery nat64, Deadline deadline) throws InterruptedException {
        Nat64Discovery.Discovered discovered = Nat64Discovery.isUseful(ourFamilies())
                ? nat64.prefixes(deadline)
                : new Nat64Discovery.Discovered(List.of(), Optional.empty());
        List<Nat64Prefix> prefixes = discovered.prefixes();
        AddressGuard guard = new AddressGuard(settings.connect().allowed()).withNat64(prefixes);
        return new AddressRules() {
            @Override
            public Optional<String> refusal(IpAddress address) {
                return guard.refusal(address);
            }

            @Override
            public Optional<IpAddress> translated(IpAddress ipv4) {
                return prefixes.stream().findFirst().map(prefix -> prefix.synthesize(ipv4));
            }

            @Override
            public boolean hasNat64() {
                return !prefixes.isEmpty();
            }

            @Override
            public Optional<String> nat64Failure() {
                return prefixes.isEmpty()
                        ? discovered.failure().map(org.postroad.api.DnsAnswer::describe)
                        : Optional.empty();
            }
        };
    }

    /** A proxy that somebody wants must not be gone around without a word. */
    private Connector connector(Plugins plugins) {
        if (plugins.connector().isPresent() && settings.connect().socks().isPresent()) {
            throw new IllegalArgumentException("The property mail.mx.socks.host is set, and the connector "
                    + plugins.connector().get().getClass().getName()
                    + " would go around that proxy; allowed is one of the two");
        }
        return plugins.connector().orElse(ownConnector);
    }

    private Tools tools(Manner manner, Watchdog waits) {
        SmtpSettings standard = SmtpSettings.defaults(manner.self());
        SmtpSettings smtp = new SmtpSettings(
                manner.self(),
                settings.wire().replyTimeout(),
                standard.finalReplyTimeout(),
                settings.wire().writeTimeout(),
                settings.wire().pipelining(),
                settings.wire().chunking());
        return new Tools(
                diallers.through(connector(manner.plugins())),
                tls,
                smtp,
                waits,
                manner.log(),
                Deadline.STEADY,
                settings.wire().startTls(),
                settings.wire().maxRecipients(),
                connections,
                broken);
    }

    private DomainDelivery.Sources asked(CachingMailDns dns, Plugins plugins) {
        DeliveryListener listener = event -> plugins.listener().ifPresent(told -> tell(told, event));
        return new DomainDelivery.Sources(
                dns, unqueued, sources, plugins.relaySelector().orElse(ownRelays), listener);
    }

    private static void tell(DeliveryListener listener, org.postroad.api.DeliveryEvent event) {
        try {
            listener.on(event);
        } catch (RuntimeException | LinkageError e) {
            System.getLogger(Engine.class.getName()).log(System.Logger.Level.WARNING, "A delivery listener failed", e);
        }
    }

    /** Ends every delivery at once; idempotent. */
    @Override
    public void close() {
        // What is still queued would never run, and its sender wait for ever.
        threads.shutdownNow().stream()
                .filter(Delivery.class::isInstance)
                .forEach(task -> ((Delivery) task).giveUpUnlessBegun());
        connections.close();
        unqueued.shutdownNow();
        watchdog.close();
        ownResolving.dns().close();
        lock.lock();
        try {
            foreignResolving.values().forEach(resolving -> resolving.dns().close());
        } finally {
            lock.unlock();
        }
    }
}
