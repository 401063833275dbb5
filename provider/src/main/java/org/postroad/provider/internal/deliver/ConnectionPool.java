// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.Host;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.spi.Connector;

/**
 * Connection pool of an engine: limits the number of connections and keeps idle ones for the next send.
 *
 * <p>A contact takes a {@link Lease} before it dials, perhaps with a kept session, and releases the lease afterwards. When a limit is
 * reached, a kept connection is closed to make room; if there is none, the contact waits until another connection closes.
 *
 * <p>Limits apply per host name and per address, because an attacker can use any number of names. An address at which no transaction was
 * completed recently gets only a small share of all connections, and all such addresses together leave some connections free: slow servers
 * must not delay mail to servers that answer.
 *
 * <p>Thread-safe. No lock is held during network I/O. Without kept sessions it owns no resource and no thread.
 */
public final class ConnectionPool implements AutoCloseable {

    /** How long the results for an address are kept: that it answered, and how many transactions it accepts on one connection. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Maximum number of addresses; the oldest entries are dropped first. */
    static final int MAX_ADDRESSES = 1000;

    /**
     * Limits of the pool.
     *
     * @param inAll {@code maxconnections}: all open connections, in use or kept
     * @param perHost {@code maxconnectionsperhost}: connections to one host name, and to one address
     * @param transactions {@code maxmessagesperconnection}: transactions on one connection, at least 1
     * @param idle {@code idletimeout}: how long an idle connection is kept; zero: never
     */
    public record PoolLimits(int inAll, int perHost, int transactions, Duration idle) {

        /** 10 transactions: the lowest limit known of servers in use. RFC 9422 lets servers announce such limits, but few do. */
        public static final PoolLimits DEFAULTS = new PoolLimits(100, 20, 10, Duration.ofSeconds(10));

        /** Limit for one address of a mail exchanger that answers: half of all connections. */
        int atAnswering() {
            return Math.min(perHost, share(2));
        }

        /** Limit for one address of a mail exchanger that has not answered recently: a fifth of all connections. */
        int atUnproven() {
            return Math.min(perHost, share(5));
        }

        /** Limit for all addresses together that have not answered recently: all connections but a fifth. */
        int toUnproven() {
            return Math.max(1, inAll - share(5));
        }

        private int share(int of) {
            return Math.max(1, inAll / of);
        }
    }

    /** Runs a task after a delay, on another thread. */
    @FunctionalInterface
    public interface DelayedTasks {
        void after(Duration delay, Runnable work);
    }

    /**
     * Key under which a connection can be reused. The source address and all other settings belong to the engine and are the same for all
     * its connections.
     *
     * @param remote host, address and port
     * @param security the protection; a connection opened with weaker protection is never reused for stricter requirements
     * @param self the name sent in EHLO
     * @param via the connector that opened it
     */
    record Key(RemoteMta remote, ConnectionSecurity security, Host self, Connector via) {

        Destination destination() {
            return new Destination(remote.host(), remote.port());
        }

        Endpoint endpoint() {
            return Endpoint.of(remote);
        }
    }

    /** A host name and port. */
    private record Destination(Host host, int port) {}

    /** One connection as counted against the limits: at every address being dialled for it, then only at the one connected. */
    private static final class Slot {

        private final Destination destination;
        private Set<Endpoint> endpoints;
        private boolean unproven;

        Slot(Destination destination, Set<Endpoint> endpoints, boolean unproven) {
            this.destination = destination;
            this.endpoints = endpoints;
            this.unproven = unproven;
        }
    }

    private record PooledSession(Key key, SmtpSession session, Instant until, Slot slot) {}

    private final PoolLimits limits;
    private final InstantSource clock;
    private final DelayedTasks delayed;
    private final ExpiringMap<Endpoint, Integer> mostTransactions;
    private final ExpiringMap<Endpoint, Boolean> answering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<PooledSession> kept =
            new ArrayDeque<>(); // guarded by the lock, like all fields below; oldest first
    private final Map<Destination, Integer> perHost = new HashMap<>();
    private final Map<Endpoint, Integer> perAddress = new HashMap<>();
    private int unproven;
    private int inAll;
    private boolean expiryScheduled;
    private boolean closed;

