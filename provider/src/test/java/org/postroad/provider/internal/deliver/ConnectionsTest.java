// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
import org.postroad.provider.internal.deliver.Connections.Key;
import org.postroad.provider.internal.deliver.Connections.Lease;
import org.postroad.provider.internal.deliver.Connections.Limits;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.Envelope;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.Opening;
import org.postroad.provider.internal.smtp.RecipientGate;
import org.postroad.provider.internal.smtp.SecuredSocket;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.StartTls;

/** How many connections there are, and how long they are kept; on virtual time. */
@Timeout(60)
class ConnectionsTest {

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

    private Connections connections(int inAll, int perHost) {
        return connections(new Limits(inAll, perHost, 3, Duration.ofSeconds(10)));
    }

    private Connections connections(Limits limits) {
        return new Connections(limits, clock, (delay, work) -> {
            delays.add(delay);
            alarms.add(work);
        });
    }

    private Key key(String host, Security security) {
        RemoteMta remote =
                new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse(host), IpAddress.parse("192.0.2.1"), 25);
        return new Key(remote, security, SELF, connector);
    }

    private Key key(String host) {
        return key(host, Security.NONE);
    }

    private SmtpSession session() throws Exception {
        return SmtpSession.open(
                        SecuredSocket.plain(server.connect()),
                        SmtpSettings.defaults(SELF),
                        watchdog,
                        DialogueLog.NONE,
                        later)
                .fold(Opening.Opened::session, notOpened -> {
                    throw new AssertionError(notOpened.failure());
                });
    }

    private Optional<Lease> lease(Connections connections, Key... keys) throws InterruptedException {
        return connections.lease(List.of(keys), true, over);
    }

    private SmtpSession keep(Connections connections, Key key) throws Exception {
        try (Lease lease = lease(connections, key).orElseThrow()) {
            SmtpSession session = lease.session().isPresent() ? lease.session().get() : session();
            lease.giveBack(key, session);
            return session;
        }
    }

    @Test
    void reuse_whatWasGivenBackIsTakenByWhoeverNeedsTheSame() throws Exception {
        Connections connections = connections(9, 9);
        SmtpSession session = keep(connections, key("mx.test"));
        assertThat(lease(connections, key("other.test")).orElseThrow().session())
                .isEmpty();
        Security stricter = Security.of(StartTls.REQUIRED);
        assertThat(lease(connections, key("mx.test", stricter)).orElseThrow().session())
                .isEmpty();
        assertThat(lease(connections, key("mx.test", stricter), key("mx.test"))
                        .orElseThrow()
                        .session())
                .contains(session);
        assertThat(lease(connections, key("mx.test")).orElseThrow().session()).isEmpty();
    }

    @Test
    void reuse_theOneThatWasUsedLastIsTakenFirst() throws Exception {
        Connections connections = connections(9, 9);
        Lease one = lease(connections, key("mx.test")).orElseThrow();
        Lease two = lease(connections, key("mx.test")).orElseThrow();
        SmtpSession last = session();
        one.giveBack(key("mx.test"), session());
        two.giveBack(key("mx.test"), last);
        assertThat(lease(connections, key("mx.test")).orElseThrow().session()).contains(last);
    }

    @Test
    void limits_noMoreThanThatManyToOneHost() throws Exception {
        Connections connections = connections(9, 2);
        Lease one = lease(connections, key("mx.test")).orElseThrow();
        lease(connections, key("mx.test", Security.of(StartTls.REQUIRED)));
        assertThat(lease(connections, key("mx.test"))).isEmpty();
        assertThat(lease(connections, key("other.test"))).isPresent();
        one.close();
        one.close();
        assertThat(lease(connections, key("mx.test"))).isPresent();
        assertThat(lease(connections, key("mx.test"))).isEmpty();
    }

    @Test
    void limits_norInAll() throws Exception {
        Connections connections = connections(2, 9);
        lease(connections, key("a.test"));
        Lease two = lease(connections, key("b.test")).orElseThrow();
        assertThat(lease(connections, key("c.test"))).isEmpty();
        two.close();
        assertThat(lease(connections, key("c.test"))).isPresent();
    }

    @Test
    void limits_whoHoldsAServerForOthersDoesNotWait() throws Exception {
        Connections connections = connections(1, 1);
        lease(connections, key("a.test"));
        assertThat(connections.lease(List.of(key("a.test")), false, over)).isPresent();
    }

    @Test
    void limits_whoWaitsGoesOnWhenAnotherEnds() throws Exception {
        Connections connections = connections(1, 1);
        Lease first = lease(connections, key("a.test")).orElseThrow();
        CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> {
            try {
                return connections.lease(List.of(key("b.test")), true, later).isPresent();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        first.close();
        assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void limits_anInterruptEndsTheWait() throws Exception {
        Connections connections = connections(1, 1);
        lease(connections, key("a.test"));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> connections.lease(List.of(key("a.test")), true, later))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void limits_aKeptConnectionMakesRoom() throws Exception {
        Connections connections = connections(9, 1);
        keep(connections, key("mx.test"));
        assertThat(lease(connections, key("mx.test", Security.of(StartTls.REQUIRED)))
                        .orElseThrow()
                        .session())
                .isEmpty();
        transcript.await(line -> line.equals("mx: closed"), PATIENCE);
        assertThat(transcript.linesOf("mx< QUIT")).hasSize(1);
    }

    @Test
    void limits_theOneThatWasKeptLongest() throws Exception {
        Connections connections = connections(2, 9);
        SmtpSession oldest = keep(connections, key("a.test"));
        SmtpSession newest = keep(connections, key("b.test"));
        lease(connections, key("c.test"));
        assertThat(oldest.isUsable()).isFalse();
        assertThat(newest.isUsable()).isTrue();
    }

    @Test
    void idle_whatNobodyTookIsEndedInTime() throws Exception {
        Connections connections = connections(9, 9);
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
        assertThat(alarms).hasSize(2); // nothing is kept, nobody waits
    }

    @Test
    void idle_zeroKeepsNothing() throws Exception {
        Connections connections = connections(new Limits(1, 1, 3, Duration.ZERO));
        assertThat(keep(connections, key("a.test")).isUsable()).isFalse();
        assertThat(alarms).isEmpty();
        assertThat(lease(connections, key("a.test"))).isPresent();
    }

    @Test
    void limits_aConnectionEndsAfterSoManyTransactions() throws Exception {
        Connections connections = connections(1, 1);
        for (int i = 1; i <= 3; i++) {
            try (Lease lease = lease(connections, key("a.test")).orElseThrow()) {
                assertThat(lease.session().isPresent()).isEqualTo(i > 1);
                SmtpSession session =
                        lease.session().isPresent() ? lease.session().get() : session();
                session.send(
                        Envelope.of(Optional.empty(), List.of(Mailbox.parse("a@a.test"))),
                        ContentChoice.only(MessageContent.EMPTY),
                        RecipientGate.OPEN,
                        later);
                lease.giveBack(key("a.test"), session);
                assertThat(session.isUsable()).isEqualTo(i < 3);
            }
        }
        assertThat(server.received()).hasSize(3);
        assertThat(lease(connections, key("a.test")).orElseThrow().session()).isEmpty();
    }

    @Test
    void close_endsWhatIsKeptAndKeepsNoMore() throws Exception {
        Connections connections = connections(9, 9);
        SmtpSession kept = keep(connections, key("a.test"));
        Lease inUse = lease(connections, key("b.test")).orElseThrow();
        connections.close();
        assertThat(kept.isUsable()).isFalse();
        SmtpSession late = session();
        inUse.giveBack(key("b.test"), late);
        assertThat(late.isUsable()).isFalse();
    }
}
