// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsFailure;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.DialogueLog;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.StageTimes;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;

/** Contacts with one host, using kept connections. */
@Timeout(300)
class HostContactTest {

    private static final HostName SELF = HostName.parse("client.test");
    private static final Mailbox RECIPIENT = Mailbox.parse("u@destination.test");
    private static final RemoteMta REMOTE =
            new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), 25);

    private final Transcript transcript = new Transcript();
    private final Watchdog watchdog = new Watchdog();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Runnable> delayedTasks = new ArrayList<>();
    private final List<Runnable> onceKept = new ArrayList<>();
    private final ConnectionPool connections =
            new ConnectionPool(PoolLimits.DEFAULTS, Deadline.MONOTONIC, (delay, work) -> {
                delayedTasks.add(work);
                List.copyOf(onceKept).forEach(Runnable::run);
                return () -> delayedTasks.remove(work);
            });
    private FakeSmtpServer server;
    private ContactTools tools;

    @BeforeEach
    void start() throws Exception {
        server = FakeSmtpServer.start("mx", Family.IPV4, transcript);
        LoopbackConnector connector = new LoopbackConnector(transcript)
                .map("192.0.2.1", 25, new InetSocketAddress("127.0.0.1", server.port()));
        tools = new ContactTools(
                new DiallerFactory(ConnectSettings.DEFAULT, threads, Deadline.MONOTONIC).through(connector),
                TlsHandshakes.with(TlsSettings.defaults(), new JvmTrust()),
                SmtpSettings.defaults(SELF),
                watchdog,
                DialogueLog.NONE,
                Deadline.MONOTONIC,
                TlsPreferences.own(StartTls.DISABLED),
                100,
                connections,
                new BrokenExtensions(Deadline.MONOTONIC),
                new HybridGroupFailures(Deadline.MONOTONIC),
                new RecentCredentials(Deadline.MONOTONIC));
    }

    @AfterEach
    void stop() throws Exception {
        connections.close();
        threads.shutdownNow();
        watchdog.close();
        server.close();
    }

    private List<Attempt> contact() throws Exception {
        MailObject mail = new MailObject(
                Envelope.of(Optional.empty(), List.of(RECIPIENT)),
                ContentChoice.only(MessageContent.EMPTY),
                MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty()));
        List<Attempt> attempts = new ArrayList<>();
        SendScope scope = new SendScope(mail, AllOrNothing.notNeeded(), Deadline.after(Duration.ofSeconds(30)));
        new HostContact(tools, scope, recordingTo(attempts), List.of(RECIPIENT))
                .run(List.of(REMOTE), ConnectionSecurity.of(StartTls.DISABLED));
        return attempts;
    }

    private ContactEvents recordingTo(List<Attempt> attempts) {
        return new ContactEvents() {
            @Override
            public void connecting(RemoteMta remote) {
                delayedTasks.forEach(Runnable::run); // no session is kept here; the next one schedules a task again
                delayedTasks.clear();
            }

            @Override
            public void attempted(Attempt attempt) {
                attempts.add(attempt);
            }

            @Override
            public void tlsConcluded(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure) {}
        };
    }

    /** Another send may find a connection closed that was just given back; this does not affect the previous message. */
    @Test
    void RETRY_04_aConnectionGivenBackToThePoolNoLongerAffectsThisMessage() throws Exception {
        contact();
        ConnectionKey key = tools.key(REMOTE, ConnectionSecurity.of(StartTls.DISABLED));
        onceKept.add(() -> takeAndClose(key));
        assertThat(contact())
                .singleElement()
                .satisfies(attempt ->
                        assertThat(attempt.outcomes().get(0).outcome()).isInstanceOf(Outcome.Accepted.class));
        assertThat(server.received()).hasSize(2);
    }

    private void takeAndClose(ConnectionKey key) {
        onceKept.clear();
        try (Lease lease = connections
                .lease(List.of(key), true, Deadline.after(Duration.ofSeconds(1)))
                .orElseThrow()) {
            SmtpSession session = lease.session().orElseThrow();
            session.checkOut(tools.smtp(), watchdog, DialogueLog.NONE, StageTimes.beginning(tools.clock()));
            session.quit();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
