// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.DataGate;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.SecuredSocket;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.TestSessions;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.StartTls;

/** Connection limits and idle times, on virtual time. */
@Timeout(300)
class ConnectionPoolTest {

    private static final HostName SELF = HostName.parse("client.test");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Transcript transcript = new Transcript();
    private final VirtualClock clock = new VirtualClock();
    private final Deadline over = Deadline.after(Duration.ZERO, clock);
    private final Deadline later = Deadline.after(Duration.ofHours(1), clock);
    private final LoopbackConnector connector = new LoopbackConnector(transcript);
    private final Watchdog watchdog = new Watchdog();
    private final List<Duration> delays = new ArrayList<>();
    private final List<Runnable> alarms = new ArrayList<>();
    private FakeSmtpServer server;

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, transcript);
    }

    @AfterEach
    void stop() throws Exception {
        watchdog.close();
        server.close();
    }

    private ConnectionPool connections(int inAll, int perHost) {
        return connections(new PoolLimits(inAll, perHost, 3, Duration.ofSeconds(10)));
    }

    private ConnectionPool connections(PoolLimits limits) {
        return new ConnectionPool(limits, clock, (delay, work) -> {
            delays.add(delay);
            alarms.add(work);
            return () -> alarms.remove(work);
        });
    }

    private ConnectionKey key(String host, ConnectionSecurity security) {
        // Gives each name its own address.
        return key(host, "198.51.100." + Math.floorMod(host.hashCode(), 256), security);
    }

    private ConnectionKey key(String host, String address, ConnectionSecurity security) {
        RemoteMta remote =
                new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse(host), IpAddress.parse(address), 25);
        return new ConnectionKey(remote, security, SELF, connector);
    }

    private ConnectionKey at(String host, String address) {
        return key(host, address, ConnectionSecurity.NONE);
    }

    /** Completes a transaction with a server at each of these addresses. */
    private void answered(ConnectionPool connections, String... addresses) throws Exception {
        for (String address : addresses) {
            ConnectionKey key = at("known.test", address);
            try (Lease lease = lease(connections, key).orElseThrow()) {
                lease.recordBehaviour(key.remote(), true);
            }
        }
    }

    /** Returns the number of leases available for these keys. */
    private int most(ConnectionPool connections, IntFunction<ConnectionKey> keys) throws Exception {
        int count = 0;
        while (lease(connections, keys.apply(count)).isPresent()) {
            count++;
        }
        return count;
    }

    private ConnectionKey key(String host) {
        return key(host, ConnectionSecurity.NONE);
    }

    private SmtpSession session() throws Exception {
        return session(watchdog);
    }

    private SmtpSession session(Watchdog ofSend) throws Exception {
        return TestSessions.opened(
                SecuredSocket.plain(server.connect()), SmtpSettings.defaults(SELF), ofSend, DialogueLog.NONE, later);
    }

    private Optional<Lease> lease(ConnectionPool connections, ConnectionKey... keys) throws InterruptedException {
        return connections.lease(List.of(keys), true, over);
    }

    private SmtpSession keep(ConnectionPool connections, ConnectionKey key) throws Exception {
        try (Lease lease = lease(connections, key).orElseThrow()) {
            SmtpSession session = lease.session().isPresent() ? lease.session().get() : session();
            lease.recordBehaviour(key.remote(), true);
            lease.release(key, session);
            return session;
        }
    }

    @Test
    void reuse_aKeptSessionIsTakenByAContactWithTheSameKey() throws Exception {
        ConnectionPool connections = connections(9, 9);
        SmtpSession session = keep(connections, key("mx.test"));
        assertThat(lease(connections, key("other.test")).orElseThrow().session())
                .isEmpty();
        ConnectionSecurity stricter = ConnectionSecurity.of(StartTls.REQUIRED);
        assertThat(lease(connections, key("mx.test", stricter)).orElseThrow().session())
                .isEmpty();
        assertThat(lease(connections, key("mx.test", stricter), key("mx.test"))
                        .orElseThrow()
                        .session())
                .contains(session);
        assertThat(lease(connections, key("mx.test")).orElseThrow().session()).isEmpty();
    }

    @Test
    void reuse_theSessionUsedLastIsTakenFirst() throws Exception {
        ConnectionPool connections = connections(10, 9);
        Lease one = lease(connections, key("mx.test")).orElseThrow();
        Lease two = lease(connections, key("mx.test")).orElseThrow();
        SmtpSession last = session();
        one.release(key("mx.test"), session());
        two.release(key("mx.test"), last);
        assertThat(lease(connections, key("mx.test")).orElseThrow().session()).contains(last);
    }

    @Test
    void limits_oneHostHasALimit() throws Exception {
        ConnectionPool connections = connections(10, 2);
        Lease one = lease(connections, key("mx.test")).orElseThrow();
        lease(connections, key("mx.test", ConnectionSecurity.of(StartTls.REQUIRED)));
        assertThat(lease(connections, key("mx.test"))).isEmpty();
        assertThat(lease(connections, key("other.test"))).isPresent();
        one.close();
        one.close();
        assertThat(lease(connections, key("mx.test"))).isPresent();
        assertThat(lease(connections, key("mx.test"))).isEmpty();
    }

    @Test
    void limits_theAddressesOfOneHostHaveOneLimit() throws Exception {
        ConnectionPool connections = connections(20, 2);
        answered(connections, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        assertThat(lease(connections, at("mx.test", "192.0.2.1"))).isPresent();
        Lease second = lease(connections, at("mx.test", "192.0.2.2")).orElseThrow();
        assertThat(lease(connections, at("mx.test", "192.0.2.3"))).isEmpty();
        second.close();
        assertThat(lease(connections, at("mx.test", "192.0.2.3"))).isPresent();
    }

    @Test
    void limits_allConnectionsTogetherHaveALimit() throws Exception {
        ConnectionPool connections = connections(2, 9);
        answered(connections, "192.0.2.1", "192.0.2.2", "192.0.2.3");
        lease(connections, at("a.test", "192.0.2.1"));
        Lease two = lease(connections, at("b.test", "192.0.2.2")).orElseThrow();
        assertThat(lease(connections, at("c.test", "192.0.2.3"))).isEmpty();
        two.close();
        assertThat(lease(connections, at("c.test", "192.0.2.3"))).isPresent();
    }

    @Test
    void limits_anAddressHasOneLimitUnderAllItsNames() throws Exception {
        ConnectionPool connections = connections(100, 7);
        assertThat(most(connections, i -> at("mx" + i + ".test", "192.0.2.1"))).isEqualTo(7);
        assertThat(lease(connections, at("other.test", "192.0.2.2"))).isPresent();
    }

    @Test
    void limits_anAddressThatHasNotAnsweredGetsAFifth() throws Exception {
        assertThat(most(connections(20, 9), i -> at("mx" + i + ".test", "192.0.2.1")))
                .isEqualTo(4);
        assertThat(most(connections(5, 9), i -> at("mx" + i + ".test", "192.0.2.1")))
                .isEqualTo(1);
        assertThat(most(connections(1, 9), i -> at("mx" + i + ".test", "192.0.2.1")))
                .isEqualTo(1);
    }

    @Test
    void limits_anAddressThatAnsweredGetsHalf() throws Exception {
        ConnectionPool connections = connections(20, 15);
        answered(connections, "192.0.2.1");
        assertThat(most(connections, i -> at("mx" + i + ".test", "192.0.2.1"))).isEqualTo(10);
    }

    @Test
    void limits_aFifthIsLeftForAddressesThatAnswer() throws Exception {
        ConnectionPool connections = connections(20, 9);
        answered(connections, "192.0.2.1");
        assertThat(most(connections, i -> at("mx" + i + ".test", "198.51.100." + i)))
                .isEqualTo(16);
        assertThat(most(connections, i -> at("mx.test", "192.0.2.1"))).isEqualTo(4);
    }

    @Test
    void limits_sharesDoNotApplyToARelay() throws Exception {
        RemoteMta relay =
                new RemoteMta(RemoteMta.Role.RELAY, HostName.parse("relay.test"), IpAddress.parse("192.0.2.1"), 25);
        assertThat(most(connections(5, 5), i -> new ConnectionKey(relay, ConnectionSecurity.NONE, SELF, connector)))
                .isEqualTo(5);
    }

    @Test
    void limits_anAnswerIsRememberedForALimitedTime() throws Exception {
        ConnectionPool connections = connections(20, 9);
        answered(connections, "192.0.2.1");
        clock.advance(ConnectionCounts.REMEMBERED.plusSeconds(1));
        assertThat(most(connections, i -> at("mx.test", "192.0.2.1"))).isEqualTo(4);
    }

    @Test
    void limits_anAnswerIsForgottenWhenAConnectionIsLost() throws Exception {
        ConnectionPool connections = connections(20, 9);
        answered(connections, "192.0.2.1");
        ConnectionKey key = at("mx.test", "192.0.2.1");
        try (Lease lease = lease(connections, key).orElseThrow()) {
            lease.recordBehaviour(key.remote(), false);
        }
        assertThat(most(connections, i -> at("mx.test", "192.0.2.1"))).isEqualTo(4);
    }

    @Test
    void limits_onlyTheAddressesWithRoomAreDialled() throws Exception {
        ConnectionPool connections = connections(5, 5);
        lease(connections, at("a.test", "192.0.2.1"));
        Lease lease = lease(connections, at("mx.test", "192.0.2.1"), at("mx.test", "192.0.2.2"))
                .orElseThrow();
        assertThat(lease.remotes()).containsExactly(at("mx.test", "192.0.2.2").remote());
    }

    @Test
    void limits_aConnectionCountsAtItsAddressOnly() throws Exception {
        ConnectionPool connections = connections(5, 5);
        ConnectionKey one = at("mx.test", "192.0.2.1");
        Lease lease = lease(connections, one, at("mx.test", "192.0.2.2")).orElseThrow();
        assertThat(lease(connections, at("b.test", "192.0.2.2"))).isEmpty();
        lease.connectedTo(one.remote());
        assertThat(lease(connections, at("b.test", "192.0.2.2"))).isPresent();
        assertThat(lease(connections, at("c.test", "192.0.2.1"))).isEmpty();
    }

    @Test
    void limits_anAllOrNothingContactDoesNotWait() throws Exception {
        ConnectionPool connections = connections(1, 1);
        lease(connections, key("a.test"));
        assertThat(connections.lease(List.of(key("a.test")), false, over)).isPresent();
    }

    /** Returns a contact with this host that waits for room now. */
    private FutureTask<Optional<Lease>> waiting(ConnectionPool connections, ConnectionKey key) {
        FutureTask<Optional<Lease>> wait = new FutureTask<>(() -> connections.lease(List.of(key), true, later));
        Thread thread = new Thread(wait);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return wait;
    }

    @Test
    void limits_aWaitingContactContinuesWhenAConnectionCloses() throws Exception {
        ConnectionPool connections = connections(1, 1);
        Lease first = lease(connections, key("a.test")).orElseThrow();
        FutureTask<Optional<Lease>> second = waiting(connections, key("b.test"));
        first.close();
        assertThat(second.get()).isPresent();
    }

    @Test
    void limits_aWaitingContactTakesAConnectionThatIsGivenBack() throws Exception {
        ConnectionPool connections = connections(1, 1);
        Lease first = lease(connections, key("a.test")).orElseThrow();
        SmtpSession session = session();
        FutureTask<Optional<Lease>> second = waiting(connections, key("a.test"));
        first.release(key("a.test"), session);
        assertThat(second.get().flatMap(Lease::session)).contains(session);
        assertThat(second.get().flatMap(Lease::key)).contains(key("a.test"));
    }

    @Test
    void limits_aWaitingContactContinuesWhenAnotherAddressIsConnected() throws Exception {
        ConnectionPool connections = connections(5, 5);
        ConnectionKey one = at("mx.test", "192.0.2.1");
        Lease lease = lease(connections, one, at("mx.test", "192.0.2.2")).orElseThrow();
        FutureTask<Optional<Lease>> second = waiting(connections, at("b.test", "192.0.2.2"));
        lease.connectedTo(one.remote());
        assertThat(second.get()).isPresent();
    }

    @Test
    void limits_aWaitingContactContinuesWhenAnAddressHasAnswered() throws Exception {
        ConnectionPool connections = connections(5, 5);
        ConnectionKey one = at("a.test", "192.0.2.1");
        Lease lease = lease(connections, one).orElseThrow();
        FutureTask<Optional<Lease>> second = waiting(connections, at("b.test", "192.0.2.1"));
        lease.recordBehaviour(one.remote(), true);
        assertThat(second.get()).isPresent();
    }

    /** The kept connection is to an address that never completed a transaction. */
    @Test
    void limits_aWaitingContactContinuesWhenAKeptConnectionExpires() throws Exception {
        ConnectionPool connections = connections(2, 2);
        lease(connections, key("a.test")).orElseThrow().release(key("a.test"), session());
        FutureTask<Optional<Lease>> second = waiting(connections, key("b.test"));
        clock.advance(Duration.ofSeconds(10));
        alarms.get(0).run();
        assertThat(second.get()).isPresent();
    }

    @Test
    void limits_aFailureOrAClosedPoolDoesNotBlockOthers() throws Exception {
        ConnectionPool connections = connections(1, 1);
        Lease first = lease(connections, key("a.test")).orElseThrow();
        first.recordBehaviour(key("a.test").remote(), false);
        connections.closeIdle();
        FutureTask<Optional<Lease>> second = waiting(connections, key("b.test"));
        first.close();
        assertThat(second.get()).isPresent();
    }

    @Test
    void limits_aKeptConnectionOfAnotherHostMakesNoRoomAtAHost() throws Exception {
        ConnectionPool connections = connections(10, 1);
        SmtpSession other = keep(connections, key("other.test"));
        lease(connections, key("mx.test"));
        assertThat(lease(connections, key("mx.test"))).isEmpty();
        assertThat(other.isUsable()).isTrue();
    }

    @Test
    void limits_aKeptConnectionMakesRoomAtItsAddress() throws Exception {
        ConnectionPool connections = connections(4, 4); // two of them for an address that has answered
        SmtpSession oldest = keep(connections, at("other.test", "192.0.2.2"));
        SmtpSession kept = keep(connections, at("a.test", "192.0.2.1"));
        lease(connections, at("b.test", "192.0.2.1"));
        assertThat(lease(connections, at("c.test", "192.0.2.1"))).isPresent();
        assertThat(kept.isUsable()).isFalse();
        assertThat(oldest.isUsable()).isTrue();
        assertThat(lease(connections, at("d.test", "192.0.2.1"))).isEmpty();
        assertThat(oldest.isUsable()).isTrue();
    }

    @Test
    void close_ofIdleConnectionsKeepsLaterOnes() throws Exception {
        ConnectionPool connections = connections(9, 9);
        SmtpSession idle = keep(connections, key("a.test"));
        connections.closeIdle();
        assertThat(idle.isUsable()).isFalse();
        assertThat(keep(connections, key("a.test")).isUsable()).isTrue();
    }

    @Test
    void limits_anInterruptEndsTheWait() throws Exception {
        ConnectionPool connections = connections(1, 1);
        lease(connections, key("a.test"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> connections.lease(List.of(key("a.test")), true, later))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void limits_aKeptConnectionMakesRoom() throws Exception {
        ConnectionPool connections = connections(9, 1);
        keep(connections, key("mx.test"));
        assertThat(lease(connections, key("mx.test", ConnectionSecurity.of(StartTls.REQUIRED)))
                        .orElseThrow()
                        .session())
                .isEmpty();
        transcript.await(line -> line.equals("mx: closed"), PATIENCE);
        assertThat(transcript.linesOf("mx< QUIT")).hasSize(1);
    }

    @Test
    void limits_theOldestKeptConnectionIsClosedFirst() throws Exception {
        ConnectionPool connections = connections(2, 9);
        SmtpSession oldest = keep(connections, at("a.test", "192.0.2.1"));
        SmtpSession newest = keep(connections, at("b.test", "192.0.2.2"));
        lease(connections, at("c.test", "192.0.2.3"));
        assertThat(oldest.isUsable()).isFalse();
        assertThat(newest.isUsable()).isTrue();
    }

    @Test
    void idle_aSessionThatNoContactTakesIsClosedInTime() throws Exception {
        ConnectionPool connections = connections(9, 9);
        keep(connections, key("a.test"));
        clock.advance(Duration.ofSeconds(4));
        keep(connections, key("b.test"));
        assertThat(delays).containsExactly(Duration.ofSeconds(10)); // one alarm at a time
        clock.advance(Duration.ofSeconds(6));
        alarms.get(0).run();
        assertThat(transcript.await(line -> line.equals("mx: closed"), PATIENCE))
                .isNotNull();
        assertThat(server.openConnections()).isEqualTo(1);
        assertThat(delays).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(4));
        clock.advance(Duration.ofSeconds(4));
        alarms.get(1).run();
        transcript.await(line -> server.openConnections() == 0, PATIENCE);
        assertThat(transcript.linesOf("mx< QUIT")).hasSize(2);
        assertThat(alarms).hasSize(2); // no sessions are kept and no caller waits
    }

    @Test
    void idle_aCancelledSendDoesNotAffectASessionThatItGaveBack() throws Exception {
        ConnectionPool connections = connections(9, 9);
        Watchdog ofSend = watchdog.forSend();
        lease(connections, key("a.test")).orElseThrow().release(key("a.test"), session(ofSend));
        ofSend.close();
        connections.closeIdle();
        transcript.await(line -> line.equals("mx: closed"), PATIENCE);
        assertThat(transcript.linesOf("mx< QUIT")).hasSize(1);
    }

    @Test
    void idle_noTimerIsLeftAfterTheKeptSessionsAreClosed() throws Exception {
        ConnectionPool connections = connections(9, 9);
        keep(connections, key("a.test"));
        assertThat(alarms).hasSize(1);
        connections.closeIdle();
        assertThat(alarms).isEmpty();
        keep(connections, key("a.test"));
        assertThat(alarms).hasSize(1);
    }

    @Test
    void idle_zeroKeepsNothing() throws Exception {
        ConnectionPool connections = connections(new PoolLimits(1, 1, 3, Duration.ZERO));
        assertThat(keep(connections, key("a.test")).isUsable()).isFalse();
        assertThat(alarms).isEmpty();
        assertThat(lease(connections, key("a.test"))).isPresent();
    }

    @Test
    void limits_aConnectionEndsAfterTheMaximumOfTransactions() throws Exception {
        ConnectionPool connections = connections(1, 1);
        for (int i = 1; i <= 3; i++) {
            try (Lease lease = lease(connections, key("a.test")).orElseThrow()) {
                assertThat(lease.session().isPresent()).isEqualTo(i > 1);
                SmtpSession session =
                        lease.session().isPresent() ? lease.session().get() : session();
                session.send(
                        Envelope.of(Optional.empty(), List.of(Mailbox.parse("a@a.test"))),
                        ContentChoice.only(MessageContent.EMPTY),
                        DataGate.OPEN,
                        later);
                lease.release(key("a.test"), session);
                assertThat(session.isUsable()).isEqualTo(i < 3);
            }
        }
        assertThat(server.received()).hasSize(3);
        assertThat(lease(connections, key("a.test")).orElseThrow().session()).isEmpty();
    }

    @Test
    void TRY_09_theNumberOfTransactionsThatAServerAcceptsIsRemembered() throws Exception {
        ConnectionPool connections = connections(9, 9);
        RemoteMta remote = key("a.test").remote();
        SmtpSession session = session();
        assertThat(connections.mostTransactions(remote, session)).isEqualTo(3);
        connections.learnMostTransactions(remote, 2);
        connections.learnMostTransactions(remote, 9);
        assertThat(connections.mostTransactions(remote, session)).isEqualTo(2);
        assertThat(connections.mostTransactions(key("b.test").remote(), session))
                .isEqualTo(3);
        clock.advance(ConnectionCounts.REMEMBERED.plusSeconds(1));
        assertThat(connections.mostTransactions(remote, session)).isEqualTo(3);
        session.close();
    }

    @Test
    void close_closesKeptSessionsAndKeepsNoMore() throws Exception {
        ConnectionPool connections = connections(9, 9);
        SmtpSession kept = keep(connections, key("a.test"));
        Lease inUse = lease(connections, key("b.test")).orElseThrow();
        connections.close();
        assertThat(kept.isUsable()).isFalse();
        SmtpSession late = session();
        inUse.release(key("b.test"), late);
        assertThat(late.isUsable()).isFalse();
    }
}
