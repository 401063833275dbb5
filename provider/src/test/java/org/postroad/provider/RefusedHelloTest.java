// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.HostName;
import org.postroad.api.RecipientReport;
import org.postroad.api.TlsFailure;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.DeliveryListener;

/** EHLO and HELO refused, before and after STARTTLS: a failure of the host, whose reply is reported (TRY-10). */
@Timeout(60)
class RefusedHelloTest extends TransportTesting {

    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    @ParameterizedTest
    @EnumSource(
            value = Misbehaviour.class,
            names = {"CLOSE", "RESET", "SAY_421_AND_CLOSE", "GARBAGE_LINE"})
    void TRY_10_theRefusalOfEhloIsTheResultIfTheServerClosesAtHelo(Misbehaviour misbehaviour) throws Exception {
        mx4.onCommand("EHLO", "550 5.7.1 bad name").onCommand("HELO", misbehaviour);
        RecipientReport report = failure("a@v4.test").report().recipients().get(0);
        assertThat(report.status()).hasToString("5.7.1");
        assertThat(report.toString()).contains("550 5.7.1 bad name");
    }

    @Test
    void TRY_10_anAcceptedHeloOverridesARefusedEhlo() throws Exception {
        mx4.onCommand("EHLO", "550 5.7.1 bad name");
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void TRY_10_aTemporaryRefusalOfHeloOverridesARefusedEhlo() throws Exception {
        mx4.onCommand("EHLO", "550 5.7.1 bad name").onCommand("HELO", "450 4.7.0 later");
        assertThat(failure("a@v4.test").report().recipients().get(0).status()).hasToString("4.7.0");
    }

    @Test
    void TRY_10_aTemporaryRefusalOfEhloKeepsItsText() throws Exception {
        mx4.onCommand("EHLO", "450 4.7.0 slow down");
        RecipientReport report = failure("a@v4.test").report().recipients().get(0);
        assertThat(report.status()).hasToString("4.7.0");
        assertThat(report.toString()).contains("450 4.7.0 slow down");
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"450 4.7.0 not you", "554 5.7.1 not you", "421 4.7.0 not you"})
    void TRY_10_aRefusalAfterStartTlsLeadsToTheNextHost(String refusal) throws Exception {
        List<Optional<TlsFailure>> tlsResults = new CopyOnWriteArrayList<>();
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.TlsConcluded concluded
                    && concluded.result().remote().host().equals(HostName.parse("mx6.v6.test"))) {
                tlsResults.add(concluded.result().failure());
            }
        });
        mx6.startTls(CERTIFICATES.serverContext("mx6.v6.test"))
                .onCommandOverTls("EHLO", refusal)
                .onCommandOverTls("HELO", refusal)
                .onCommandOverTls("MAIL", "503 5.5.1 send HELO first");
        send(message("a@dual.test"));
        assertThat(mx6.received()).isEmpty();
        assertThat(mx4.received()).hasSize(1);
        assertThat(transcript.linesOf("mx6< MAIL")).isEmpty();
        assertThat(tlsResults).containsExactly(Optional.empty()); // TLS itself did not fail
    }

    @ParameterizedTest
    @ValueSource(strings = {"450 4.7.0 not you", "554 5.7.1 not you"})
    void TRY_10_mailIsNotSentAfterARefusedHelloEvenIfTheServerWouldAcceptIt(String refusal) throws Exception {
        mx4.startTls(CERTIFICATES.serverContext("mx4.v4.test"))
                .onCommandOverTls("EHLO", refusal)
                .onCommandOverTls("HELO", refusal);
        RecipientReport report = failure("a@v4.test").report().recipients().get(0);
        assertThat(report.toString()).contains(refusal);
        assertThat(mx4.received()).isEmpty();
        assertThat(mx4.connections()).isEqualTo(1);
    }
}
