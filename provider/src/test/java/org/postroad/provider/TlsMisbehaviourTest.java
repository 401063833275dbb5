// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.ReceivedMessage;
import org.postroad.fixtures.TestCertificates;

/** Faults of a server in STARTTLS, and the result of the message with and without published TLS. */
class TlsMisbehaviourTest extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final String ZONE = """
            v4.test.       MX 10 mx4.v4.test.
            mx4.v4.test.   A 192.0.2.4
            """;

    /** TLSA record of a kind that SMTP does not use: it requires TLS without authentication. */
    private static final String PROMISE = "_25._tcp.mx4.v4.test. TLSA 1 1 1 " + "ab".repeat(32) + "\n";

    @BeforeEach
    void secure() {
        dns.faultForAll(DnsFault.AUTHENTIC);
        mx4.startTls(AUTHORITY.serverContext("mx4.v4.test"));
    }

    private String outcome() throws MessagingException {
        Optional<MxSendFailedException> failure = Optional.ofNullable(failure("a@v4.test"));
        List<ReceivedMessage> received = mx4.received();
        if (failure.isPresent()) {
            assertThat(received).isEmpty();
            assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
            return failure.get().report().recipients().get(0).status().toString();
        }
        assertThat(received).hasSize(1);
        return received.get(0).encrypted() ? "encrypted" : "in the clear";
    }

    private void behave(String behaviour) {
        if (Character.isDigit(behaviour.charAt(0))) {
            mx4.onCommand("STARTTLS", behaviour);
        } else if (!behaviour.equals("nothing wrong")) {
            mx4.onCommand("STARTTLS", Misbehaviour.valueOf(behaviour));
        }
        if (behaviour.equals("STALL") || behaviour.startsWith("DRIPPING")) {
            properties.setProperty("mail.mx.timeout", "2s"); // a stalled server is not waited for
        }
    }

    @ParameterizedTest
    @CsvSource({
        "nothing wrong, encrypted",
        "454 4.7.0 TLS is not available, in the clear",
        "501 5.5.4 no parameters, in the clear",
        "421 4.3.2 closing down, 4.3.2",
        "CLOSE, in the clear",
        "RESET, in the clear",
        "GARBAGE_LINE, in the clear",
        "BAD_TLS_HANDSHAKE, in the clear",
        "OLD_TLS_HANDSHAKE, in the clear",
        "DOUBLE_REPLY, encrypted", // plaintext injected after the 220 is discarded (RFC 3207 §4.2)
        "DRIPPING_TLS_HANDSHAKE, in the clear",
        "STALL, in the clear"
    })
    void tls_aFaultIsFollowedByPlaintextIfTlsIsNotPublished(String behaviour, String unpublished) throws Exception {
        dns.zone(ZONE);
        behave(behaviour);
        assertThat(outcome()).isEqualTo(unpublished);
    }

    @ParameterizedTest
    @CsvSource({
        "nothing wrong, encrypted",
        "454 4.7.0 TLS is not available, 4.7.0",
        "501 5.5.4 no parameters, 4.7.4",
        "421 4.3.2 closing down, 4.3.2",
        "CLOSE, 4.4.2",
        "RESET, 4.4.2",
        "GARBAGE_LINE, 4.4.2",
        "BAD_TLS_HANDSHAKE, 4.7.5",
        "OLD_TLS_HANDSHAKE, 4.7.5",
        "DOUBLE_REPLY, encrypted",
        "DRIPPING_TLS_HANDSHAKE, 4.7.5",
        "STALL, 4.4.2"
    })
    void tls_aFaultIsNotFollowedByPlaintextIfTlsIsPublished(String behaviour, String promised) throws Exception {
        dns.zone(ZONE + PROMISE);
        behave(behaviour);
        assertThat(outcome()).isEqualTo(promised);
    }
}
