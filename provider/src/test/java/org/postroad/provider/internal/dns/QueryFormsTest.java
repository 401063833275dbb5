// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.PATIENCE;
import static org.postroad.provider.internal.dns.DnsTesting.SILENCE;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.DnsTesting.kind;
import static org.postroad.provider.internal.dns.QueryForm.BARE;
import static org.postroad.provider.internal.dns.QueryForm.FULL;
import static org.postroad.provider.internal.dns.QueryForm.WITHOUT_EDNS;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RecordType;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.GrowingTimeout;
import org.xbill.DNS.Rcode;

/** Servers that do not understand EDNS or the AD bit, and the limits of what they may make insecure. */
@Timeout(300)
class QueryFormsTest {

    private static final String FOUND = "found [192.0.2.1] INSECURE";
    private static final String SECURE = "found [192.0.2.1] SECURE";

    private final VirtualClock clock = new VirtualClock();
    private OldServer server;

    @BeforeEach
    void start() throws IOException {
        server = new OldServer(form -> Rcode.NOERROR);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private DnsSettings settings(Duration oneTry) throws IOException {
        return DnsSettings.DEFAULTS.withServers(List.of(server.address())).withTimeouts(PATIENCE, oneTry);
    }

    private DnsjavaMailDns dns(DnsSettings settings) {
        return new DnsjavaMailDns(settings, clock, new SecureRandom());
    }

    private DnsSettings trusting(Duration oneTry) throws IOException {
        return settings(oneTry).withTrustAd(List.of(server.address().getAddress()));
    }

    private void assertFound(DnsjavaMailDns dns, String found, QueryForm... asked) throws InterruptedException {
        assertThat(kind(ask(dns, "mx.test", RecordType.A))).isEqualTo(found);
        assertThat(server.questions()).containsExactly(asked);
    }

    @Test
    void dns_aServerThatSupportsTheFullFormIsQueriedInNoOther() throws Exception {
        try (DnsjavaMailDns dns = dns(settings(PATIENCE))) {
            assertFound(dns, FOUND, FULL);
            assertFound(dns, FOUND, FULL);
        }
    }

    @Test
    void dns_aSilentServerIsQueriedOnceWithoutEdnsAndAdAndThatIsRemembered() throws Exception {
        server.answers(form -> form == BARE ? Rcode.NOERROR : OldServer.SILENCE);
        GrowingTimeout.of(SILENCE, oneTry -> {
            server.questions();
            try (DnsjavaMailDns dns = dns(settings(oneTry))) {
                assertFound(dns, FOUND, FULL, BARE);
                assertFound(dns, FOUND, BARE);
                clock.advance(QueryForms.REMEMBERED.minusNanos(1));
                assertFound(dns, FOUND, BARE);
                clock.advance(Duration.ofNanos(1));
                assertFound(dns, FOUND, FULL, BARE);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {Rcode.FORMERR, Rcode.NOTIMP})
    void dns_aServerThatRefusesEdnsIsQueriedWithoutItAndThatIsRemembered(int rcode) throws Exception {
        server.answers(form -> form == FULL ? rcode : Rcode.NOERROR);
        try (DnsjavaMailDns dns = dns(settings(PATIENCE))) {
            assertFound(dns, FOUND, FULL, WITHOUT_EDNS);
            assertFound(dns, FOUND, WITHOUT_EDNS);
            clock.advance(QueryForms.REMEMBERED);
            assertFound(dns, FOUND, FULL, WITHOUT_EDNS);
        }
    }

    @Test
    void dns_aServerThatRefusesTheAdBitIsQueriedWithoutIt() throws Exception {
        server.answers(form -> form == BARE ? Rcode.NOERROR : Rcode.FORMERR);
        try (DnsjavaMailDns dns = dns(settings(PATIENCE))) {
            assertFound(dns, FOUND, FULL, WITHOUT_EDNS, BARE);
            assertFound(dns, FOUND, BARE);
        }
    }

    @Test
    void dns_aServerThatRefusesEveryFormIsQueriedOnceInEach() throws Exception {
        server.answers(form -> Rcode.NOTIMP);
        try (DnsjavaMailDns dns = dns(settings(PATIENCE))) {
            assertFound(dns, "failed REFUSED", FULL, WITHOUT_EDNS, BARE);
            assertFound(dns, "failed REFUSED", FULL, WITHOUT_EDNS, BARE);
        }
    }

    /** The server could be slow, or the datagram lost: an answer without the AD bit would switch DANE off. */
    @Test
    void TLS_08_aSilentServerWhoseAdBitCountsIsNeverQueriedWithoutIt() throws Exception {
        server.answers(form -> form == BARE ? Rcode.NOERROR : OldServer.SILENCE);
        GrowingTimeout.of(SILENCE, oneTry -> {
            server.questions();
            try (DnsjavaMailDns dns = dns(trusting(oneTry).withTimeouts(oneTry.multipliedBy(4), oneTry))) {
                assertFound(dns, "failed TIMEOUT", FULL, FULL);
            }
        });
    }

    @Test
    void TLS_08_aServerWhoseAdBitCountsIsQueriedWithItWithoutEdnsToo() throws Exception {
        server.answers(form -> form == FULL ? Rcode.FORMERR : Rcode.NOERROR);
        try (DnsjavaMailDns dns = dns(trusting(PATIENCE))) {
            assertFound(dns, SECURE, FULL, WITHOUT_EDNS);
            assertFound(dns, SECURE, WITHOUT_EDNS);
        }
        server.answers(form -> form == BARE ? Rcode.NOERROR : Rcode.FORMERR);
        try (DnsjavaMailDns dns = dns(trusting(PATIENCE))) {
            assertFound(dns, "failed REFUSED", FULL, WITHOUT_EDNS);
        }
    }

    /** The form was remembered while the AD bit did not count. */
    @Test
    void TLS_08_aRememberedFormWithoutTheAdBitIsNotUsedIfTheBitCounts() {
        QueryForms forms = new QueryForms(clock);
        java.net.InetSocketAddress address = DnsTesting.server("192.0.2.53");
        forms.worked(address, BARE);
        assertThat(forms.next(new QueryForms.Need(address, false, false), false))
                .isEqualTo(BARE);
        assertThat(forms.next(new QueryForms.Need(address, false, true), false)).isEqualTo(FULL);
        assertThat(forms.next(new QueryForms.Need(address, true, false), false)).isEqualTo(FULL);
        forms.worked(address, FULL);
        assertThat(forms.next(new QueryForms.Need(address, false, false), false))
                .isEqualTo(FULL);
    }

    /** Without DO there are no signatures, and without signatures nothing can be proved. */
    @Test
    void dnssec_validationQueriesInTheFullFormOnly() throws Exception {
        server.answers(form -> form == BARE ? Rcode.NOERROR : Rcode.FORMERR);
        DnsSettings validating = settings(PATIENCE).withAnchors(Optional.of(TrustAnchors.shipped()));
        try (DnsjavaMailDns dns = dns(validating)) {
            assertFound(dns, "failed REFUSED", FULL);
        }
    }
}
