// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.provider.internal.config.Settings;
import org.postroad.provider.internal.config.Settings.Plugins;
import org.postroad.provider.internal.connect.DialRules;
import org.postroad.provider.internal.connect.FamilyDetection;
import org.postroad.provider.internal.connect.Nat64Discovery;
import org.postroad.provider.internal.dns.CacheCounters;
import org.postroad.provider.internal.dns.CachingMailDns;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.provider.internal.dns.ValidationState;
import org.postroad.provider.internal.sts.PolicyDirectory;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;
import org.postroad.spi.MailDns;

/** Resolvers with their caches: the built-in one, and those of applications, which are held weakly. Thread-safe. */
final class Resolvers implements AutoCloseable {

    private final Settings settings;
    private final Executor threads;
    private final Optional<PolicyDirectory> policies;
    private final HttpsTls tls;
    private final FamilyDetection families;
    private final CacheCounters counters = new CacheCounters();
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable OwnResolver own;

    @GuardedBy("lock")
    private final Map<MailDns, Resolving> foreign = new WeakHashMap<>();

    /**
     * @param trust the trust store for web servers
     * @param threads has a free thread for every task
     */
    Resolvers(Settings settings, JvmTrust trust, Executor threads) {
        this.settings = settings;
        this.tls = new HttpsTls(TlsHandshakes.with(
                TlsSettings.defaults().withGroups(settings.handshakes().groups()), trust));
        this.threads = threads;
        this.families = new FamilyDetection(settings.connect().families(), Deadline.MONOTONIC);
        this.policies = settings.tls()
                .policyDirectory()
                .filter(path -> settings.tls().mtaSts())
                .map(path -> PolicyDirectory.open(path, Deadline.MONOTONIC.instant()));
    }

    /** A resolver with its cache, and the services that use it. */
    record Resolving(CachingMailDns dns, DialRules rules, MailHttps web, MtaStsPolicies policies) {}

    private record OwnResolver(DnsjavaMailDns client, Resolving resolving) {}

    /** Returns the families in which this host reaches the Internet. */
    FamilyDetection families() {
        return families;
    }

    /** Returns who validates DNSSEC for the built-in resolver, as known now, without a query. */
    ValidationState validationState() {
        lock.lock();
        try {
            return own().client().validationState();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the resolver of the plug-ins, or the built-in one. The resolver of an application has its own cache, which is dropped
     * together with the resolver. The built-in one is created only when needed, because it requires dnsjava.
     */
    Resolving of(Plugins plugins) {
        lock.lock();
        try {
            if (plugins.dns().isEmpty()) {
                return own().resolving();
            }
            return foreign.computeIfAbsent(plugins.dns().get(), dns -> resolving(new WeakMailDns(dns)));
        } finally {
            lock.unlock();
        }
    }

    @GuardedBy("lock")
    private OwnResolver own() {
        OwnResolver made = own;
        if (made == null) {
            DnsjavaMailDns client = new DnsjavaMailDns(settings.dns());
            made = new OwnResolver(client, resolving(client));
            own = made;
        }
        return made;
    }

    private Resolving resolving(MailDns resolver) {
        CachingMailDns dns = new CachingMailDns(resolver, Deadline.MONOTONIC, counters);
        DialRules rules = new DialRules(
                settings.connect(),
                families,
                new Nat64Discovery(settings.connect().nat64(), dns, Deadline.MONOTONIC));
        MailHttps web = new MailHttps(dns, rules, settings.connect().local(), tls, threads);
        return new Resolving(dns, rules, web, new MtaStsPolicies(dns, web, policies));
    }

    /** Returns the counts of all caches. */
    CacheCounters counters() {
        return counters;
    }

    /** Returns the number of answers in all caches. */
    int answers() {
        return caches().stream().mapToInt(CachingMailDns::size).sum();
    }

    /** Removes the answers from all caches. */
    void clear() {
        caches().forEach(CachingMailDns::clear);
    }

    private List<CachingMailDns> caches() {
        lock.lock();
        try {
            List<CachingMailDns> caches = new ArrayList<>();
            foreign.values().forEach(resolving -> caches.add(resolving.dns()));
            if (own != null) {
                caches.add(own.resolving().dns());
            }
            return caches;
        } finally {
            lock.unlock();
        }
    }

    /** Cancels all pending questions. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (own != null) {
                own.resolving().dns().close();
            }
            foreign.values().forEach(resolving -> resolving.dns().close());
        } finally {
            lock.unlock();
        }
    }
}
