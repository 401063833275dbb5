// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

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
import org.postroad.provider.internal.sts.KnownDomain.FailedFetch;
import org.postroad.provider.internal.sts.KnownDomain.Kept;
import org.postroad.provider.internal.sts.StsPolicy.Mode;
import org.postroad.spi.MailDns;

/**
 * The policies of domains: which one is announced, and which one holds (RFC 8461 §3.3, §5.1).
 *
 * <p>The TXT record is asked for each time; DNS keeps it for its TTL. The policy that is kept holds up to its max_age, whatever becomes
 * of the record and of the policy host meanwhile: who can suppress them could else switch TLS off. It is fetched again when the id of the
 * record changes or its time is nearly over.
 *
 * <p>Thread-safe. One fetch at a time for a domain; who asks meanwhile waits for it, up to its own deadline. If the one that fetches is
 * interrupted, one of those that wait fetches instead.
 */
public final class StsPolicies {

    /**
     * The part of what is left that the record and the policy of a domain may take together: one third. Where they take longer, the mail
     * goes as if there were no policy, unless one is kept (RFC 8461 §3.3); it must not be late for that.
     */
    public static final int SHARE = 3;

    private static final String RECORD_LABEL = "_mta-sts";
    private static final Logger LOGGER = System.getLogger(StsPolicies.class.getName());

    private final MailDns dns;
    private final InstantSource clock;
    private final Optional<PolicyDirectory> directory;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<HostName, Flight> inFlight = new HashMap<>(); // under the lock
    private final PolicyCache domains; // under the lock

    /**
     * @param dns is asked for TXT records; keeps them for their TTL
     * @param clock tells how old a policy is; one that does not go back
     * @param directory keeps what is forgotten here; empty: nothing does
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
     * What is to be heeded in deliveries to a domain, that of the mailbox: MTA-STS knows no parent domains and no aliases (RFC 8461 §3.4).
     *
     * @param source is asked for a policy that is not kept
     * @param deadline when the mail must be delivered; this takes a {@link #SHARE} of what is left, and a fetch {@link
     *     HttpsPolicySource#TIME_LIMIT} at most
     * @param asked receives what was asked of DNS
     * @throws InterruptedException if the thread is interrupted; soon
     */
    public StsFinding find(Domain domain, PolicySource source, Deadline deadline, Consumer<Lookup<String>> asked)
            throws InterruptedException {
        Optional<HostName> name = domain.host().name().filter(owner -> owner.hasRoomFor(RECORD_LABEL));
        return name.isPresent() ? find(name.get(), source, share(deadline), asked) : new StsFinding.None();
    }

    private static Deadline share(Deadline deadline) {
        return deadline.orAfter(deadline.remaining().dividedBy(SHARE));
    }

    /** Has the TXT record in DNS's cache, for a {@link #find} soon after. Waits for DNS. */
    public void prepare(Domain domain, Deadline deadline) throws InterruptedException {
        Optional<HostName> name = domain.host().name().filter(owner -> owner.hasRoomFor(RECORD_LABEL));
        if (name.isPresent()) {
            record(name.get(), share(deadline));
        }
    }

    private StsFinding find(HostName domain, PolicySource source, Deadline deadline, Consumer<Lookup<String>> asked)
            throws InterruptedException {
        recall(domain);
        use(domain);
        Lookup<String> lookup = record(domain, deadline);
        asked.accept(lookup);
        Optional<StsRecord> record = StsRecord.parse(lookup.answer().recordsOrNone());
        return record.isPresent()
                ? announced(domain, record.get().id(), source, deadline)
                : known(domain).withoutRecord(clock.instant());
    }

    /** What was forgotten here, or was never known to this process. */
    private void recall(HostName domain) {
        directory
                .filter(keeper -> known(domain).equals(KnownDomain.NOTHING))
                .flatMap(keeper -> keeper.read(domain, clock.instant()))
                .ifPresent(kept -> rememberUnlessKnown(domain, new KnownDomain(Optional.of(kept), Optional.empty())));
    }

    private Lookup<String> record(HostName domain, Deadline deadline) throws InterruptedException {
        HostName name = domain.prefixedWith(RECORD_LABEL);
        return new Lookup<>(name, RecordType.TXT, dns.query(name, RecordType.TXT, deadline));
    }

