// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.spi.MailDns;
import org.postroad.tck.StubExchange.TemporaryFailure;
import org.postroad.tck.catalogue.Feature;

/** Implementations with errors in names, time, caches, threads and closing. */
final class MailDnsLifeGallery {

    private static final Duration SHORT_PATIENCE = Duration.ofMillis(1_500);

    private MailDnsLifeGallery() {}

    /** Wraps the reference. */
    abstract static class Wrapped extends BrokenMailDns {
        /** Makes the query in a wrong way. */
        abstract <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException;

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                private final MailDns inner = new StubMailDns(servers);

                @Override
                public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                        throws InterruptedException {
                    return Wrapped.this.query(inner, name, type, deadline);
                }

                @Override
                public void close() {
                    inner.close();
                }
            };
        }
    }

    static class AnswersNull extends Wrapped {
        @Override
        @SuppressWarnings("NullAway")
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline) {
            return null;
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE.dividedBy(3);
        }
    }

    static class AppendsItsOwnDomain extends Wrapped {
        @Override
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            DnsAnswer<R> answer = inner.query(name, type, deadline);
            return answer instanceof DnsAnswer.NoSuchName<R> && name.text().indexOf('.') < 0
                    ? inner.query(HostName.parse(name + ".example.test"), type, deadline)
                    : answer;
        }
    }

    static class NamesWhatWasAskedFor extends Wrapped {
        @Override
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            DnsAnswer<R> answer = inner.query(name, type, deadline);
            return answer instanceof DnsAnswer.Found<R> found
                    ? new DnsAnswer.Found<>(found.records(), new DnsName(name.text()), found.ttl(), found.security())
                    : answer;
        }
    }

    /** Caches that there was nothing, but not the kind of outcome. */
    static class ForgetsWhyThereWasNothing extends Wrapped {
        private final Set<String> nothing = ConcurrentHashMap.newKeySet();

        @Override
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            DnsAnswer<R> answer = inner.query(name, type, deadline);
            boolean again = answer instanceof DnsAnswer.NoData<R> && !nothing.add(name + " " + type);
            return again ? new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.INSECURE) : answer;
        }
    }

    /** Caches records, correctly or not. */
    abstract static class Keeping extends BrokenMailDns {
        /** A cached answer, and the end of its cache time. */
        private record Kept(DnsAnswer.Found<?> found, Deadline end) {}

        Duration keptFor(Duration ttl) {
            return ttl;
        }

        Duration shown(Duration ttl, Duration remaining) {
            return remaining;
        }

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                private final Map<String, Kept> kept = new ConcurrentHashMap<>();

                @Override
                public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                        throws InterruptedException {
                    String question = name + " " + type;
                    Kept known = kept.get(question);
                    if (!isClosed() && known != null && !known.end().hasPassed()) {
                        return again(known);
                    }
                    DnsAnswer<R> answer = super.query(name, type, deadline);
                    if (answer instanceof DnsAnswer.Found<R> found) {
                        kept.put(question, new Kept(found, Deadline.after(keptFor(found.ttl()))));
                    }
                    return answer;
                }
            };
        }

        @SuppressWarnings("unchecked")
        private <R> DnsAnswer<R> again(Kept kept) {
            DnsAnswer.Found<R> found = (DnsAnswer.Found<R>) kept.found();
            return new DnsAnswer.Found<>(
                    found.records(),
                    found.canonicalName(),
                    shown(found.ttl(), kept.end().remaining()),
                    found.security());
        }
    }

    static class ShowsTheTtlOfOld extends Keeping {
        @Override
        Duration shown(Duration ttl, Duration remaining) {
            return ttl;
        }
    }

    static class KeepsForTooLong extends Keeping {
        @Override
        Duration keptFor(Duration ttl) {
            return ttl.multipliedBy(3);
        }

        @Override
        Duration shown(Duration ttl, Duration remaining) {
            return Duration.ZERO;
        }
    }

    static class ShowsTheTtlOfTheRecordAlone extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Chain follow(StubMessage message, Chain start) throws TemporaryFailure {
                    Chain chain = super.follow(message, start);
                    return new Chain(chain.name(), chain.aliases(), Integer.MAX_VALUE, chain.secure());
                }
            };
        }
    }

    static class AsksAfterTheDeadline extends Wrapped {
        @Override
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            return inner.query(name, type, deadline.hasPassed() ? Deadline.after(silenceOfThisRun()) : deadline);
        }
    }

    /** Uses a limit of its own instead of the deadline. */
    static class ForgetsTheDeadlineOverTcp extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers, new StubExchange() {
                @Override
                StubMessage whole(StubMessage truncated, byte[] question, InetSocketAddress server, Deadline deadline)
                        throws IOException, TemporaryFailure, InterruptedException {
                    return super.whole(
                            truncated, question, server, Deadline.after(timeOfThisRun(Duration.ofMillis(2_500))));
                }
            });
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class AsksOneQuestionAtATime extends Wrapped {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            lock.lockInterruptibly();
            try {
                return inner.query(name, type, deadline);
            } finally {
                lock.unlock();
            }
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    /** Concurrent queries may get each other's answers. */
    static class MixesAnswersUp extends Wrapped {
        private final Exchanger<DnsAnswer<?>> exchanger = new Exchanger<>();
        private final AtomicInteger open = new AtomicInteger();

        @Override
        @SuppressWarnings("unchecked")
        <R> DnsAnswer<R> query(MailDns inner, HostName name, RecordType<R> type, Deadline deadline)
                throws InterruptedException {
            boolean crowded = open.incrementAndGet() > 1;
            try {
                DnsAnswer<R> answer = inner.query(name, type, deadline);
                return crowded ? (DnsAnswer<R>) exchanger.exchange(answer, 1, TimeUnit.SECONDS) : answer;
            } catch (TimeoutException nobodyElse) {
                return inner.query(name, type, deadline);
            } finally {
                open.decrementAndGet();
            }
        }
    }

    static class WorksAfterClosing extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                        throws InterruptedException {
                    return isClosed()
                            ? new StubMailDns(servers).query(name, type, deadline)
                            : super.query(name, type, deadline);
                }
            };
        }
    }

    static class CannotBeClosedTwice extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                private int closed;

                @Override
                public void close() {
                    super.close();
                    // The suite closes after the test, too.
                    if (++closed == 2) {
                        throw new IllegalStateException("closed already");
                    }
                }
            };
        }
    }

    static class LetsOpenQuestionsWait extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                private final MailDns inner = new StubMailDns(servers);

                @Override
                public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                        throws InterruptedException {
                    return isClosed()
                            ? super.query(name, type, deadline)
                            : inner.query(name, type, deadline.atMost(SHORT_PATIENCE.multipliedBy(2)));
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class LeavesAThreadBehind extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    },
                    "left-behind");
            thread.setDaemon(true);
            thread.start();
            return new StubMailDns(servers);
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class LeavesASocketBehind extends BrokenMailDns {
        private static final Set<AutoCloseable> LEFT = ConcurrentHashMap.newKeySet();

        @Override
        protected MailDns create(List<InetSocketAddress> servers) throws IOException {
            LEFT.add(new DatagramSocket());
            return new StubMailDns(servers);
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class LeavesAConnectionBehind extends BrokenMailDns {
        private static final Set<AutoCloseable> LEFT = ConcurrentHashMap.newKeySet();

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers, new StubExchange() {
                @Override
                StubMessage whole(StubMessage truncated, byte[] question, InetSocketAddress server, Deadline deadline)
                        throws IOException, TemporaryFailure, InterruptedException {
                    LEFT.add(new Socket(server.getAddress(), server.getPort()));
                    return super.whole(truncated, question, server, deadline);
                }
            });
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class IsNotMade extends MailDnsTck {
        @Override
        @SuppressWarnings("NullAway")
        protected @Nullable MailDns create(List<InetSocketAddress> servers) {
            return null;
        }

        @Override
        protected Set<Feature> features() {
            return ReferenceMailDnsTest.FEATURES;
        }
    }

    static class IsMadeWithAnException extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) throws IOException {
            throw new IOException("no way to make one");
        }
    }
}
