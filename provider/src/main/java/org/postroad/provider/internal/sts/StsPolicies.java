// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.Lookup;
import org.postroad.api.Printable;
import org.postroad.api.RecordType;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.provider.internal.sts.CachedPolicy.FailedFetch;
import org.postroad.provider.internal.sts.CachedPolicy.FetchedPolicy;
import org.postroad.provider.internal.sts.StsPolicy.Mode;
import org.postroad.spi.MailDns;

/**
 * Determines the MTA-STS policy that applies to a domain (RFC 8461 §3.3, §5.1).
 *
 * <p>The TXT record is queried each time; DNS caches it for its TTL. A cached policy applies until its max_age, even if the record or the
 * policy host disappears: otherwise an attacker who suppresses them could disable TLS. It is fetched again when the id of the record
 * changes or shortly before it expires.
 *
 * <p>Thread-safe. There is one fetch at a time per domain; other threads wait for it, up to their own deadlines. If the fetching thread is
 * interrupted, one of the waiting threads fetches instead.
 */
public final class StsPolicies {

    /**
     * Divisor: the record and the policy of a domain together may take one third of the remaining time. If they take longer, the mail is
     * sent as if there were no policy, unless one is cached (RFC 8461 §3.3), so that the lookup does not delay it too much.
     */
    public static final int SHARE = 3;

    private static final String RECORD_LABEL = "_mta-sts";
    private static final Logger LOGGER = System.getLogger(StsPolicies.class.getName());

    private final MailDns dns;
    private final InstantSource clock;
    private final Optional<PolicyDirectory> directory;
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<HostName, SharedFetch> inFlight = new HashMap<>();

    @GuardedBy("lock")
    private final PolicyCache domains;

    /**
     * @param dns looks up TXT records and caches them for their TTL
     * @param clock determines the age of a policy; must not go back
     * @param directory stores policies beyond this cache; empty: not used
     */
    public StsPolicies(MailDns dns, InstantSource clock, Optional<PolicyDirectory> directory) {
        this(dns, clock, directory, PolicyCache.MAX_OCTETS);
    }

    StsPolicies(MailDns dns, InstantSource clock, Optional<PolicyDirectory> directory, int maxOctets) {
        this.dns = dns;
        this.clock = clock;
        this.directory = directory;
        this.domains = new PolicyCache(clock, maxOctets);
    }

    /**
     * Finds the policy for deliveries to a recipient domain. MTA-STS does not use parent domains or aliases (RFC 8461 §3.4).
     *
     * @param source fetches policies that are not cached
     * @param deadline of the delivery; this takes a {@link #SHARE} of the remaining time, and a fetch at most
     *     {@link HttpsPolicySource#TIME_LIMIT}
     * @param asked receives the DNS lookup
     * @throws InterruptedException soon after the thread is interrupted
     */
    public StsResult find(Domain domain, PolicySource source, Deadline deadline, Consumer<Lookup<String>> asked)
            throws InterruptedException {
        Optional<HostName> name = domain.host().name().filter(owner -> owner.hasRoomFor(RECORD_LABEL));
        return name.isPresent() ? find(name.get(), source, share(deadline), asked) : new StsResult.None();
    }

    private static Deadline share(Deadline deadline) {
        return deadline.atMost(deadline.remaining().dividedBy(SHARE));
    }

    /** Puts the TXT record into the DNS cache for a later {@link #find}. Waits for DNS. */
    public void prepare(Domain domain, Deadline deadline) throws InterruptedException {
        Optional<HostName> name = domain.host().name().filter(owner -> owner.hasRoomFor(RECORD_LABEL));
        if (name.isPresent()) {
            record(name.get(), share(deadline));
        }
    }

    private StsResult find(HostName domain, PolicySource source, Deadline deadline, Consumer<Lookup<String>> asked)
            throws InterruptedException {
        loadFromDirectory(domain);
        use(domain);
        Lookup<String> lookup = record(domain, deadline);
        asked.accept(lookup);
        Optional<StsRecord> record = StsRecord.parse(lookup.answer().recordsOrNone());
        return record.isPresent()
                ? announced(domain, record.get().id(), source, deadline)
                : known(domain).withoutRecord(clock.instant());
    }

    /** Loads a policy from the directory if it is not in the cache. */
    private void loadFromDirectory(HostName domain) {
        directory
                .filter(keeper -> known(domain).equals(CachedPolicy.NOTHING))
                .flatMap(keeper -> keeper.read(domain, clock.instant()))
                .ifPresent(kept -> rememberUnlessKnown(domain, new CachedPolicy(Optional.of(kept), Optional.empty())));
    }

    private Lookup<String> record(HostName domain, Deadline deadline) throws InterruptedException {
        HostName name = domain.prefixedWith(RECORD_LABEL);
        return new Lookup<>(name, RecordType.TXT, dns.query(name, RecordType.TXT, deadline));
    }

