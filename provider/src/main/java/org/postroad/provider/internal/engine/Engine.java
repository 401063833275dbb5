// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.Deadline;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Domain;
import org.postroad.api.DomainRoute;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.ProbeOptions;
import org.postroad.api.ProbeStep;
import org.postroad.api.ProbedDomain;
import org.postroad.api.RecipientReport;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.SettingsException;
import org.postroad.provider.internal.connect.FamilyDetection;
import org.postroad.provider.internal.deliver.AllOrNothing;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.deliver.ConnectionPool;
import org.postroad.provider.internal.deliver.DryRun;
import org.postroad.provider.internal.deliver.MailObject;
import org.postroad.provider.internal.deliver.ProbeLog;
import org.postroad.provider.internal.deliver.SendScope;
import org.postroad.provider.internal.dns.AuthorityClient;
import org.postroad.provider.internal.dns.CachingMailDns;
import org.postroad.provider.internal.dns.ValidationState;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.message.MessageSpool;
import org.postroad.provider.internal.message.SpoolSettings;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tlsrpt.ReportWriter;
import org.postroad.provider.internal.tlsrpt.ReportingOrganization;
import org.postroad.provider.internal.tlsrpt.TlsCounts;

/**
 * Sends messages with one set of settings; shared by all Sessions with equal settings. It keeps DNS answers, connections and threads
 * between sends, but no object of an application: plug-ins belong to a send. Thread-safe.
 */
public final class Engine implements AutoCloseable {

    /** Maximum number of domains in an all-or-nothing send, whose servers are kept waiting until all are ready. */
    static final int MAX_HELD = 32;

    /** For envelopes without a message. */
    private static final ContentChoice NO_CONTENT = extensions -> {
        throw new IllegalStateException("There is no message to send");
    };

    private static final long THREAD_IDLE_SECONDS = 1;
    private static final int LEAST_THREADS = 200;
    private static final int THREADS_PER_CONNECTION = 4;

    private final Settings settings;
    private final Resolvers resolvers;
    private final DeliveryPlanner planner;
    private final Watchdog watchdog = new Watchdog();
    private final ConnectionPool connections;
    private final ThreadPoolExecutor threads;
    /** Has a thread for every task, without a queue. */
    private final ThreadPoolExecutor directThreads;

    private final Optional<TlsCounts> tlsCounts;
    private final EngineMonitor monitor;
    private final FirstUse firstUse;

    /** Creates an engine without an observer. */
    public Engine(Settings settings) {
        this(settings, (read, monitor) -> () -> {});
    }

    /** Watches engines. */
    @FunctionalInterface
    public interface EngineWatcher {

        /**
         * Called when an engine is used first.
         *
         * @return called when it is closed or no longer watched
         */
        Runnable used(Settings settings, EngineMonitor monitor);
    }

    /** @throws SettingsException if something that a setting needs is missing, such as a library; the message names it */
    public Engine(Settings settings, EngineWatcher watcher) {
        MessageSpool.tidy(SpoolSettings.DEFAULTS, Instant.now());
        this.settings = settings;
        this.tlsCounts = settings.reporter().map(Engine::counts);
        // More threads than connections: a delivery that waits for a connection to its host occupies a thread, and
        // must not delay the others.
        int parallel = Math.max(
                LEAST_THREADS, THREADS_PER_CONNECTION * settings.connections().inAll());
        this.threads = pool(parallel, parallel, new LinkedBlockingQueue<>());
        this.threads.allowCoreThreadTimeOut(true);
        this.directThreads = pool(0, Integer.MAX_VALUE, new SynchronousQueue<>());
        JvmTrust trust = new JvmTrust();
        Executor helpers = work -> directThreads.execute(Threads.withCallersLoader(work));
        this.resolvers = new Resolvers(settings, trust, helpers);
        // QUIT must not block the only thread of the watchdog.
        this.connections = new ConnectionPool(settings.connections(), Deadline.MONOTONIC, (delay, work) -> {
            Runnable close = Threads.withCallersLoader(work);
            return watchdog.after(delay, () -> directThreads.execute(close));
        });
        this.planner = new DeliveryPlanner(settings, helpers, resolvers, connections, trust, tlsCounts);
        this.monitor = new EngineMonitor(connections, resolvers, planner);
        this.firstUse = new FirstUse(() -> watcher.used(settings, monitor));
    }

    private static TlsCounts counts(ReportingOrganization reporter) {
        try {
            ReportWriter.requireJson();
        } catch (IllegalStateException | LinkageError e) {
            throw new SettingsException(
                    "TLS reports (mail.mx.tlsrpt.contact) are JSON, and jakarta.json with an implementation is not there: add"
                            + " org.eclipse.parsson:parsson",
                    e);
        }
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        return new TlsCounts(new ReportWriter(reporter, id), InstantSource.system());
    }

