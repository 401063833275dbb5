// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsAnswer.Failed;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.dns.AnswerCache.CacheKey;
import org.postroad.provider.internal.jfr.FlightEvents;
import org.postroad.provider.internal.jfr.FlightSpan;
import org.postroad.spi.MailDns;

/**
 * Wraps a {@link MailDns} implementation, built-in or plug-in. Adds a cache, sharing of concurrent equal queries, a limit on queries in
 * flight, and a check of the answers.
 *
 * <p>A query is answered from the cache, or else by an equal query in flight, whose answer is shared. Otherwise it gets a permit, calls the
 * delegate, and checks and caches the answer. The thread that queries the delegate does so within its own deadline. If it is interrupted or
 * runs out of time, one of the waiting threads queries instead.
 */
public final class CachingMailDns implements CachedMailDns {

    /** Maximum number of concurrent queries to the delegate. */
    public static final int MAX_IN_FLIGHT = 64;

    private final MailDns delegate;
    private final Semaphore permits = new Semaphore(MAX_IN_FLIGHT, true);
    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private final Map<CacheKey, SharedQuery> inFlight = new HashMap<>();

    @GuardedBy("lock")
    private final AnswerCache cache;

    private final CacheCounters counters;
    private volatile boolean closed;

    /**
     * @param delegate closed together with this object
     * @param clock determines the age of answers
     */
    public CachingMailDns(MailDns delegate, InstantSource clock) {
        this(delegate, clock, new CacheCounters());
    }

    /**
     * @param delegate closed together with this object
     * @param clock determines the age of answers
     * @param counters shared with other caches
     */
    public CachingMailDns(MailDns delegate, InstantSource clock, CacheCounters counters) {
        this.counters = counters;
        this.delegate = delegate;
        this.cache = new AnswerCache(clock, AnswerCache.MAX_OCTETS);
    }

    @Override
    public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) throws InterruptedException {
        return query(new CacheKey(name, type), type, deadline, true);
    }

    @Override
    public boolean has(HostName name, RecordType<?> type) {
        lock.lock();
        try {
            return cache.get(new CacheKey(name, type)).isPresent();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns a view that bypasses the cache, for retries (RETRY-03). Its answers replace those in the cache; a query in flight is still
     * shared. Closing it has no effect.
     */
    public CachedMailDns fresh() {
        return new CachedMailDns() {
            @Override
            public boolean has(HostName name, RecordType<?> type) {
                return false;
            }

            @Override
            public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                    throws InterruptedException {
                return CachingMailDns.this.query(new CacheKey(name, type), type, deadline, false);
            }
        };
    }

    /** Returns the number of answers in the cache. */
    public int size() {
        lock.lock();
        try {
            return cache.size();
        } finally {
            lock.unlock();
        }
    }

    /** Removes all answers from the cache. */
    public void clear() {
        lock.lock();
        try {
            cache.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        delegate.close();
        clear();
    }

    /** A query in flight. */
    private static final class SharedQuery {
        private final CountDownLatch completed = new CountDownLatch(1);
        private volatile @Nullable DnsAnswer<?> shared;

        /** Releases all waiting threads. If there is no answer, one of them queries again. */
        void complete(@Nullable DnsAnswer<?> answer) {
            shared = answer;
            completed.countDown();
        }

        boolean await(Deadline deadline) throws InterruptedException {
            return completed.await(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        }

        Optional<DnsAnswer<?>> answer() {
            return Optional.ofNullable(shared);
        }
    }

    private <R> DnsAnswer<R> query(CacheKey question, RecordType<R> type, Deadline deadline, boolean fromCache)
            throws InterruptedException {
        while (!closed) {
            SharedQuery own;
            SharedQuery flight;
            lock.lockInterruptibly();
            try {
                Optional<DnsAnswer<?>> kept = fromCache ? cache.get(question) : Optional.empty();
                if (kept.isPresent()) {
                    counters.hit();
                    return cast(kept.get());
                }
                own = new SharedQuery();
                SharedQuery earlier = inFlight.putIfAbsent(question, own);
                flight = earlier == null ? own : earlier;
            } finally {
                lock.unlock();
            }
            if (flight == own) {
                return ask(question, type, deadline, own);
            }
            if (!flight.await(deadline)) {
                return new Failed<>(Cause.TIMEOUT, "the same question of another thread was not answered in time");
            }
            Optional<DnsAnswer<?>> shared = flight.answer();
            if (shared.isPresent()) {
                return cast(shared.get());
            }
        }
        return new Failed<>(Cause.CLOSED, "DNS was closed");
    }

    private <R> DnsAnswer<R> ask(CacheKey question, RecordType<R> type, Deadline deadline, SharedQuery own)
            throws InterruptedException {
        DnsAnswer<R> answer = null;
        counters.miss();
        try {
            answer = AnswerCache.capped(askDelegate(question, type, deadline));
            return answer;
        } finally {
            if (answer == null || answer.failure().isPresent()) {
                counters.failure();
            }
            boolean isShared = answer != null && isShareable(answer, deadline);
            lock.lock();
            try {
                inFlight.remove(question, own);
                if (isShared && answer != null && !closed) {
                    cache.put(question, answer);
                }
            } finally {
                lock.unlock();
            }
            own.complete(isShared ? answer : null);
        }
    }

    private <R> DnsAnswer<R> askDelegate(CacheKey question, RecordType<R> type, Deadline deadline)
            throws InterruptedException {
        if (!permits.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
            return new Failed<>(
                    Cause.OVERLOAD, "all " + MAX_IN_FLIGHT + " permitted questions were in flight until the deadline");
        }
        FlightSpan<DnsAnswer<?>> span = FlightEvents.dns(question.name(), type);
        try {
            DnsAnswer<R> answer =
                    AnswerCheck.check(question.name(), type, delegate.query(question.name(), type, deadline));
            span.end(answer);
            return answer;
        } catch (RuntimeException e) {
            return new Failed<>(Cause.CONTRACT, "the resolver broke its contract: " + Printable.describe(e));
        } finally {
            permits.release();
        }
    }

    /** Returns whether other threads may use the answer. A failure due to the caller's own deadline or to the limit is not shared. */
    private static boolean isShareable(DnsAnswer<?> answer, Deadline deadline) {
        return answer.failure()
                .map(failure -> switch (failure.cause()) {
                    case OVERLOAD, CLOSED -> false;
                    case TIMEOUT -> !deadline.hasPassed();
                    default -> true;
                })
                .orElse(true);
    }

    /** Safe: a question contains its type, and {@link AnswerCheck} has checked that the records are of that type. */
    @SuppressWarnings("unchecked")
    private static <R> DnsAnswer<R> cast(DnsAnswer<?> answer) {
        return (DnsAnswer<R>) answer;
    }
}