    private StsResult announced(HostName domain, String id, PolicySource source, Deadline deadline)
            throws InterruptedException {
        while (true) {
            SharedFetch own = new SharedFetch();
            SharedFetch flight;
            lock.lockInterruptibly();
            try {
                Optional<StsResult> result = known(domain).withoutFetch(id, clock.instant(), available(deadline));
                if (result.isPresent()) {
                    return result.get();
                }
                if (deadline.hasPassed()) {
                    return known(domain).withoutPolicy(notFetched("no time was left to fetch it"), clock.instant());
                }
                SharedFetch earlier = inFlight.putIfAbsent(domain, own);
                flight = earlier == null ? own : earlier;
            } finally {
                lock.unlock();
            }
            if (flight == own) {
                return fetch(domain, id, new Fetch(source, deadline), own);
            }
            if (!flight.await(deadline)) {
                return known(domain)
                        .withoutPolicy(
                                notFetched("the fetch already in progress did not finish in time"), clock.instant());
            }
            Optional<StsResult> shared = flight.result(id);
            if (shared.isPresent()) {
                return shared.get();
            }
        }
    }

    /** A fetch by one thread, and its result. */
    private static final class SharedFetch {
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile String id = "";
        private volatile Optional<StsResult> result = Optional.empty();

        void found(String ofId, StsResult shared) {
            id = ofId;
            result = Optional.of(shared);
        }

        /** Releases all waiting threads. Without a result, one of them fetches. */
        void release() {
            released.countDown();
        }

        boolean await(Deadline deadline) throws InterruptedException {
            return released.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        }

        Optional<StsResult> result(String ofId) {
            return id.equals(ofId) ? result : Optional.empty();
        }
    }

    /** Returns the time that a fetch may take. */
    private static Duration available(Deadline deadline) {
        Duration left = deadline.remaining();
        return left.compareTo(HttpsPolicySource.TIME_LIMIT) < 0 ? left : HttpsPolicySource.TIME_LIMIT;
    }

    private record Fetch(PolicySource source, Deadline deadline) {}

    private StsResult fetch(HostName domain, String id, Fetch policy, SharedFetch flight) throws InterruptedException {
        try {
            StsResult result = fetch(domain, id, policy);
            flight.found(id, result);
            return result;
        } finally {
            lock.lock();
            try {
                inFlight.remove(domain);
            } finally {
                lock.unlock();
            }
            flight.release();
        }
    }

    private StsResult fetch(HostName domain, String id, Fetch fetch) throws InterruptedException {
        Duration available = available(fetch.deadline());
        try {
            StsPolicy policy = PolicyReader.read(fetch.source().fetch(domain, fetch.deadline()));
            FetchedPolicy kept = new FetchedPolicy(policy, id, clock.instant());
            remember(domain, new CachedPolicy(Optional.of(kept), Optional.empty()));
            directory.ifPresent(keeper -> keeper.write(domain, kept));
            return kept.result(false);
        } catch (IOException e) {
            TlsFailure why = failure(e);
            Instant now = clock.instant();
            Duration time = fetch.deadline().hasPassed() ? available : HttpsPolicySource.TIME_LIMIT;
            CachedPolicy known = known(domain).failed(new FailedFetch(id, why, now, time));
            remember(domain, known);
            known.valid(now).ifPresent(kept -> warn(domain, kept, why));
            return known.withoutPolicy(why, now);
        }
    }

    private static TlsFailure notFetched(String why) {
        return new TlsFailure(Type.STS_POLICY_FETCH_ERROR, why);
    }

    private static TlsFailure failure(IOException e) {
        String why = Printable.describe(e);
        if (e instanceof BadPolicyException) {
            return new TlsFailure(Type.STS_POLICY_INVALID, why);
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return new TlsFailure(Type.STS_WEBPKI_INVALID, why);
            }
        }
        return notFetched(why);
    }

    /** RFC 8461 §3.3: warns before the cached policy expires, unless its mode is none. */
    private static void warn(HostName domain, FetchedPolicy kept, TlsFailure why) {
        if (kept.policy().mode() != Mode.NONE) {
            LOGGER.log(
                    Level.WARNING,
                    "The MTA-STS policy of " + domain + " could not be renewed; the cached one with the id " + kept.id()
                            + " still applies: " + why.detail());
        }
    }

    private CachedPolicy known(HostName domain) {
        lock.lock();
        try {
            return domains.get(domain);
        } finally {
            lock.unlock();
        }
    }

    private void use(HostName domain) {
        lock.lock();
        try {
            domains.use(domain);
        } finally {
            lock.unlock();
        }
    }

    private void remember(HostName domain, CachedPolicy known) {
        lock.lock();
        try {
            domains.put(domain, known);
        } finally {
            lock.unlock();
        }
    }

    /** Does not replace a policy that another thread has fetched meanwhile. */
    private void rememberUnlessKnown(HostName domain, CachedPolicy known) {
        lock.lock();
        try {
            if (!domains.has(domain)) {
                domains.put(domain, known);
            }
        } finally {
            lock.unlock();
        }
    }
}