    public ConnectionPool(PoolLimits limits, InstantSource clock, DelayedTasks delayed) {
        this.limits = limits;
        this.clock = clock;
        this.delayed = delayed;
        this.mostTransactions = new ExpiringMap<>(REMEMBERED, MAX_ADDRESSES, clock);
        this.answering = new ExpiringMap<>(REMEMBERED, MAX_ADDRESSES, clock);
    }

    /** TRY-09: records that the server refused another transaction on a connection that had carried this many. */
    void learnMostTransactions(RemoteMta remote, int carried) {
        mostTransactions.merge(Endpoint.of(remote), carried, Math::min);
    }

    /** Returns the maximum number of transactions for this session: the lowest of the configured, the announced and the learnt limit. */
    long mostTransactions(RemoteMta remote, SmtpSession session) {
        int learnt = mostTransactions.get(Endpoint.of(remote)).orElse(Integer.MAX_VALUE);
        return Math.min(session.mostTransactions(), Math.min(limits.transactions(), learnt));
    }

    /**
     * Acquires a lease for one connection to the host of these keys, with the first kept session that matches one of them.
     *
     * @param keys one for each address of one host, in dialling order
     * @param waitForRoom whether to wait for room; if false, a lease is granted immediately, regardless of the limits
     * @return empty if the deadline passed before there was room
     */
    Optional<Lease> lease(List<Key> keys, boolean waitForRoom, Deadline deadline) throws InterruptedException {
        List<PooledSession> gone = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Lease> lease =
                        takeKept(keys).or(() -> waitForRoom ? roomFor(keys, gone) : Optional.of(newLease(keys)));
                if (lease.isPresent()) {
                    return lease;
                }
                if (!changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                    return Optional.empty();
                }
            }
        } finally {
            lock.unlock();
            gone.forEach(session -> session.session().quit());
        }
    }

    private Optional<Lease> takeKept(List<Key> keys) {
        for (Key key : keys) {
            // The session used last is the least likely to have been closed by its server.
            for (Iterator<PooledSession> newestFirst = kept.descendingIterator(); newestFirst.hasNext(); ) {
                PooledSession candidate = newestFirst.next();
                if (candidate.key().equals(key)) {
                    newestFirst.remove();
                    return Optional.of(new Lease(candidate.slot(), List.of(key.remote()), Optional.of(candidate)));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns a lease for the addresses that have room, after closing kept connections if necessary. */
    private Optional<Lease> roomFor(List<Key> keys, List<PooledSession> gone) {
        Destination destination = keys.get(0).destination();
        if (perHost.getOrDefault(destination, 0) >= limits.perHost()
                && !evict(gone, candidate -> candidate.key().destination().equals(destination))) {
            return Optional.empty();
        }
        List<Key> free = free(keys);
        if (free.isEmpty()) {
            evict(
                    gone,
                    candidate -> keys.stream()
                            .anyMatch(
                                    key -> key.endpoint().equals(candidate.key().endpoint())));
            free = free(keys);
        }
        if (free.isEmpty() || (isUnproven(free) && unproven >= limits.toUnproven())) {
            return Optional.empty();
        }
        return inAll < limits.inAll() || evict(gone, candidate -> true)
                ? Optional.of(newLease(free))
                : Optional.empty();
    }

    private List<Key> free(List<Key> keys) {
        return keys.stream()
                .filter(key -> perAddress.getOrDefault(key.endpoint(), 0) < mostAt(key))
                .toList();
    }

    /** Returns the connection limit for one address. A relay comes from configuration, so the reduced shares do not apply to it. */
    private int mostAt(Key key) {
        if (key.remote().role() == RemoteMta.Role.RELAY) {
            return limits.perHost();
        }
        return isUnproven(List.of(key)) ? limits.atUnproven() : limits.atAnswering();
    }

    /** Returns whether at least one of these addresses has not answered recently. */
    private boolean isUnproven(List<Key> keys) {
        return keys.stream()
                .anyMatch(key -> key.remote().role() != RemoteMta.Role.RELAY
                        && answering.get(key.endpoint()).isEmpty());
    }

    private Lease newLease(List<Key> keys) {
        Set<Endpoint> endpoints = keys.stream().map(Key::endpoint).collect(Collectors.toSet());
        Slot slot = new Slot(keys.get(0).destination(), endpoints, isUnproven(keys));
        count(slot, 1);
        return new Lease(slot, keys.stream().map(Key::remote).toList(), Optional.empty());
    }

    private boolean evict(List<PooledSession> gone, Predicate<PooledSession> test) {
        for (Iterator<PooledSession> oldestFirst = kept.iterator(); oldestFirst.hasNext(); ) {
            PooledSession candidate = oldestFirst.next();
            if (test.test(candidate)) {
                oldestFirst.remove();
                count(candidate.slot(), -1);
                gone.add(candidate);
                return true;
            }
        }
        return false;
    }

    private void evictAll(List<PooledSession> gone, Predicate<PooledSession> test) {
        boolean more;
        do {
            more = evict(gone, test);
        } while (more);
    }

    private void count(Slot slot, int change) {
        inAll += change;
        unproven += slot.unproven ? change : 0;
        add(perHost, slot.destination, change);
        slot.endpoints.forEach(endpoint -> add(perAddress, endpoint, change));
        changed.signalAll();
    }

    private static <K> void add(Map<K, Integer> counts, K key, int change) {
        counts.merge(key, change, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** Permission to open one connection. Not thread-safe. */
    final class Lease implements AutoCloseable {

        private final Slot slot;
        private final List<RemoteMta> remotes;
        private final Optional<PooledSession> taken;
        private boolean over;

        private Lease(Slot slot, List<RemoteMta> remotes, Optional<PooledSession> taken) {
            this.slot = slot;
            this.remotes = remotes;
            this.taken = taken;
        }

        /** Returns the addresses that may be dialled. */
        List<RemoteMta> remotes() {
            return remotes;
        }

        /** Returns the key of the kept session that came with this lease. */
        Optional<Key> key() {
            return taken.map(PooledSession::key);
        }

        /** Returns the kept session that came with this lease. The caller must close it or give it back. */
        Optional<SmtpSession> session() {
            return taken.map(PooledSession::session);
        }

        /** Records that the connection was made to this address. */
        void connectedTo(RemoteMta remote) {
            recount(Set.of(Endpoint.of(remote)), slot.unproven);
        }

        /**
         * Records how the server at this address behaved.
         *
         * @param answered true if it replied until the end; false if it timed out or the connection was lost
         */
        void recordBehaviour(RemoteMta remote, boolean answered) {
            Endpoint endpoint = Endpoint.of(remote);
            if (answered) {
                answering.merge(endpoint, true, Boolean::logicalOr);
                recount(Set.of(endpoint), false);
            } else {
                answering.remove(endpoint);
            }
        }

        private void recount(Set<Endpoint> endpoints, boolean isUnproven) {
            lock.lock();
            try {
                count(slot, -1);
                slot.endpoints = endpoints;
                slot.unproven = isUnproven;
                count(slot, 1);
            } finally {
                lock.unlock();
            }
        }

        /**
         * Returns session and lease to the pool if the session is reusable; otherwise quits the session, and the caller keeps the lease.
         */
        void release(Key key, SmtpSession session) {
            boolean ofUse = session.isUsable()
                    && session.transactions() < mostTransactions(key.remote(), session)
                    && !limits.idle().isZero();
            if (ofUse && keep(new PooledSession(key, session, clock.instant().plus(limits.idle()), slot))) {
                over = true;
            } else {
                session.quit();
            }
        }

        /** Releases the lease. Idempotent. */
        @Override
        public void close() {
            if (!over) {
                over = true;
                lock.lock();
                try {
                    count(slot, -1);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Adds a session to the pool. Returns false after {@link #close}. */
    private boolean keep(PooledSession session) {
        session.session().checkIn();
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            kept.add(session);
            changed.signalAll();
            scheduleExpiry();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void scheduleExpiry() {
        if (!expiryScheduled && !kept.isEmpty()) {
            expiryScheduled = true;
            delayed.after(Duration.between(clock.instant(), kept.getFirst().until()), this::endExpired);
        }
    }

    private void endExpired() {
        List<PooledSession> expired = new ArrayList<>();
        lock.lock();
        try {
            expiryScheduled = false;
            Instant now = clock.instant();
            evictAll(expired, candidate -> !candidate.until().isAfter(now));
            scheduleExpiry();
        } finally {
            lock.unlock();
        }
        expired.forEach(session -> session.session().quit());
    }

    /** Closes the kept sessions and keeps no further ones. Sessions in use are closed by their users. */
    @Override
    public void close() {
        List<PooledSession> rest = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            evictAll(rest, candidate -> true);
        } finally {
            lock.unlock();
        }
        rest.forEach(session -> session.session().quit());
    }
}
