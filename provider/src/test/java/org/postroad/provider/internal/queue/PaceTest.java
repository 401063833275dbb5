// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.DestinationPace;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.QueueOptions;
import org.postroad.api.TlsDemand;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.message.SpooledMessage;
import org.postroad.provider.internal.queue.QueueSettings.DestinationLimits;
import org.postroad.provider.internal.queue.QueueSettings.Timing;
import org.postroad.provider.internal.queue.store.Database;
import org.postroad.provider.internal.queue.store.MessageRows;
import org.postroad.provider.internal.queue.store.PaceRows.MeasuredPace;
import org.postroad.provider.internal.queue.store.QueuedMessage;
import org.postroad.provider.internal.queue.store.Schema;
import org.postroad.provider.internal.queue.store.TestDatabase;
import org.postroad.provider.internal.queue.store.Unclosed;

/** For each limit a visit, or several, in which that limit takes the time; in virtual time. */
@Timeout(300)
class PaceTest extends QueueTesting {

    private static final Domain ONE = Domain.parse("one.test");
    private static final Domain TWO = Domain.parse("two.test");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final VirtualClock virtual = new VirtualClock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private PaceMeter pace = new PaceMeter(virtual, 1);
    private Timing timing = Timing.DEFAULTS;
    private int messages;

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    private Database opened() throws Exception {
        Database database = TestDatabase.SQLITE.open(directory);
        Schema.ensure(database, true);
        return database;
    }

    private void limit(int concurrency, Optional<Rate> rate) {
        limits = new DestinationLimits(concurrency, rate);
        pace = new PaceMeter(virtual, concurrency);
    }

    private DestinationVisits visits(Database database) {
        return visits(database, virtual);
    }

    private DestinationVisits visits(Database database, InstantSource wall) {
        QueueSettings settings = new QueueSettings(
                QueueSettings.Admission.DEFAULTS,
                QueueSettings.Retrying.DEFAULTS,
                limits,
                timing,
                QueueSettings.Bounces.SENDER);
        Environment environment = new Environment(wall, new Random(7), Thread::new);
        return visits(
                database,
                agent,
                noticeSender(database, agent, settings, environment, workers, domains -> {}),
                new Throttle(limits, wall),
                pace,
                settings,
                environment,
                workers,
                closing);
    }

    private void add(Database database, Domain domain, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Mailbox recipient = Mailbox.parse("a@" + domain);
            try (SpooledMessage content = content("x")) {
                QueuedMessage message = new QueuedMessage(
                        "m" + (10_000 + messages++),
                        virtual.instant(),
                        virtual.instant().plus(Duration.ofDays(5)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        TlsDemand.NONE,
                        new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                        content.facts());
                database.write(connection -> {
                    MessageRows.add(
                            connection,
                            message,
                            content::openStream,
                            Envelope.of(Optional.empty(), List.of(recipient)).recipients(),
                            QueueOptions.NONE);
                    return true;
                });
            }
        }
    }

