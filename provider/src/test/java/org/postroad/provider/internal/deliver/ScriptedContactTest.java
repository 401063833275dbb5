// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postroad.provider.internal.deliver.ScriptedConnections.commands;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MailContext;
import org.postroad.api.Mailbox;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsDemand;
import org.postroad.api.TlsFailure;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.internal.connect.ConnectSettings;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Fence;
import org.postroad.provider.internal.smtp.MessageContent;
import org.postroad.provider.internal.smtp.RecordingLog;
import org.postroad.provider.internal.smtp.ScriptedSocket;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.Watchdog;
import org.postroad.provider.internal.tls.JvmTrust;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.provider.internal.tls.TlsHandshakes;
import org.postroad.provider.internal.tls.TlsSettings;

/** Contacts with a host whose connections are scripted: what is offered on which connection, and what the attempts report. */
@Timeout(300)
class ScriptedContactTest {

    private static final HostName SELF = HostName.parse("client.test");
    private static final RemoteMta REMOTE =
            new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), 25);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** One address gets one of five connections, or two after it has answered. */
    private static final PoolLimits LIMITS = new PoolLimits(5, 5, 10, Duration.ofSeconds(10));

    private final VirtualClock clock = new VirtualClock();
    private final Deadline deadline = Deadline.after(LIMIT, clock);
    private final Watchdog watchdog = new Watchdog();
    private final RecordingLog log = new RecordingLog();
    private final ScriptedConnections connector = new ScriptedConnections();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<String> tlsResults = new ArrayList<>();
    private final BrokenExtensions broken = new BrokenExtensions(clock);
    private final ConnectionPool connections = new ConnectionPool(LIMITS, clock, (delay, work) -> () -> {});
    private Watchdog ofSend = watchdog;
    private SmtpSettings.Configured timeouts = SmtpSettings.Configured.DEFAULTS;
    private List<RemoteMta> remotes = List.of(REMOTE);
    private Runnable whenConnecting = () -> {};
    private Runnable whenAttempted = () -> {};
    private int maxRecipients = 100;
    private TlsPreferences policy = TlsPreferences.own(StartTls.OPPORTUNISTIC);
    private ConnectionSecurity security = ConnectionSecurity.NONE;
    private AllOrNothing allOrNothing = AllOrNothing.notNeeded();
    private Fence fence = Fence.NONE;
    private ContentChoice content = ContentChoice.only(MessageContent.EMPTY);

    @AfterEach
    void stop() {
        connections.close();
        watchdog.close();
    }

    private ScriptedSocket connection(String keywords, String... answers) {
        return connector.add(keywords, answers);
    }

    private ContactTools tools() {
        return new ContactTools(
                new DiallerFactory(ConnectSettings.DEFAULT, Runnable::run, clock).through(connector),
                TlsHandshakes.with(TlsSettings.defaults(), new JvmTrust()),
                new SmtpSettings(SELF, timeouts),
                ofSend,
                log,
                clock,
                policy,
                maxRecipients,
                connections,
                broken,
                new HybridGroupFailures(clock),
                new RecentCredentials(clock));
    }

    /** Contacts the host, and returns the results of the attempts that decide. */
    private List<String> contact(String... recipients) throws InterruptedException {
        attempts.clear();
        List<Mailbox> mailboxes = Arrays.stream(recipients)
                .map(name -> Mailbox.parse(name + "@example.test"))
                .toList();
        MailObject mail = new MailObject(
                Envelope.of(Optional.empty(), mailboxes),
                content,
                MailContext.direct(Optional.empty(), Optional.empty(), Optional.empty()),
                fence,
                ConnectionWaits.NONE);
        new HostContact(tools(), new SendScope(mail, allOrNothing, deadline), events(), mailboxes)
                .run(remotes, security);
        return results(false);
    }

    private List<String> results(boolean superseded) {
        return attempts.stream()
                .filter(attempt -> attempt.superseded() == superseded)
                .flatMap(attempt -> attempt.outcomes().stream())
                .map(ScriptedContactTest::shown)
                .toList();
    }

    private static String shown(RecipientOutcome result) {
        return result.recipient().toString().replace("@example.test", "") + ": "
                + result.outcome().describe();
    }

    private ContactEvents events() {
        return new ContactEvents() {
            @Override
            public void connecting(RemoteMta remote) {
                whenConnecting.run();
            }

            @Override
            public void attempted(Attempt attempt) {
                attempts.add(attempt);
                whenAttempted.run();
            }

            @Override
            public void tlsConcluded(RemoteMta remote, IpAddress source, Optional<TlsFailure> failure) {
                tlsResults.add(failure.map(TlsFailure::toString).orElse("success"));
            }
        };
    }

    /** Returns the number of connections that the address gets at the same time. */
    private int share() throws InterruptedException {
        Deadline passed = Deadline.after(Duration.ZERO, clock);
        List<ConnectionKey> keys = List.of(tools().key(REMOTE, security));
        List<Lease> leases = new ArrayList<>();
        Optional<Lease> next = connections.lease(keys, true, passed);
        while (next.isPresent()) {
            leases.add(next.get());
            next = connections.lease(keys, true, passed);
        }
        leases.forEach(Lease::close);
        return leases.size();
    }

    @Test
    void reuse_anAcceptedMessageKeepsTheConnectionForTheNextOne() throws Exception {
        ScriptedSocket socket =
                connection("", "250 s", "250 a", "354 go", "250 first", "250 s", "250 a", "354 go", "250 second");
        assertThat(contact("a")).containsExactly("a: 250 first");
        assertThat(log.lines().get(0)).startsWith("- connected from ");
        assertThat(contact("a")).containsExactly("a: 250 second");
        assertThat(results(true)).isEmpty();
        assertThat(connector.dialled()).containsExactly(socket);
        assertThat(commands(socket)).doesNotContain("QUIT");
    }

    @Test
    void reuse_aKeptConnectionBelongsToTheSendThatTakesIt() throws Exception {
        List<String> dials = new ArrayList<>();
        whenConnecting = () -> dials.add("connecting");
        connection("", "250 s", "250 a", "354 go", "250 first", "250 s", "250 a", "354 go", "250 second");
        contact("a");
        ofSend = watchdog.forSend();
        ofSend.close();
        connection("");
        assertThat(contact("a")).containsExactly("a: bad connection: the send was cancelled");
        assertThat(dials).hasSize(3); // the first connection, the same one kept, and a new one
    }

    @Test
    void limits_aServersOwnLimitOfMessagesCounts() throws Exception {
        maxRecipients = 1;
        ScriptedSocket first = connection("LIMITS MAILMAX=1", "250 s", "250 a", "354 go", "250 first");
        connection("LIMITS MAILMAX=1", "250 s", "250 b", "354 go", "250 second");
        assertThat(contact("a", "b")).containsExactly("a: 250 first", "b: 250 second");
        assertThat(commands(first)).endsWith("DATA", "QUIT");
        assertThat(results(true)).isEmpty();
    }

    @Test
    void limits_aConnectionCountsAtItsOwnAddressOnly() throws Exception {
        RemoteMta other = new RemoteMta(
                RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.2"), 25);
        remotes = List.of(REMOTE, other);
        List<Boolean> room = new ArrayList<>();
        whenAttempted = () -> {
            try {
                room.add(connections
                        .lease(List.of(tools().key(other, security)), true, Deadline.after(Duration.ZERO, clock))
                        .isPresent());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        connection("", "550 not you");
        contact("a");
        assertThat(room).containsExactly(true);
    }

    @Test
    void limits_aHostThatAnsweredGetsItsShare() throws Exception {
        assertThat(share()).isOne();
        connection("", "550 not you");
        contact("a");
        connections.closeIdle();
        assertThat(share()).isEqualTo(2);
        connection("", ScriptedSocket.CLOSE);
        contact("a");
        assertThat(share()).isOne();
    }

    @Test
    void limits_aRefusedGreetingIsAnAnswerAndALostOneIsNot() throws Exception {
        connector.addGreeting("554 no service");
        assertThat(contact("a")).containsExactly("a: 554 no service");
        assertThat(share()).isEqualTo(2);
        connector.addGreeting(ScriptedSocket.CLOSE);
        assertThat(contact("a")).containsExactly("a: bad connection: the server closed the connection");
        assertThat(share()).isOne();
    }

    @Test
    void TRY_03_aHostThatRefusesConnectionsIsOneAttempt() throws Exception {
        assertThat(contact("a", "b"))
                .containsExactly("a: no answer: connection refused", "b: no answer: connection refused");
    }

    @Test
    void limits_withoutRoomInTimeThereIsNoAttempt() throws Exception {
        Lease other = connections
                .lease(List.of(tools().key(REMOTE, security)), true, deadline)
                .orElseThrow();
        clock.advance(LIMIT);
        assertThat(contact("a")).isEmpty();
        assertThat(attempts).isEmpty();
        other.close();
    }

    @Test
    void TRY_08_tooManyRecipientsForOneTransactionGetFurtherOnes() throws Exception {
        maxRecipients = 2;
        ScriptedSocket socket = connection(
                "", "250 s", "250 a", "250 b", "354 go", "250 first", "250 s", "250 c", "354 go", "250 second");
        assertThat(contact("a", "b", "c")).containsExactly("a: 250 first", "b: 250 first", "c: 250 second");
        assertThat(attempts).hasSize(1);
        assertThat(commands(socket))
                .containsExactly(
                        "EHLO", "MAIL FROM", "RCPT TO:<a", "RCPT TO:<b", "DATA", "MAIL FROM", "RCPT TO:<c", "DATA");
    }

    @ParameterizedTest
    @CsvSource({"LIMITS RCPTMAX=1, 2", "LIMITS RCPTMAX=0, 2", "LIMITS RCPTMAX=2, 1"})
    void TRY_08_theServersLimitCountsToo(String keywords, int transactions) throws Exception {
        connection(
                keywords,
                transactions == 1
                        ? new String[] {"250 s", "250 a", "250 b", "354 go", "250 all"}
                        : new String[] {"250 s", "250 a", "354 go", "250 all", "250 s", "250 b", "354 go", "250 all"});
        assertThat(contact("a", "b")).containsExactly("a: 250 all", "b: 250 all");
    }

    @Test
    void TRY_08_aRecipientThatIsTooMuchIsOfferedAgain() throws Exception {
        ScriptedSocket socket = connection(
                "", "250 s", "250 a", "452 too many", "354 go", "250 first", "250 s", "250 b", "354 go", "250 second");
        assertThat(contact("a", "b")).containsExactly("a: 250 first", "b: 250 second");
        assertThat(commands(socket)).containsSubsequence("RCPT TO:<b", "DATA", "RCPT TO:<b", "DATA");
        assertThat(results(true)).isEmpty();
    }

    @Test
    void TRY_08_ifNoneIsAcceptedNoneIsTooMuch() throws Exception {
        connection("", "250 s", "452 too many", "452 too many");
        assertThat(contact("a", "b")).containsExactly("a: 452 too many", "b: 452 too many");
    }

    @Test
    void TRY_09_aRefusalAfterOtherMessagesIsTriedOnceMoreAndRemembered() throws Exception {
        ScriptedSocket first = connection("", "250 s", "250 a", "354 go", "250 first", "452 enough");
        ScriptedSocket second = connection("", "250 s", "250 a", "354 go", "250 second");
        contact("a");
        assertThat(contact("a")).containsExactly("a: 250 second");
        assertThat(results(true)).containsExactly("a: 452 enough");
        assertThat(commands(first)).endsWith("MAIL FROM", "QUIT");
        ScriptedSocket third = connection("", "250 s", "250 a", "354 go", "250 third");
        assertThat(commands(second)).endsWith("QUIT"); // one message on each connection from now on
        assertThat(contact("a")).containsExactly("a: 250 third");
        assertThat(connector.dialled()).containsExactly(first, second, third);
    }

    @Test
    void TRY_09_aRefusalThatANewConnectionRepeatsIsTheResultAndNotRemembered() throws Exception {
        connection("", "250 s", "250 a", "354 go", "250 first", "550 not you");
        ScriptedSocket second = connection("", "550 not you", "250 reset", "250 s", "250 a", "354 go", "250 third");
        contact("a");
        assertThat(contact("a")).containsExactly("a: 550 not you");
        assertThat(contact("a")).containsExactly("a: 250 third");
        assertThat(connector.dialled()).hasSize(2);
        assertThat(commands(second)).doesNotContain("QUIT");
    }

    /** There was no dialogue on the connection that the server had closed. */
    @Test
    void TRY_09_aKeptConnectionThatWasClosedIsNoAttempt() throws Exception {
        ScriptedSocket first = connection("", "250 s", "250 a", "354 go", "250 first");
        connection("", "250 s", "250 a", "354 go", "250 second", "250 s", "250 a", "354 go", "250 third");
        contact("a");
        first.arrives(ScriptedSocket.CLOSE);
        assertThat(contact("a")).containsExactly("a: 250 second");
        assertThat(results(true)).isEmpty();
        assertThat(contact("a")).containsExactly("a: 250 third"); // a lost connection says nothing about a limit
        assertThat(connector.dialled()).hasSize(2);
    }

    @Test
    void TRY_11_theOtherRecipientsAreOfferedOnANewConnection() throws Exception {
        maxRecipients = 1;
        connection("", "250 s", "250 a", "354 go", "250 first", "421 enough");
        connection("", "250 s", "250 b", "354 go", "250 second");
        assertThat(contact("a", "b")).containsExactly("a: 250 first", "b: 250 second");
        assertThat(results(true)).containsExactly("b: 421 enough");
    }

    @Test
    void TRY_11_withoutTimeForAnotherConnectionTheOtherRecipientsAreDeferred() throws Exception {
        maxRecipients = 1;
        connection("", "250 s", "250 a", "354 go", "250 first", "421 enough");
        List<Runnable> perDial = new ArrayList<>(List.of(() -> {}, () -> clock.advance(LIMIT)));
        whenConnecting = () -> perDial.remove(0).run();
        assertThat(contact("a", "b"))
                .containsExactly("a: 250 first", "b: bad connection: no time was left for another connection");
    }

    @Test
    void TRY_03_afterTheLossOfANewConnectionTheRestIsNotOffered() throws Exception {
        maxRecipients = 1;
        connection("", "250 s", ScriptedSocket.CLOSE);
        assertThat(contact("a", "b"))
                .containsExactly(
                        "a: bad connection: the server closed the connection",
                        "b: bad connection: not offered: the connection was lost before");
        assertThat(connector.dialled()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        // extensions, the server's answer to the first group, the extensions used afterwards
        "PIPELINING, (close), none",
        "'PIPELINING,CHUNKING', '250 s\n250 a\n502 no BDAT', PIPELINING",
        "CHUNKING, '250 s|250 a|502 no BDAT', none",
    })
    void extensions_aServerThatFailsWithThemIsContactedWithoutThemFromThenOn(
            String keywords, String answers, String usable) throws Exception {
        connection(keywords, answers.split("\\|"));
        String[] accepting = usable.equals("PIPELINING")
                ? new String[] {"250 s\n250 a\n354 go", "250 taken"}
                : new String[] {"250 s", "250 a", "354 go", "250 taken"};
        ScriptedSocket second = connection(keywords, accepting);
        assertThat(contact("a")).containsExactly("a: 250 taken");
        assertThat(results(true)).hasSize(1);
        connections.closeIdle();
        ScriptedSocket third = connection(keywords, accepting);
        assertThat(contact("a")).containsExactly("a: 250 taken");
        assertThat(commands(third))
                .isEqualTo(commands(second).subList(0, commands(third).size()));
        assertThat(results(true)).isEmpty();
    }

    /** The extensions are not the cause: the server fails without them too. */
    @ParameterizedTest
    @ValueSource(strings = {"PIPELINING", "CHUNKING", "PIPELINING,CHUNKING"})
    void extensions_aServerThatFailsAnywayKeepsThem(String keywords) throws Exception {
        connection(keywords, "502 what?\n502 what?\n502 what?", "502 what?", "502 what?");
        connection(keywords, ScriptedSocket.CLOSE);
        contact("a");
        assertThat(broken.fit(REMOTE, SmtpSettings.defaults(SELF))).isEqualTo(SmtpSettings.defaults(SELF));
    }

    @Test
    void TRY_05_afterADoubtTheContentWaitsForTheReplies() throws Exception {
        connection("PIPELINING,CHUNKING", "250 s\n250 a\n(close)");
        assertThat(contact("a")).containsExactly("a: outcome unknown: the server closed the connection");
        assertThat(attempts.get(0).outcomes().get(0).outcome()).isInstanceOf(Outcome.InDoubt.class);
        assertThat(connector.dialled()).hasSize(1);
        ScriptedSocket second = connection("PIPELINING,CHUNKING", "250 s\n250 a\n354 go", "250 taken");
        assertThat(contact("a")).containsExactly("a: 250 taken");
        assertThat(commands(second)).contains("DATA");
    }

    @Test
    void agreement_allRecipientsAreOfferedInOneTransaction() throws Exception {
        maxRecipients = 1;
        allOrNothing = AllOrNothing.of(1);
        connection("", "250 s", "250 a", "250 b", "354 go", "250 all");
        assertThat(contact("a", "b")).containsExactly("a: 250 all", "b: 250 all");
    }

    @Test
    void agreement_aRefusedRecipientHoldsTheOthersBack() throws Exception {
        allOrNothing = AllOrNothing.of(1);
        ScriptedSocket socket = connection("", "250 s", "250 a", "550 no such user");
        assertThat(contact("a", "b"))
                .containsExactly("a: 4.0.0 held back: not every recipient was accepted", "b: 550 no such user");
        assertThat(commands(socket)).doesNotContain("DATA");
        assertThat(allOrNothing.isReached()).isFalse();
    }

    @Test
    void agreement_anotherDomainHoldsTheMessageBack() throws Exception {
        allOrNothing = AllOrNothing.of(2);
        allOrNothing.refuse();
        connection("", "250 s", "250 a");
        assertThat(contact("a")).containsExactly("a: 4.0.0 held back: not every recipient was accepted");
    }

    @Test
    void RETRY_04_aMessageOfAnotherProcessIsWithdrawnForAllRecipients() throws Exception {
        maxRecipients = 1;
        fence = new Fence(() -> Optional.of("taken over"));
        connection("", "250 s", "250 a", "354 go");
        assertThat(contact("a", "b")).containsExactly("a: 4.3.0 taken over", "b: 4.3.0 taken over");
        assertThat(connector.dialled()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        // protection, the message's demand, the result
        "OPPORTUNISTIC, NONE, 250 taken",
        "REQUIRED, NONE, 4.7.4 TLS is required and not offered",
        "REQUIRED, REQUIRED, 5.7.30 TLS is required and not offered"
    })
    void TLS_01_aServerWithoutStarttlsGetsMailThatDoesNotRequireIt(StartTls own, TlsDemand demand, String result)
            throws Exception {
        security = ConnectionSecurity.of(own);
        policy = new TlsPreferences(own, true, false, TlsPreferences.StsSource.NONE, demand);
        connection("", "250 s", "250 a", "354 go", "250 taken");
        assertThat(contact("a")).singleElement().asString().contains(result.replaceFirst("^[45]\\.7\\.\\d+ ", ""));
        if (own == StartTls.REQUIRED) {
            assertThat(((Outcome.HostUnsuitable)
                                    attempts.get(0).outcomes().get(0).outcome())
                            .status())
                    .hasToString(result.split(" ")[0]);
            assertThat(connector.dialled().get(0).isClosed()).isTrue();
        }
        assertThat(tlsResults).containsExactly("starttls-not-supported: STARTTLS is not offered");
    }

    @ParameterizedTest
    @CsvSource({
        // protection, the message's demand, reply to STARTTLS, the result
        "OPPORTUNISTIC, NONE, 454 not now, 250 taken",
        "OPPORTUNISTIC, NONE, 502 never, 250 taken",
        "REQUIRED, NONE, 454 not now, 454 not now",
        "REQUIRED, NONE, 502 never, 502 never",
        "REQUIRED, REQUIRED, 454 not now, 454 not now",
        "REQUIRED, REQUIRED, 502 never, 5.7.30",
    })
    void TLS_04_aServerThatRefusesStarttlsGetsMailThatDoesNotRequireIt(
            StartTls own, TlsDemand demand, String reply, String result) throws Exception {
        security = ConnectionSecurity.of(own);
        policy = new TlsPreferences(own, true, false, TlsPreferences.StsSource.NONE, demand);
        connection("STARTTLS", reply, "250 s", "250 a", "354 go", "250 taken");
        contact("a");
        Outcome outcome = attempts.get(0).outcomes().get(0).outcome();
        if (outcome instanceof Outcome.HostUnsuitable unsuitable) {
            assertThat(unsuitable.status()).hasToString(result);
            assertThat(unsuitable.describe()).contains(reply);
        } else {
            assertThat(outcome.describe()).isEqualTo(result);
        }
        assertThat(tlsResults).containsExactly("starttls-not-supported: STARTTLS: " + reply);
    }

    /** The server's answer to the ClientHello is not TLS. */
    @ParameterizedTest
    @CsvSource({"OPPORTUNISTIC, true, true", "OPPORTUNISTIC, false, false", "REQUIRED, true, false"})
    void TLS_02_aFailedHandshakeIsFollowedByPlaintextWhereThatIsAllowed(
            StartTls own, boolean fallback, boolean plaintext) throws Exception {
        security = ConnectionSecurity.of(own);
        policy = new TlsPreferences(own, fallback, false, TlsPreferences.StsSource.NONE, TlsDemand.NONE);
        connection("STARTTLS", "220 go ahead", "500 what is that?");
        ScriptedSocket second = connection(
                "STARTTLS", "250 s", "250 a", "354 go", "250 taken", "250 s", "250 a", "354 go", "250 taken");
        List<String> results = contact("a");
        assertThat(connector.dialled().get(0).isClosed()).isTrue();
        if (plaintext) {
            assertThat(results).containsExactly("a: 250 taken");
            assertThat(results(true)).singleElement().asString().contains("TLS handshake failed");
            assertThat(commands(second)).containsExactly("EHLO", "MAIL FROM", "RCPT TO:<a", "DATA");
            connection("STARTTLS");
            security = ConnectionSecurity.NONE;
            contact("a"); // the kept connection is one without TLS
            assertThat(connector.dialled()).hasSize(2);
        } else {
            assertThat(results).singleElement().asString().contains("TLS handshake failed");
            assertThat(attempts.get(0).outcomes().get(0).outcome())
                    .isInstanceOf(
                            own == StartTls.REQUIRED ? Outcome.HostUnsuitable.class : Outcome.BadConnection.class);
            assertThat(results(true)).isEmpty();
            assertThat(connector.dialled()).hasSize(1);
        }
        assertThat(tlsResults).hasSize(1).first().asString().startsWith("validation-failure: TLS handshake failed");
    }

    @Test
    void TLS_01_aConnectionThatIsLostAtStarttlsIsATlsFailure() throws Exception {
        security = ConnectionSecurity.of(StartTls.OPPORTUNISTIC);
        connection("STARTTLS", ScriptedSocket.CLOSE);
        connection("STARTTLS", "250 s", "250 a", "354 go", "250 taken");
        assertThat(contact("a")).containsExactly("a: 250 taken");
        assertThat(results(true)).containsExactly("a: bad connection: the server closed the connection");
        assertThat(tlsResults)
                .containsExactly("validation-failure: STARTTLS: bad connection: the server closed the connection");
    }

    @Test
    void TLS_04_aRelayWhoseImplicitTlsFailsIsUnsuitable() throws Exception {
        security = ConnectionSecurity.of(Relay.parse("smtps://relay.test"));
        connector.addGreeting(ScriptedSocket.NOTHING).answers("500 what is that?");
        contact("a");
        assertThat(((Outcome.HostUnsuitable) attempts.get(0).outcomes().get(0).outcome()).status())
                .hasToString("4.7.5");
        assertThat(log.lines()).anyMatch(line -> line.startsWith("- TLS handshake failed: "));
        assertThat(connector.dialled().get(0).isClosed()).isTrue();
    }

    @Test
    void TLS_02_aHandshakeHasTheTimeOfAReply() throws Exception {
        security = ConnectionSecurity.of(StartTls.REQUIRED);
        GrowingTimeout.of(Duration.ofMillis(200), timeout -> {
            timeouts = new SmtpSettings.Configured(timeout, timeout, timeout, true, true);
            connection("STARTTLS", "220 go ahead", ScriptedSocket.NOTHING);
            assertThat(contact("a"))
                    .singleElement()
                    .asString()
                    .contains("the server did not complete the TLS handshake in time");
        });
    }

    /** The greeting comes before AUTH, on a connection without TLS. */
    @Test
    void RELAY_04_thePasswordOfARelayIsRedactedFromTheGreetingOn() throws Exception {
        security = ConnectionSecurity.of(Relay.parse("smtp://me:hunter2secret@relay.test;starttls=required"));
        connector.addGreeting("554 no hunter2secret");
        assertThat(contact("a")).containsExactly("a: 554 no ***");
    }

    @Test
    void contact_anExceptionClosesTheConnection() {
        content = extensions -> {
            throw new IllegalStateException("broken content");
        };
        connection("");
        assertThatThrownBy(() -> contact("a")).hasMessage("broken content");
        assertThat(connector.dialled().get(0).isClosed()).isTrue();
    }
}