    private StsFinding announced(HostName domain, String id, PolicySource source, Deadline deadline)
            throws InterruptedException {
        while (true) {
            Flight own = new Flight();
            Flight flight;
            lock.lockInterruptibly();
            try {
                Optional<StsFinding> finding = known(domain).withoutFetch(id, clock.instant(), available(deadline));
                if (finding.isPresent()) {
                    return finding.get();
                }
                if (deadline.hasPassed()) {
                    return known(domain).withoutPolicy(notFetched("no time was left to fetch it"), clock.instant());
                }
                Flight earlier = inFlight.putIfAbsent(domain, own);
                flight = earlier == null ? own : earlier;
            } finally {
                lock.unlock();
            }
            if (flight == own) {
                return fetch(domain, id, new Fetch(source, deadline), own);
            }
            if (!flight.await(deadline)) {
                return known(domain)
                        .withoutPolicy(notFetched("another thread's fetch of it did not end in time"), clock.instant());
            }
            Optional<StsFinding> shared = flight.finding(id);
            if (shared.isPresent()) {
                return shared.get();
            }
        }
    }

    /** A fetch that some thread does, and what came of it. */
    private static final class Flight {
        private final CountDownLatch landed = new CountDownLatch(1);
        private volatile String id = "";
        private volatile Optional<StsFinding> finding = Optional.empty();

        void found(String ofId, StsFinding shared) {
            id = ofId;
            finding = Optional.of(shared);
        }

        /** Ends the wait of all others; without a finding one of them fetches. */
        void land() {
            landed.countDown();
        }

        boolean await(Deadline deadline) throws InterruptedException {
            return landed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        }

        Optional<StsFinding> finding(String ofId) {
            return id.equals(ofId) ? finding : Optional.empty();
        }
    }

    /** What a fetch may take. */
    private static Duration available(Deadline deadline) {
        Duration left = deadline.remaining();
        return left.compareTo(HttpsPolicySource.TIME_LIMIT) < 0 ? left : HttpsPolicySource.TIME_LIMIT;
    }

    private record Fetch(PolicySource source, Deadline deadline) {}

    private StsFinding fetch(HostName domain, String id, Fetch policy, Flight flight) throws InterruptedException {
        try {
            StsFinding finding = fetch(domain, id, policy);
            flight.found(id, finding);
            return finding;
        } finally {
            lock.lock();
            try {
                inFlight.remove(domain);
            } finally {
                lock.unlock();
            }
            flight.land();
        }
    }

    private StsFinding fetch(HostName domain, String id, Fetch fetch) throws InterruptedException {
        Duration available = available(fetch.deadline());
        try {
            StsPolicy policy = StsPolicy.parse(fetch.source().fetch(domain, fetch.deadline()));
            Kept kept = new Kept(policy, id, clock.instant());
            remember(domain, new KnownDomain(Optional.of(kept), Optional.empty()));
            directory.ifPresent(keeper -> keeper.write(domain, kept));
            return kept.finding(false);
        } catch (IOException e) {
            TlsFailure why = failure(e);
            Instant now = clock.instant();
            Duration time = fetch.deadline().hasPassed() ? available : HttpsPolicySource.TIME_LIMIT;
            KnownDomain known = known(domain).failed(new FailedFetch(id, why, now, time));
            remember(domain, known);
            known.holding(now).ifPresent(kept -> warn(domain, kept, why));
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

    /** RFC 8461 §3.3: somebody should know before the policy that is kept is over, unless it asks for nothing. */
    private static void warn(HostName domain, Kept kept, TlsFailure why) {
        if (kept.policy().mode() != Mode.NONE) {
            LOGGER.log(
                    Level.WARNING,
                    "The MTA-STS policy of " + domain + " could not be fetched anew; the one with the id " + kept.id()
                            + " holds on: " + why.detail());
        }
    }

    private KnownDomain known(HostName domain) {
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

    private void remember(HostName domain, KnownDomain known) {
        lock.lock();
        try {
            domains.put(domain, known);
        } finally {
            lock.unlock();
        }
    }

    /** Somebody may have fetched another policy meanwhile. */
    private void rememberUnlessKnown(HostName domain, KnownDomain known) {
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
