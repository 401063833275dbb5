// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Credentials;
import org.postroad.api.CredentialsSource;
import org.postroad.api.Family;
import org.postroad.api.Relay;
import org.postroad.api.Verdict;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;
import org.postroad.spi.RelaySelector;

/** Credentials that a source supplies for each connection to a relay. */
class RelayCredentialsTest extends TransportTesting {

    private static final Server CERTIFIED =
            TestCertificates.create().server(Instant.now().plus(Duration.ofHours(1)), "elsewhere.test");
    private static final String SECRET = "tops3cret-token";

    private final List<CredentialsSource.Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger tokens = new AtomicInteger();
    private FakeSmtpServer relay;

    @BeforeEach
    void startRelay() throws Exception {
        relay = FakeSmtpServer.start("relay", Family.IPV4, transcript)
                .startTls(CERTIFIED.context())
                .keywords("AUTH PLAIN XOAUTH2")
                .account("me1", "token-1")
                .account("me2", "token-2");
        connector.map("192.0.2.99", 587, socket(relay));
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.relay", url());
        properties.put("mail.mx.relay.credentials", (CredentialsSource) this::next);
    }

    @AfterEach
    void stopRelay() throws Exception {
        relay.close();
    }

    private static String url() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(CERTIFIED.certificate().getEncoded());
        return "smtp://[192.0.2.99]:587;fingerprint=" + HexFormat.of().formatHex(digest);
    }

    private Credentials next(CredentialsSource.Request request) {
        requests.add(request);
        int number = tokens.incrementAndGet();
        return new Credentials("me" + number, "token-" + number).withMechanism("XOAUTH2");
    }

    private List<String> users() {
        return relay.received().stream()
                .map(message -> message.user().orElse("nobody"))
                .toList();
    }

    @Test
    void RELAY_09_theBuiltInSelectorOfAnApplicationAsksTheSource() throws Exception {
        RelaySelector builtIn = new BuiltInRelaySelector(properties);
        properties.put("mail.mx.relayselector", builtIn);
        send(message("a@v6.test"));
        assertThat(users()).containsExactly("me1");
    }

    @Test
    void RELAY_09_theSourceIsAskedForEachConnection() throws Exception {
        properties.setProperty("mail.mx.idletimeout", "0");
        send(message("b@v6.test"));
        send(message("b@v6.test"));
        assertThat(users()).containsExactly("me1", "me2");
        assertThat(requests).allSatisfy(request -> {
            assertThat(request.host()).hasToString("192.0.2.99");
            assertThat(request.port()).isEqualTo(587);
            assertThat(request.deadline().hasPassed()).isFalse();
        });
        assertThat(transcript.linesOf("relay<")).anyMatch(line -> line.contains("AUTH XOAUTH2"));
    }

    @Test
    void RELAY_09_aKeptConnectionIsUsedAgainForTheSameSourceOnly() throws Exception {
        send(message("b@v6.test"));
        send(message("b@v6.test"));
        assertThat(users()).containsExactly("me1", "me1");
        properties.put("mail.mx.relay.credentials", (CredentialsSource) request -> next(request));
        send(message("b@v6.test"));
        assertThat(users()).containsExactly("me1", "me1", "me2");
    }

    @Test
    void RELAY_09_aSelectorsRelayHasItsOwnSource() throws Exception {
        Relay own = Relay.parse(url(), request -> new Credentials("me2", "token-2"));
        properties.put("mail.mx.relayselector", (RelaySelector) question -> List.of(own));
        send(message("b@v6.test"));
        assertThat(users()).containsExactly("me2");
        assertThat(requests).isEmpty();
    }

    /** The source is not asked: the relay refuses the connection before. */
    @Test
    void RELAY_04_aTokenThatTheRelayRepeatsInALaterGreetingIsNotShown() throws Exception {
        properties.setProperty("mail.mx.idletimeout", "0");
        relay.account("me", SECRET);
        properties.put("mail.mx.relay.credentials", (CredentialsSource)
                request -> new Credentials("me", SECRET).withMechanism("XOAUTH2"));
        send(message("b@v6.test"));
        relay.greeting("554 5.7.1 no more from " + SECRET);
        assertThat(failure("b@v6.test").report().toString())
                .contains("no more from ***")
                .doesNotContain(SECRET);
    }

    static Stream<CredentialsSource> failing() {
        return Stream.of(
                request -> {
                    throw new IOException("the token " + SECRET + " has expired");
                },
                request -> {
                    throw new IllegalStateException(SECRET);
                },
                RelayCredentialsTest::nothing);
    }

    @SuppressWarnings("NullAway") // violates the contract
    private static Credentials nothing(CredentialsSource.Request request) {
        return null;
    }

    @ParameterizedTest
    @MethodSource("failing")
    void RELAY_09_withoutCredentialsTheRelayHasFailedTemporarily(CredentialsSource source) throws Exception {
        properties.put("mail.mx.relay.credentials", source);
        MxSendFailedException failure = failure("b@v6.test");
        assertThat(failure.report().recipients().get(0)).satisfies(report -> {
            assertThat(report.verdict()).isEqualTo(Verdict.DEFERRED);
            assertThat(report.status()).hasToString("4.7.8");
        });
        assertThat(failure).hasMessageContaining("no credentials: their source").hasMessageNotContaining(SECRET);
        assertThat(failure.report().toString()).doesNotContain(SECRET);
        assertThat(transcript.linesOf("relay<")).noneMatch(line -> line.contains("AUTH"));
    }

    @Test
    void RELAY_09_anInterruptedSourceLeavesTheThreadInterrupted() throws Exception {
        properties.put("mail.mx.relay.credentials", (CredentialsSource) request -> {
            throw new InterruptedException("enough");
        });
        assertThat(failure("b@v6.test").report().recipients().get(0).verdict()).isEqualTo(Verdict.DEFERRED);
        Thread.interrupted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"never", "opportunistic"})
    void RELAY_04_withoutVerifiedTlsTheSourceIsNotAsked(String starttls) throws Exception {
        properties.setProperty("mail.mx.relay", "smtp://[192.0.2.99]:587;starttls=" + starttls);
        send(message("b@v6.test"));
        assertThat(users()).containsExactly("nobody");
        assertThat(requests).isEmpty();
    }
}
