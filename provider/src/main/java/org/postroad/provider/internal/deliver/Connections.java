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
 * The connections of an engine: how many there may be, and those that are kept for the next send.
 *
 * <p>A contact takes a {@link Lease} before it dials, or gets a kept session with it, and releases the lease afterwards. Where there are as
 * many connections as are allowed, a kept one makes room, else the contact waits until another ends.
 *
 * <p>Limits count host names and addresses, because an attacker has as many names as it likes. An address at which no transaction was
 * concluded lately gets a small share of all connections, and all such addresses together leave some for the others: servers that keep us
 * waiting must not hold up mail to those that answer.
 *
 * <p>Thread-safe; no lock is held while anything is sent. Without kept sessions it owns nothing and no thread.
 */
public final class Connections implements AutoCloseable {

    /** How long it is remembered that an address answered, and how many transactions it takes on one connection. */
    static final Duration REMEMBERED = Duration.ofHours(1);

    /** Addresses remembered; of more, those that were met first are forgotten. */
    static final int MAX_ADDRESSES = 1000;

    /**
     * How many, and how long.
     *
     * @param inAll {@code maxconnections}: open concurrently, in use or kept
     * @param perHost {@code maxconnectionsperhost}: the same to one host name, and to one address
     * @param transactions {@code maxmessagesperconnection}: transactions on one connection, at least 1
     * @param idle {@code idletimeout}: how long one is kept; zero: never
     */
    public record Limits(int inAll, int perHost, int transactions, Duration idle) {

        /** 10 transactions, because that is the lowest limit known of servers in use; RFC 9422 announces such limits, few servers do. */
        public static final Limits DEFAULTS = new Limits(100, 20, 10, Duration.ofSeconds(10));

        /** To one address of a mail exchanger that answers: half of all. */
        int atAnswering() {
            return Math.min(perHost, share(2));
        }

        /** To one address of a mail exchanger that has not answered lately: a fifth of all. */
        int atUnproven() {
            return Math.min(perHost, share(5));
        }

        /** To all addresses that have not answered lately: all but a fifth. */
        int toUnproven() {
            return Math.max(1, inAll - share(5));
        }

        private int share(int of) {
            return Math.max(1, inAll / of);
        }
    }

    /** Does work after a delay, on another thread. */
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

