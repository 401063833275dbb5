// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The parts of a route and of a probe: their text, their JSON, and that foreign text in them is cleaned. */
class RouteValuesTest {

    private static final RemoteMta REMOTE =
            new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.test"), IpAddress.parse("192.0.2.1"), 25);
    private static final RecipientReport.Decision REASON = new RecipientReport.Decision("ADDR-05", "private");
    private static final Mailbox RECIPIENT = Mailbox.parse("a@d.test");

    private static PlannedContact contact(TlsSummary.Level level, boolean required) {
        return new PlannedContact(REMOTE, level, required, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NONE; false; plaintext",
                "OPPORTUNISTIC; false; TLS if offered, with any certificate",
                "OPPORTUNISTIC; true; TLS required, with any certificate",
                "MTA_STS; true; TLS required, with a trusted certificate for this name (MTA-STS)",
                "DANE; true; TLS required, with a certificate that matches a TLSA record (DANE)",
                "VERIFIED; true; TLS required, with a verified certificate"
            })
    void contact_itsProtectionIsInWords(TlsSummary.Level level, boolean required, String words) {
        assertThat(contact(level, required)).hasToString("mx.test[192.0.2.1]:25, " + words);
    }

    @Test
    void address_translationAndReasonAreShown() {
        IpAddress published = IpAddress.parse("192.0.2.1");
        assertThat(new RouteAddress(published, IpAddress.parse("64:ff9b::192.0.2.1"), Optional.empty()))
                .hasToString("192.0.2.1 as 64:ff9b::c000:201 (NAT64)");
        assertThat(new RouteAddress(published, published, Optional.of(REASON)))
                .hasToString("192.0.2.1: passed over (ADDR-05), private");
    }

    @Test
    void host_aNameFromDnsIsCleaned() {
        RouteHost host = new RouteHost(
                RemoteMta.Role.MAIL_EXCHANGER, "evil\u001b[31m", OptionalInt.of(10), Optional.of(REASON), List.of());
        assertThat(host).hasToString("10 evil\\u001b[31m: passed over (ADDR-05), private");
    }

    @Test
    void probe_whatAServerAnnouncesAndSaysIsCleaned() {
        ProbeStep step = new ProbeStep(REMOTE, Stage.GREETING, Duration.ofMillis(12), "220 \u0007");
        assertThat(step).hasToString("waiting for the greeting, 12 ms: 220 \\u0007");
        AddressProbe probe = new AddressProbe(
                contact(TlsSummary.Level.NONE, false),
                List.of(step),
                TlsSummary.NONE,
                Map.of("SIZE", "5\u001b"),
                Optional.empty(),
                List.of(RECIPIENT),
                List.of());
        assertThat(probe).hasToString("""
                mx.test[192.0.2.1]:25, plaintext
                  waiting for the greeting, 12 ms: 220 \\u0007
                  protection: no TLS
                  announces: SIZE 5\\u001b
                  accepts <a@d.test>""");
    }

    @Test
    void route_equalPartsMakeEqualPlans() {
        assertThat(plan())
                .isEqualTo(plan())
                .hasSameHashCodeAs(plan())
                .isNotEqualTo(new RoutePlan(List.of(), List.of()));
        assertThat(new ProbeReport(List.of(), List.of())).isEqualTo(new ProbeReport(List.of(), List.of()));
    }

    @Test
    void route_withoutAContactItIsDecided() {
        DomainRoute route = plan().domains().get(0);
        assertThat(route.isDecided()).isTrue();
        assertThat(route.toString())
                .contains("\n  contact 1  mx.test[192.0.2.1]:25, not contacted: 4.7.5 not listed")
                .endsWith("\n  result     <a@d.test> DEFERRED 4.7.5 (END-01): no");
        assertThat(plan().toJson())
                .startsWith("{\"version\":1,\"domains\":[{\"domain\":\"d.test\"")
                .contains("\"unsuitable\":{\"status\":\"4.7.5\",\"detail\":\"not listed\"}", "\"decided\":true");
    }

    private static RoutePlan plan() {
        Outcome.HostUnsuitable notListed =
                new Outcome.HostUnsuitable(EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5, "not listed");
        RecipientReport result = new RecipientReport(
                RECIPIENT,
                Verdict.DEFERRED,
                EnhancedStatus.CRYPTOGRAPHIC_FAILURE_4_7_5,
                new RecipientReport.Decision("END-01", "no"),
                Optional.empty());
        return new RoutePlan(
                List.of(new DomainRoute(
                        RECIPIENT.domain(),
                        new DomainRoute.NextHop(HostName.parse("d.test"), true, 25, false),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(new PlannedContact(REMOTE, TlsSummary.Level.NONE, true, Optional.of(notListed))),
                        List.of(result))),
                List.of());
    }
}
