// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.Credentials;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Deadline;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.Outcome;
import org.postroad.api.Relay;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;
import org.postroad.provider.LogTap;
import org.postroad.provider.internal.smtp.RecordingLog;
import org.postroad.provider.internal.smtp.ScriptedSocket;
import org.postroad.provider.internal.smtp.SecuredSocket;
import org.postroad.provider.internal.smtp.SmtpFailure;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.SmtpSettings;
import org.postroad.provider.internal.smtp.TestSessions;
import org.postroad.provider.internal.smtp.Watchdog;

/** What a relay gets from the source of its credentials, and what a source without credentials means (RELAY-09). */
class RelayLoginTest {

    private static final Credentials ME = new Credentials("me", "secret");
    private static final Deadline LATER = Deadline.after(Duration.ofMinutes(5));
    private static final Deadline LIMIT = Deadline.after(Duration.ofMinutes(1));

    @RegisterExtension
    final LogTap tap = LogTap.of(RelayLogin.class);

    private final Watchdog watchdog = new Watchdog();
    private final RecordingLog log = new RecordingLog();
    private final RecentCredentials recent = new RecentCredentials(Deadline.MONOTONIC);
    private final ScriptedSocket relay = new ScriptedSocket("220 relay.test", "250-relay.test\n250 AUTH PLAIN");

    @AfterEach
    void stop() {
        watchdog.close();
    }

    private Optional<SmtpFailure> login(Relay to) {
        SecuredSocket socket = new SecuredSocket(relay, relay, new TlsSummary(TlsSummary.Level.VERIFIED, "as if"));
        SmtpSession session =
                TestSessions.opened(socket, SmtpSettings.defaults(HostName.parse("client.test")), watchdog, log, LATER);
        return new RelayLogin(session, log, recent).authenticate(to, LIMIT, LATER);
    }

    @Test
    void RELAY_09_aRelayWithoutCredentialsNeedsNoAuth() {
        assertThat(login(Relay.parse("smtps://relay.test"))).isEmpty();
        assertThat(relay.written()).noneMatch(line -> line.startsWith("AUTH"));
    }

    @Test
    void RELAY_09_theSourceIsAskedWithItsLimitAndItsCredentialsAreRemembered() {
        List<CredentialsSource.Request> requests = new ArrayList<>();
        Relay to = Relay.parse("smtps://relay.test:4650", request -> {
            requests.add(request);
            return ME;
        });
        relay.answers("235 welcome");
        assertThat(login(to)).isEmpty();
        assertThat(relay.written()).endsWith("AUTH PLAIN AG1lAHNlY3JldA==\r\n");
        assertThat(recent.of(to)).containsExactly(ME);
        assertThat(requests).containsExactly(new CredentialsSource.Request(HostName.parse("relay.test"), 4650, LIMIT));
    }

    @Test
    void RELAY_09_aRefusalOfTheRelayIsTheResult() {
        relay.answers("535 5.7.8 no");
        SmtpFailure failure =
                login(Relay.parse("smtps://relay.test", request -> ME)).orElseThrow();
        assertThat(failure.stage()).isEqualTo(Stage.AUTH);
        assertThat(failure.outcome()).isInstanceOf(Outcome.Refused.class);
    }

    static Stream<Arguments> failing() {
        return Stream.of(
                Arguments.of(
                        (CredentialsSource) request -> {
                            throw new IOException("the token secret has expired");
                        },
                        "failed (IOException), the log has the details",
                        true),
                Arguments.of(
                        (CredentialsSource) request -> {
                            throw new NoClassDefFoundError("secret");
                        },
                        "failed (NoClassDefFoundError), the log has the details",
                        true),
                Arguments.of((CredentialsSource) RelayLoginTest::nothing, "returned null", false));
    }

    @SuppressWarnings("NullAway") // violates the contract
    private static Credentials nothing(CredentialsSource.Request request) {
        return null;
    }

    @ParameterizedTest
    @MethodSource("failing")
    void RELAY_09_aSourceWithoutCredentialsIsATemporaryFailure(CredentialsSource source, String why, boolean logged) {
        SmtpFailure failure = login(Relay.parse("smtps://relay.test", source)).orElseThrow();
        String detail = "no credentials: their source " + why;
        assertThat(failure)
                .isEqualTo(new SmtpFailure(
                        Stage.AUTH, new Outcome.HostUnsuitable(EnhancedStatus.CREDENTIALS_INVALID_4_7_8, detail)));
        assertThat(log.lines()).endsWith("- " + detail);
        assertThat(tap.problems())
                .isEqualTo(
                        logged
                                ? List.of("WARNING The source of the credentials for smtps://***@relay.test:465 failed")
                                : List.of());
        assertThat(relay.written()).noneMatch(line -> line.startsWith("AUTH"));
    }

    @Test
    void RELAY_09_anInterruptedSourceLeavesTheThreadInterrupted() {
        SmtpFailure failure = login(Relay.parse("smtps://relay.test", request -> {
                    throw new InterruptedException("enough");
                }))
                .orElseThrow();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.outcome().describe()).contains("their source was interrupted");
    }
}