    private void attemptsTake(Duration duration) {
        agent.answers(mail -> {
            virtual.advance(duration);
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
    }

    private Map<Limit, Duration> spent(Domain domain) {
        return pace.take().stream()
                .filter(measured -> measured.domain().equals(domain))
                .map(MeasuredPace::spent)
                .findFirst()
                .orElse(new EnumMap<>(Limit.class));
    }

    @Test
    void pace_oneDeliveryWaitsForTheServer() throws Exception {
        try (Database database = opened()) {
            add(database, ONE, 1);
            attemptsTake(SECOND);
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(spent(ONE)).containsExactly(Map.entry(Limit.SERVER, SECOND));
        }
    }

    @Test
    void pace_manyDeliveriesWaitForAFreePlace() throws Exception {
        try (Database database = opened()) {
            limit(1, Optional.empty());
            add(database, ONE, 5);
            attemptsTake(SECOND);
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(spent(ONE)) // nothing waits for the place of the last one
                    .containsOnly(
                            Map.entry(Limit.CONCURRENCY, SECOND.multipliedBy(4)), Map.entry(Limit.SERVER, SECOND));
            assertThat(pace.take()).isEmpty();
        }
    }

    @Test
    void pace_placesInUseByOtherDomainsAreAwaitedBetweenVisits() throws Exception {
        try (Database database = opened()) {
            limit(1, Optional.empty());
            add(database, ONE, 1);
            add(database, TWO, 1);
            DestinationVisits visits = visits(database);
            agent.answers(
                    mail -> { // both have the same mail exchangers
                        try {
                            if (mail.recipients().get(0).domain().equals(ONE)) {
                                visits.visit(TWO, DestinationLease.FOR_EVER);
                                virtual.advance(SECOND);
                                visits.visit(TWO, DestinationLease.FOR_EVER);
                            }
                        } catch (SQLException e) {
                            throw new AssertionError(e);
                        }
                        return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
                    });
            visits.visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(1);
            assertThat(spent(TWO)).containsExactly(Map.entry(Limit.CONCURRENCY, SECOND));
        }
    }

    @Test
    void pace_theRateIsAwaitedBetweenVisits() throws Exception {
        try (Database database = opened()) {
            limit(5, Optional.of(new Rate(1, Duration.ofMinutes(1))));
            add(database, ONE, 2);
            DestinationVisits visits = visits(database);
            visits.visit(ONE, DestinationLease.FOR_EVER);
            virtual.advance(Duration.ofMinutes(1));
            visits.visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(2);
            assertThat(spent(ONE)).containsExactly(Map.entry(Limit.RATE, Duration.ofMinutes(1)));
        }
    }

    @Test
    void pace_nothingIsAwaitedIfNothingIsDue() throws Exception {
        try (Database database = opened()) {
            limit(5, Optional.of(new Rate(1, Duration.ofMinutes(1))));
            add(database, ONE, 1);
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            virtual.advance(SECOND);
            assertThat(spent(ONE)).isEmpty();
        }
    }

    /** The worker really waits; meanwhile each look at the clock takes a while. */
    @Test
    void pace_theRateIsAwaitedWithinAVisit() throws Exception {
        try (Database database = opened()) {
            InstantSource passing = () -> {
                virtual.advance(Duration.ofMillis(1));
                return virtual.instant();
            };
            limit(5, Optional.of(new Rate(1, Duration.ofMillis(20))));
            pace = new PaceMeter(passing, 5);
            add(database, ONE, 3);
            visits(database, passing).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(3);
            assertThat(spent(ONE)).containsKey(Limit.RATE).doesNotContainKey(Limit.CONCURRENCY);
        }
    }

    @Test
    void pace_deliveriesWaitForAConnection() throws Exception {
        try (Database database = opened()) {
            limit(1, Optional.empty());
            add(database, ONE, 2);
            agent.answers(mail -> {
                mail.waits().began();
                virtual.advance(SECOND.multipliedBy(9));
                mail.waits().ended();
                virtual.advance(SECOND);
                return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
            });
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(spent(ONE))
                    .containsOnly(
                            Map.entry(Limit.CONNECTIONS, SECOND.multipliedBy(18)),
                            Map.entry(Limit.CONCURRENCY, SECOND),
                            Map.entry(Limit.SERVER, SECOND));
        }
    }

    @Test
    void pace_deliveriesWaitForTheDatabase() throws Exception {
        try (Database database = opened()) {
            limit(1, Optional.empty());
            add(database, ONE, 2);
            Database slow = new Unclosed(database) {
                @Override
                public <T> T write(Work<T> work) throws SQLException, InterruptedException {
                    virtual.advance(SECOND);
                    return super.write(work);
                }
            };
            visits(slow).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(2);
            assertThat(spent(ONE)) // begin, end and begin, end
                    .containsExactly(Map.entry(Limit.DATABASE, SECOND.multipliedBy(3)));
        }
    }

    @Test
    void pace_anUnfinishedAttemptIsMeasuredToo() throws Exception {
        try (Database database = opened()) {
            add(database, ONE, 1);
            agent.answers(mail -> {
                virtual.advance(SECOND);
                assertThat(spent(ONE)).containsExactly(Map.entry(Limit.SERVER, SECOND));
                mail.waits().began();
                virtual.advance(SECOND);
                assertThat(spent(ONE)).containsExactly(Map.entry(Limit.CONNECTIONS, SECOND));
                mail.waits().ended();
                return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
            });
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(1);
            assertThat(pace.take()).singleElement().matches(last -> last.finished() == 1);
        }
    }

    @Test
    void pace_aDestinationThatDidNotAnswerWaitsForNoPlace() throws Exception {
        try (Database database = opened()) {
            limit(1, Optional.empty());
            add(database, ONE, 2);
            agent.answers(FakeDeliveryAgent::isDown);
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            virtual.advance(SECOND);
            assertThat(spent(ONE)).isEmpty();
        }
    }

    @Test
    void pace_destinationsWaitForTheirTurn() throws Exception {
        try (Database database = opened()) {
            timing = new Timing(SECOND, Duration.ofMinutes(1), 1, SECOND);
            add(database, ONE, 1);
            DestinationVisits visits = visits(database);
            visits.awaitsVisit(TWO); // nothing else is in progress: it is visited immediately
            virtual.advance(SECOND);
            agent.answers(mail -> {
                visits.awaitsVisit(TWO);
                virtual.advance(SECOND);
                return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
            });
            visits.visit(ONE, DestinationLease.FOR_EVER);
            assertThat(spent(TWO)).containsExactly(Map.entry(Limit.DESTINATIONS, SECOND));
            virtual.advance(Duration.ofHours(1)); // it is no longer signalled
            assertThat(spent(TWO)).containsExactly(Map.entry(Limit.DESTINATIONS, Duration.ofSeconds(6)));
        }
    }

    @Test
    void pace_aDestinationWaitsAgainAfterItsTurn() throws Exception {
        try (Database database = opened()) {
            timing = new Timing(SECOND, Duration.ofMinutes(1), 1, SECOND);
            limit(1, Optional.empty());
            add(database, ONE, DeliveryWorkers.TURN + 1);
            DestinationVisits visits = visits(database);
            visits.visit(ONE, DestinationLease.FOR_EVER);
            assertThat(agent.handed()).hasSize(DeliveryWorkers.TURN);
            virtual.advance(SECOND);
            assertThat(spent(ONE)).containsExactly(Map.entry(Limit.DESTINATIONS, SECOND));
        }
    }

    @Test
    void pace_idleDestinationsAreForgotten() throws Exception {
        try (Database database = opened()) {
            add(database, ONE, 1);
            attemptsTake(SECOND);
            visits(database).visit(ONE, DestinationLease.FOR_EVER);
            assertThat(pace.take()).hasSize(1);
            assertThat(pace.size()).isEqualTo(1); // what it finished in the last minute
            virtual.advance(Duration.ofMinutes(1));
            assertThat(pace.take()).isEmpty();
            assertThat(pace.size()).isZero();
        }
    }

    /** From the signal to what another handle reads; all but the visit of one.test waits. */
    @ParameterizedTest
    @EnumSource
    void pace_isReadFromTheDatabase(TestDatabase kind) throws Exception {
        Instant start = Instant.now(); // a clock that differs much from the database's is refused
        clock = () -> start.plus(Duration.between(VirtualClock.START, virtual.instant()));
        Timing ofOne = new Timing(Timing.MIN_POLL, Duration.ofMinutes(1), 1, Duration.ofSeconds(10));
        CountDownLatch end = new CountDownLatch(1);
        agent.answers(mail -> {
            end.await();
            return FakeDeliveryAgent.says(250, "2.0.0 ok").apply(mail);
        });
        try (QueueManager queue = open(kind.open(directory), ofOne)) {
            QueueControl control = new QueueControl(queue);
            submit(queue, ONE);
            while (agent.handed().isEmpty()) {
                spin();
            }
            submit(queue, TWO);
            List<DestinationPace> all = control.pace("", 10);
            while (all.stream().anyMatch(each -> each.binding() == Limit.NOTHING)) {
                virtual.advance(Duration.ofMillis(50));
                all = control.pace("", 10);
            }
            assertThat(all)
                    .extracting(each -> each.domain() + " " + each.binding().name() + " " + each.settings() + " "
                            + each.processes())
                    .containsExactly("one.test SERVER [] 1", "two.test DESTINATIONS [mail.mx.queue.destinations=1] 1");
            end.countDown();
            awaitEmpty(queue);
        }
    }

    private static void submit(QueueManager queue, Domain domain) throws Exception {
        try (SpooledMessage content = content("x")) {
            queue.submit(
                    Envelope.of(Optional.empty(), List.of(Mailbox.parse("a@" + domain))),
                    content,
                    new QueuedMessage.Labels(Optional.empty(), Optional.empty()),
                    QueueOptions.NONE);
        }
    }

    @Test
    void pace_theNumberOfDestinationsHasALimit() {
        for (int i = 0; i <= PaceMeter.MAX_DESTINATIONS; i++) {
            pace.await(Domain.parse("d" + i + ".test"), Limit.DESTINATIONS, SECOND);
        }
        assertThat(pace.size()).isEqualTo(PaceMeter.MAX_DESTINATIONS);
        try (DestinationMeter meter = pace.visit(ONE)) { // works, but is not published
            meter.begin(DestinationMeter.Activity.ATTEMPT);
            virtual.advance(SECOND);
            meter.end(DestinationMeter.Activity.ATTEMPT);
        }
        assertThat(spent(ONE)).isEmpty();
    }
}
