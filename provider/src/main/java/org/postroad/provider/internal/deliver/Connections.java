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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Deadline;
import org.postroad.api.Host;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.spi.Connector;

/**
 * The connections of an engine: how many there may be, and those that are kept for the next send.
 *
 * <p>A contact takes a {@link Lease} before it dials, or gets a kept session with it, and gives the lease back. Where there are as many
 * connections as are allowed, a kept one makes room, else the contact waits until another ends.
 *
 * <p>Thread-safe; no lock is held while anything is sent. Without kept sessions it owns nothing and no thread.
 */
public final class Connections implements AutoCloseable {

    /**
     * How many, and how long.
     *
     * @param inAll {@code maxconnections}: open at once, in use or kept
     * @param perHost {@code maxconnectionsperhost}: the same to one host
     * @param transactions {@code maxmessagesperconnection}: transactions on one connection, at least 1
     * @param idle {@code idletimeout}: how long one is kept; zero: never
     */
    public record Limits(int inAll, int perHost, int transactions, Duration idle) {

        public static final Limits DEFAULTS = new Limits(100, 20, 100, Duration.ofSeconds(10));
    }

    /** Has something done after a while, on another thread. */
    @FunctionalInterface
    public interface Alarm {
        void after(Duration delay, Runnable work);
    }

    /**
     * What makes two connections alike. The source address and all other settings are the engine's, and so are one for all of its
     * connections.
     *
     * @param remote host, address and port
     * @param security how it is protected; what was opened under a weaker one is never used for a stricter one
     * @param self the name in EHLO
     * @param via what dialled it
     */
    record Key(RemoteMta remote, Security security, Host self, Connector via) {

        Destination destination() {
            return new Destination(remote.host(), remote.port());
        }
    }

    /** What {@link Limits#perHost} counts. */
    private record Destination(Host host, int port) {}

    private record Kept(Key key, SmtpSession session, Instant until) {}

    private final Limits limits;
    private final InstantSource clock;
    private final Alarm alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Kept> kept = new ArrayDeque<>(); // under the lock, as all below; the longest kept first
    private final Map<Destination, Integer> perHost = new HashMap<>();
    private int inAll;
    private boolean alarmSet;
    private boolean closed;

    public Connections(Limits limits, InstantSource clock, Alarm alarm) {
        this.limits = limits;
        this.clock = clock;
        this.alarm = alarm;
    }

    /**
     * A lease for one connection to the host of these keys, with the first kept session that fits one of them.
     *
     * @param keys one for each address of one host, in the order in which they would be dialled
     * @param patient false: does not wait, whatever the limits say
     * @return empty: the deadline has passed before there was room
     */
    Optional<Lease> lease(List<Key> keys, boolean patient, Deadline deadline) throws InterruptedException {
        Destination destination = keys.get(0).destination();
        List<Kept> gone = new ArrayList<>();
        Lease lease = new Lease(destination);
        lock.lockInterruptibly();
        try {
            while (!takeKept(keys, lease) && patient && !makeRoom(destination, gone)) {
                if (!changed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                    return Optional.empty();
                }
            }
            if (lease.taken.isEmpty()) {
                count(destination, 1);
            }
        } finally {
            lock.unlock();
            gone.forEach(session -> session.session().quit());
        }
        return Optional.of(lease);
    }

    private boolean takeKept(List<Key> keys, Lease lease) {
        for (Key key : keys) {
            // The one that was used last is the one that is the least likely to be closed by its server.
            for (Iterator<Kept> newestFirst = kept.descendingIterator(); newestFirst.hasNext(); ) {
                Kept candidate = newestFirst.next();
                if (candidate.key().equals(key)) {
                    newestFirst.remove();
                    lease.taken = Optional.of(candidate);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean makeRoom(Destination destination, List<Kept> gone) {
        if (perHost.getOrDefault(destination, 0) >= limits.perHost()) {
            return evict(gone, Optional.of(destination));
        }
        return inAll < limits.inAll() || evict(gone, Optional.empty());
    }

    private boolean evict(List<Kept> gone, Optional<Destination> destination) {
        for (Iterator<Kept> oldestFirst = kept.iterator(); oldestFirst.hasNext(); ) {
            Kept candidate = oldestFirst.next();
            if (destination.isEmpty()
                    || destination.get().equals(candidate.key().destination())) {
                oldestFirst.remove();
                count(candidate.key().destination(), -1);
                gone.add(candidate);
                return true;
            }
        }
        return false;
    }

    private void count(Destination destination, int change) {
        inAll += change;
        perHost.merge(destination, change, (before, more) -> before + more == 0 ? null : before + more);
        changed.signalAll();
    }

    /** The permission for one connection. Belongs to one thread. */
    final class Lease implements AutoCloseable {

        private final Destination destination;
        private Optional<Kept> taken = Optional.empty();
        private boolean over;

        private Lease(Destination destination) {
            this.destination = destination;
        }

        /** The key of the kept session that came with it. */
        Optional<Key> key() {
            return taken.map(Kept::key);
        }

        /** The kept session that came with it; the caller's to close, or to give back. */
        Optional<SmtpSession> session() {
            return taken.map(Kept::session);
        }

        /** The session is kept, and the lease with it, if it is of further use; else it is ended, and the lease stays the caller's. */
        void giveBack(Key key, SmtpSession session) {
            boolean ofUse = session.isUsable()
                    && !session.isExhausted()
                    && session.transactions() < limits.transactions()
                    && !limits.idle().isZero();
            if (ofUse && keep(new Kept(key, session, clock.instant().plus(limits.idle())))) {
                over = true;
            } else {
                session.quit();
            }
        }

        /** Gives it back; idempotent. */
        @Override
        public void close() {
            if (!over) {
                over = true;
                lock.lock();
                try {
                    count(destination, -1);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Whether it is kept. */
    private boolean keep(Kept session) {
        session.session().rest();
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            kept.add(session);
            changed.signalAll();
            setAlarm();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void setAlarm() {
        if (!alarmSet && !kept.isEmpty()) {
            alarmSet = true;
            alarm.after(Duration.between(clock.instant(), kept.getFirst().until()), this::endExpired);
        }
    }

    private void endExpired() {
        List<Kept> expired = new ArrayList<>();
        lock.lock();
        try {
            alarmSet = false;
            while (!kept.isEmpty() && !kept.getFirst().until().isAfter(clock.instant())) {
                expired.add(kept.getFirst());
                count(kept.removeFirst().key().destination(), -1);
            }
            setAlarm();
        } finally {
            lock.unlock();
        }
        expired.forEach(session -> session.session().quit());
    }

    /** Ends the kept sessions, and keeps no more; those in use are their users' matter. */
    @Override
    public void close() {
        List<Kept> rest = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            boolean more;
            do {
                more = evict(rest, Optional.empty());
            } while (more);
        } finally {
            lock.unlock();
        }
        rest.forEach(session -> session.session().quit());
    }
}