    private static ThreadPoolExecutor pool(int least, int most, BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(
                least, most, THREAD_IDLE_SECONDS, TimeUnit.SECONDS, queue, Threads.numbered("postroad-delivery"));
    }

    public Settings settings() {
        return settings;
    }

    /** Returns the counts for TLS reports; empty if {@code mail.mx.tlsrpt.contact} is not set. */
    public Optional<TlsCounts> tlsCounts() {
        return tlsCounts;
    }

    /** Returns the resolver of these plug-ins, or the built-in one, with its cache. */
    public CachingMailDns dns(Settings.Plugins plugins) {
        return resolvers.of(plugins).dns();
    }

    /** Returns the families in which this host reaches the Internet. */
    public FamilyDetection families() {
        return resolvers.families();
    }

    /**
     * Returns who validates DNSSEC for the built-in resolver, as known now, without a query.
     *
     * @throws LinkageError if a library that DNS needs is missing
     */
    public ValidationState validationState() {
        return resolvers.validationState();
    }

    /**
     * Checks what every send with these plug-ins needs, whatever its message, without network IO.
     *
     * @throws SettingsException if there are both a connector and a SOCKS proxy
     * @throws LinkageError if a library that DNS needs is missing
     */
    public void check(Settings.Plugins plugins) {
        planner.connector(plugins);
        resolvers.of(plugins);
    }

    /**
     * Returns an HTTPS client that uses the same DNS, connector and source addresses as mail.
     *
     * @throws SettingsException if there are both a connector and a SOCKS proxy
     */
    public HttpsClient https(Settings.Plugins plugins) {
        return resolvers.of(plugins).web().through(planner.connector(plugins));
    }

    /**
     * Delivers to all domains concurrently, within the connection limits. If the calling thread is interrupted, running deliveries are
     * cancelled, the report shows how far they got, and the thread stays interrupted.
     *
     * @throws SettingsException if there are too many domains for an all-or-nothing send, or both a connector and a SOCKS proxy;
     *     nothing was sent
     * @throws BrokenClassPathException if a library is missing and no recipient can have got the message; otherwise the report has the
     *     failure
     * @throws InterruptedException if the calling thread was interrupted before a delivery began; nothing was sent
     */
    public DeliveryReport send(MailObject mail, SendOptions options) throws InterruptedException {
        firstUse.used();
        Map<Domain, List<Mailbox>> byDomain = mail.envelope().byDomain();
        Deadline deadline = Deadline.after(settings.delivery().deadline());
        SendScope scope = new SendScope(
                mail, options.partial() ? AllOrNothing.notNeeded() : agreement(byDomain.size()), deadline);
        Watchdog waits = watchdog.forSend();
        OneSend send = planner.plan(scope, options, waits);
        List<DomainTask> deliveries = new ArrayList<>();
        Queue<BrokenClassPathException> broken = new ConcurrentLinkedQueue<>();
        byDomain.forEach((domain, recipients) -> deliveries.add(send.delivery(domain, recipients, broken::add)));
        Executor executor = executor(options, deliveries.size());
        byDomain.forEach((domain, recipients) -> send.report(new DeliveryEvent.SendStarted(
                domain, mail.context(), Deadline.MONOTONIC.instant(), recipients, byDomain.size())));
        deliveries.forEach(delivery -> delivery.begin(executor));
        try {
            for (DomainTask delivery : deliveries) {
                delivery.await(deadline);
            }
        } catch (InterruptedException e) {
            // Those that have not begun come first: the end of a running one would start them.
            deliveries.forEach(DomainTask::giveUpUnlessBegun);
            waits.close();
            deliveries.forEach(DomainTask::interrupt);
            Thread.currentThread().interrupt();
        }
        DeliveryReport report =
                new DeliveryReport(deliveries.stream().map(DomainTask::report).toList());
        monitor.count(report);
        report.domains()
                .forEach(domain -> send.report(new DeliveryEvent.SendEnded(
                        domain.domain(), mail.context(), Deadline.MONOTONIC.instant(), domain)));
        if (!broken.isEmpty() && report.recipients().stream().noneMatch(Engine::mayHaveIt)) {
            throw broken.element();
        }
        return report;
    }

    /**
     * Finds out where mail to these recipients would go, for all domains concurrently. No mail server is contacted.
     *
     * @throws SettingsException if there are both a connector and a SOCKS proxy
     * @throws BrokenClassPathException if a library is missing
     * @throws InterruptedException if the calling thread was interrupted
     */
    public List<DomainRoute> route(Envelope envelope, SendOptions options) throws InterruptedException {
        OneSend send = planner.plan(withoutMessage(envelope), options, watchdog.forSend());
        List<FutureTask<DomainRoute>> tasks = new ArrayList<>();
        envelope.byDomain()
                .forEach((domain, recipients) -> tasks.add(
                        new FutureTask<>(() -> send.dryRun(domain, recipients).run())));
        try {
            tasks.forEach(task -> threads.execute(Threads.withCallersLoader(task)));
            List<DomainRoute> routes = new ArrayList<>();
            for (FutureTask<DomainRoute> task : tasks) {
                routes.add(task.get());
            }
            return routes;
        } catch (ExecutionException e) {
            throw BrokenClassPathException.causeOf(e)
                    .map(RuntimeException.class::cast)
                    .orElseGet(() -> new IllegalStateException("Finding the route failed: " + e.getCause(), e));
        } finally {
            tasks.forEach(task -> task.cancel(true));
        }
    }