        Endpoint endpoint() {
            return Endpoint.of(remote);
        }
    }

    /** A host by its name. */
    private record Destination(Host host, int port) {}

    /** One connection as the limits count it: at every address that is being dialled for it, then at the one that it has. */
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

    private record Kept(Key key, SmtpSession session, Instant until, Slot slot) {}

    private final Limits limits;
    private final InstantSource clock;
    private final Alarm alarm;
    private final ExpiringMap<Endpoint, Integer> mostTransactions;
    private final ExpiringMap<Endpoint, Boolean> answering;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Kept> kept = new ArrayDeque<>(); // under the lock, as all below; the longest kept first
    private final Map<Destination, Integer> perHost = new HashMap<>();
    private final Map<Endpoint, Integer> perAddress = new HashMap<>();
    private int unproven;
    private int inAll;
    private boolean alarmSet;
    private boolean closed;

    public Connections(Limits limits, InstantSource clock, Alarm alarm) {
        this.limits = limits;
        this.clock = clock;
        this.alarm = alarm;
        this.mostTransactions = new ExpiringMap<>(REMEMBERED, MAX_ADDRESSES, clock);
        this.answering = new ExpiringMap<>(REMEMBERED, MAX_ADDRESSES, clock);
    }

    /** TRY-09: the server refused another transaction on a connection that had carried that many. */
    void learnMostTransactions(RemoteMta remote, int carried) {
        mostTransactions.merge(Endpoint.of(remote), carried, Math::min);
    }

    /** The number of transactions that this session may carry: by configuration, by what the server says, and by what it was seen to take. */
    long mostTransactions(RemoteMta remote, SmtpSession session) {
        int learnt = mostTransactions.get(Endpoint.of(remote)).orElse(Integer.MAX_VALUE);
        return Math.min(session.mostTransactions(), Math.min(limits.transactions(), learnt));
    }

    /**
     * A lease for one connection to the host of these keys, with the first kept session that fits one of them.
     *
     * @param keys one for each address of one host, in the order in which they would be dialled
     * @param patient false: does not wait, whatever the limits say
     * @return empty: the deadline has passed before there was room
     */
    Optional<Lease> lease(List<Key> keys, boolean patient, Deadline deadline) throws InterruptedException {
        List<Kept> gone = new ArrayList<>();
        lock.lockInterruptibly();
        try {
            while (true) {
                Optional<Lease> lease =
                        takeKept(keys).or(() -> patient ? roomFor(keys, gone) : Optional.of(newLease(keys)));
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
            // The one that was used last is the one that is the least likely to be closed by its server.
            for (Iterator<Kept> newestFirst = kept.descendingIterator(); newestFirst.hasNext(); ) {
                Kept candidate = newestFirst.next();
                if (candidate.key().equals(key)) {
                    newestFirst.remove();
                    return Optional.of(new Lease(candidate.slot(), List.of(key.remote()), Optional.of(candidate)));
                }
            }
        }
        return Optional.empty();
    }

    /** A lease for those addresses at which there is room, or is made by the end of a kept connection. */
    private Optional<Lease> roomFor(List<Key> keys, List<Kept> gone) {
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

    /** A relay was chosen by configuration; it has no share. */
    private int mostAt(Key key) {
        if (key.remote().role() == RemoteMta.Role.RELAY) {
            return limits.perHost();
        }
        return isUnproven(List.of(key)) ? limits.atUnproven() : limits.atAnswering();
    }

    /** Whether one of them may turn out not to answer. */
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

    private boolean evict(List<Kept> gone, Predicate<Kept> test) {
        for (Iterator<Kept> oldestFirst = kept.iterator(); oldestFirst.hasNext(); ) {
            Kept candidate = oldestFirst.next();
            if (test.test(candidate)) {
                oldestFirst.remove();
                count(candidate.slot(), -1);
                gone.add(candidate);
                return true;
            }
        }
        return false;
    }

    private void evictAll(List<Kept> gone, Predicate<Kept> test) {
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

    /** The permission for one connection. Belongs to one thread. */
    final class Lease implements AutoCloseable {

        private final Slot slot;
        private final List<RemoteMta> remotes;
        private final Optional<Kept> taken;
        private boolean over;

        private Lease(Slot slot, List<RemoteMta> remotes, Optional<Kept> taken) {
            this.slot = slot;
            this.remotes = remotes;
            this.taken = taken;
        }

        /** The addresses that it is for. */
        List<RemoteMta> remotes() {
            return remotes;
        }

        /** The key of the kept session that came with it. */
        Optional<Key> key() {
            return taken.map(Kept::key);
        }

        /** The kept session that came with it; the caller's to close, or to give back. */
        Optional<SmtpSession> session() {
            return taken.map(Kept::session);
        }

        /** The connection is to this address. */
        void connectedTo(RemoteMta remote) {
            recount(Set.of(Endpoint.of(remote)), slot.unproven);
        }

        /**
         * How the server at this address behaved.
         *
         * @param answered whether it replied to the end; false: it kept us waiting, or the connection was lost
         */
        void concluded(RemoteMta remote, boolean answered) {
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

        /** Keeps the session, and the lease with it, if it is of further use; else closes it, and the lease stays the caller's. */
        void giveBack(Key key, SmtpSession session) {
            boolean ofUse = session.isUsable()
                    && session.transactions() < mostTransactions(key.remote(), session)
                    && !limits.idle().isZero();
            if (ofUse && keep(new Kept(key, session, clock.instant().plus(limits.idle()), slot))) {
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
                    count(slot, -1);
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Returns false after {@link #close}. */
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
            Instant now = clock.instant();
            evictAll(expired, candidate -> !candidate.until().isAfter(now));
            setAlarm();
        } finally {
            lock.unlock();
        }
        expired.forEach(session -> session.session().quit());
    }

    /** Closes the kept sessions, and keeps no more; those in use are closed by their users. */
    @Override
    public void close() {
        List<Kept> rest = new ArrayList<>();
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
