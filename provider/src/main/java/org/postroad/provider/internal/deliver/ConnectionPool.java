// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postroad.api.Deadline;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.deliver.ConnectionCounts.Slot;
import org.postroad.provider.internal.deliver.ConnectionKey.HostPort;
import org.postroad.provider.internal.smtp.SmtpSession;

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

    /** Runs a task after a delay, on another thread. */
    @FunctionalInterface
    public interface DelayedTasks {
        /** {@return prevents the task from running, unless it has begun} */
        Runnable after(Duration delay, Runnable work);
    }

    private record PooledSession(ConnectionKey key, SmtpSession session, Instant until, Slot slot) {}

    private final PoolLimits limits;
    private final InstantSource clock;
    private final DelayedTasks delayed;
    private final ExpiringMap<Endpoint, Integer> mostTransactions;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    @GuardedBy("lock")
    private final ConnectionCounts counts;

    @GuardedBy("lock")
    private final Deque<PooledSession> kept = new ArrayDeque<>(); // oldest first

    /** Cancels the next expiry, if one is scheduled. */
    @GuardedBy("lock")
    private Optional<Runnable> expiry = Optional.empty();

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private long opened;

    @GuardedBy("lock")
    private long reused;

    public ConnectionPool(PoolLimits limits, InstantSource clock, DelayedTasks delayed) {
        this.limits = limits;
        this.clock = clock;
        this.delayed = delayed;
        this.mostTransactions = new ExpiringMap<>(ConnectionCounts.REMEMBERED, ConnectionCounts.MAX_ADDRESSES, clock);
        this.counts = new ConnectionCounts(limits, clock);
    }

    /**
     * The use of the pool at one moment.
     *
     * @param inUse connections that are being opened or used
     * @param idle connections that are kept for the next message
     * @param limit the maximum number of both together
     * @param opened connections opened so far
     * @param reused how often a kept connection was used again so far
     */
    public record PoolUsage(int inUse, int idle, int limit, long opened, long reused) {}

    /** Returns the current use. */
    public PoolUsage usage() {
        lock.lock();
        try {
            return new PoolUsage(counts.inAll() - kept.size(), kept.size(), limits.inAll(), opened, reused);
        } finally {
            lock.unlock();
        }
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
    Optional<Lease> lease(List<ConnectionKey> keys, boolean waitForRoom, Deadline deadline)
            throws InterruptedException {
        List<PooledSession> gone = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Lease> lease = takeKept(keys);
                if (lease.isEmpty()) {
                    lease = waitForRoom ? roomFor(keys, gone) : Optional.of(newLease(keys));
                }
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

    @GuardedBy("lock")
    private Optional<Lease> takeKept(List<ConnectionKey> keys) {
        for (ConnectionKey key : keys) {
            // The session used last is the least likely to have been closed by its server.
            for (Iterator<PooledSession> newestFirst = kept.descendingIterator(); newestFirst.hasNext(); ) {
                PooledSession candidate = newestFirst.next();
                if (candidate.key().equals(key)) {
                    newestFirst.remove();
                    reused++;
                    return Optional.of(new Lease(candidate.slot(), List.of(key.remote()), Optional.of(candidate)));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns a lease for the addresses that have room, after closing kept connections if necessary. */
    @GuardedBy("lock")
    private Optional<Lease> roomFor(List<ConnectionKey> keys, List<PooledSession> gone) {
        HostPort host = keys.get(0).hostPort();
        if (!counts.hasRoomAt(host)
                && !evict(gone, candidate -> candidate.key().hostPort().equals(host))) {
            return Optional.empty();
        }
        List<ConnectionKey> free = counts.withRoom(keys);
        if (free.isEmpty()) {
            Set<Endpoint> endpoints = keys.stream().map(ConnectionKey::endpoint).collect(Collectors.toSet());
            evict(gone, candidate -> endpoints.contains(candidate.key().endpoint()));
            free = counts.withRoom(keys);
        }
        if (free.isEmpty() || counts.exceedsUnproven(free)) {
            return Optional.empty();
        }
        return counts.hasRoom() || evict(gone, candidate -> true) ? Optional.of(newLease(free)) : Optional.empty();
    }

    @GuardedBy("lock")
    private Lease newLease(List<ConnectionKey> keys) {
        List<RemoteMta> remotes = keys.stream().map(ConnectionKey::remote).toList();
        return new Lease(counts.add(keys), remotes, Optional.empty());
    }

    @GuardedBy("lock")
    private boolean evict(List<PooledSession> gone, Predicate<PooledSession> test) {
        for (Iterator<PooledSession> oldestFirst = kept.iterator(); oldestFirst.hasNext(); ) {
            PooledSession candidate = oldestFirst.next();
            if (test.test(candidate)) {
                oldestFirst.remove();
                counts.remove(candidate.slot());
                changed.signalAll();
                gone.add(candidate);
                return true;
            }
        }
        return false;
    }

    @GuardedBy("lock")
    private void evictAll(List<PooledSession> gone, Predicate<PooledSession> test) {
        boolean more;
        do {
            more = evict(gone, test);
        } while (more);
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
        Optional<ConnectionKey> key() {
            return taken.map(PooledSession::key);
        }

        /** Returns the kept session that came with this lease. The caller must close it or give it back. */
        Optional<SmtpSession> session() {
            return taken.map(PooledSession::session);
        }

        /** Records that the connection was made to this address. */
        void connectedTo(RemoteMta remote) {
            lock.lock();
            try {
                opened++;
                counts.connected(slot, Endpoint.of(remote));
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        /**
         * Records how the server at this address behaved.
         *
         * @param answered true if it replied until the end; false if it timed out or the connection was lost
         */
        void recordBehaviour(RemoteMta remote, boolean answered) {
            lock.lock();
            try {
                if (answered) {
                    counts.answered(slot, Endpoint.of(remote));
                    changed.signalAll();
                } else {
                    counts.failed(Endpoint.of(remote));
                }
            } finally {
                lock.unlock();
            }
        }

        /**
         * Returns session and lease to the pool if the session is reusable; otherwise quits the session, and the caller keeps the lease.
         */
        void release(ConnectionKey key, SmtpSession session) {
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
                    counts.remove(slot);
                    changed.signalAll();
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

    @GuardedBy("lock")
    private void scheduleExpiry() {
        if (expiry.isEmpty() && !kept.isEmpty()) {
            Duration delay = Duration.between(clock.instant(), kept.getFirst().until());
            expiry = Optional.of(delayed.after(delay, this::endExpired));
        }
    }

    private void endExpired() {
        List<PooledSession> expired = new ArrayList<>();
        lock.lock();
        try {
            expiry = Optional.empty();
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
        closeKept(true);
    }

    /** Closes the kept sessions. */
    public void closeIdle() {
        closeKept(false);
    }

    private void closeKept(boolean forEver) {
        List<PooledSession> rest = new ArrayList<>();
        lock.lock();
        try {
            closed |= forEver;
            evictAll(rest, candidate -> true);
            expiry.ifPresent(Runnable::run); // it would keep the thread of the timer
            expiry = Optional.empty();
        } finally {
            lock.unlock();
        }
        rest.forEach(session -> session.session().quit());
    }
}