    /**
     * Connects to the hosts to which mail to one domain would go, on the calling thread, and sends no message.
     *
     * @param envelope recipients of one domain
     * @param choice what is done, and what receives the steps
     * @throws SettingsException if there are both a connector and a SOCKS proxy
     * @throws BrokenClassPathException if a library is missing
     * @throws InterruptedException if the calling thread was interrupted
     */
    public ProbedDomain probe(Envelope envelope, SendOptions options, ProbeOptions choice) throws InterruptedException {
        List<ProbeStep> steps = new ArrayList<>();
        ProbeLog log = new ProbeLog(Deadline.MONOTONIC, options.log(), step -> {
            steps.add(step);
            choice.listener().accept(step);
        });
        SendScope scope = withoutMessage(envelope);
        OneSend send = planner.plan(scope, options.with(log), watchdog.forSend());
        DryRun dryRun = send.dryRun(envelope.mailboxes().get(0).domain(), envelope.mailboxes());
        DomainRoute route = dryRun.run();
        return new ProbedDomain(
                route, send.probe(dryRun, log, steps).run(route, choice.allAddresses(), choice.recipients()));
    }

    /**
     * Audits how a domain receives mail, on the calling thread.
     *
     * @param postmaster the only recipient
     * @throws SettingsException if there are both a connector and a SOCKS proxy
     * @throws BrokenClassPathException if a library is missing
     * @throws InterruptedException if the calling thread was interrupted
     */
    public AuditReport audit(Envelope postmaster, SendOptions options, AuditOptions choice)
            throws InterruptedException {
        List<ProbeStep> steps = new ArrayList<>();
        ProbeLog log = new ProbeLog(Deadline.MONOTONIC, options.log(), steps::add);
        SendScope scope = withoutMessage(postmaster);
        OneSend send = planner.plan(scope, options.with(log).withFreshDns(), watchdog.forSend());
        boolean ownResolver = options.plugins().dns().isEmpty();
        try (AuthorityClient authorities = new AuthorityClient(AuthorityClient.TRY_TIMEOUT)) {
            return new DomainAudit(send, log, steps, choice, Instant.now())
                    .run(ownResolver ? Optional.of(authorities) : Optional.empty());
        }
    }

    private SendScope withoutMessage(Envelope envelope) {
        return new SendScope(
                new MailObject(
                        envelope, NO_CONTENT, MailContext.direct(envelope.sender(), envelope.id(), Optional.empty())),
                AllOrNothing.notNeeded(),
                Deadline.after(settings.delivery().deadline()));
    }

    private static boolean mayHaveIt(RecipientReport recipient) {
        return recipient.verdict() == Verdict.DELIVERED || recipient.verdict() == Verdict.IN_DOUBT;
    }

    private Executor executor(SendOptions options, int domains) {
        if (!options.partial()) {
            return directThreads; // deliveries that wait for one another need a thread each
        }
        // Handing a single delivery to another thread costs more than many deliveries take. It stays on the calling
        // thread only with the built-in connector and no proxy, whose connections an interrupt closes.
        boolean here = domains == 1
                && options.plugins().connector().isEmpty()
                && settings.connect().socks().isEmpty();
        return options.executor().orElse(here ? Runnable::run : threads);
    }

    private static AllOrNothing agreement(int domains) {
        if (domains > MAX_HELD) {
            throw new SettingsException("All or nothing (mail.mx.sendpartial=false) is possible for at most " + MAX_HELD
                    + " domains in one message, this one has " + domains);
        }
        return AllOrNothing.of(domains);
    }

    /** Ends the watch of this engine, which goes on working. Idempotent. */
    public void unwatch() {
        firstUse.end();
    }

    /** Closes the connections that are kept for the next message. */
    public void closeIdleConnections() {
        connections.closeIdle();
    }

    /** Stops all deliveries immediately. Idempotent. */
    @Override
    public void close() {
        unwatch();
        // Deliveries that are still queued would never run, and their senders would wait for them.
        threads.shutdownNow().stream()
                .filter(DomainTask.class::isInstance)
                .forEach(task -> ((DomainTask) task).giveUpUnlessBegun());
        connections.close();
        directThreads.shutdownNow();
        watchdog.close();
        resolvers.close();
    }
}
