// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditOptions;
import org.postroad.api.Deadline;
import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.provider.GrowingTimeout;
import org.postroad.provider.internal.audit.AuditFacts.AuthorityFacts;
import org.postroad.provider.internal.dns.AuthorityClient;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.provider.internal.dns.ZoneTypes;

/** AUDIT-09, with a resolver and two authoritative servers on loopback. */
@Timeout(300)
class AuthorityInquiryTest {

    private static final String ZONE = """
            site.test.     MX 10 mx.site.test.
            site.test.     MX 20 mx.other.test.
            mx.site.test.  A 192.0.2.4
            mx.site.test.  AAAA 2001:db8::6
            site.test.     NS ns1.site.test.
            site.test.     NS ns2.site.test.
            ns1.site.test. A 192.0.2.53
            ns2.site.test. A 192.0.2.54
            mx.other.test. A 192.0.2.9
            """;

    private Duration tryTimeout = Duration.ofMinutes(1);
    private FakeDnsServer resolver;
    private FakeDnsServer ns1;
    private FakeDnsServer ns2;
    private DnsjavaMailDns dns;
    private final Map<IpAddress, InetSocketAddress> network = new HashMap<>();
    private final List<Lookup<?>> lookups = new ArrayList<>();

    @BeforeEach
    void start() {
        resolver = FakeDnsServer.start(ZONE);
        ns1 = FakeDnsServer.start(ZONE);
        ns2 = FakeDnsServer.start(ZONE);
        network.put(IpAddress.parse("192.0.2.53"), ns1.address(Family.IPV4));
        network.put(IpAddress.parse("192.0.2.54"), ns2.address(Family.IPV4));
        dns = new DnsjavaMailDns(DnsSettings.DEFAULTS
                .withServers(List.of(resolver.address(Family.IPV4)))
                .withTimeouts(Duration.ofMinutes(1), Duration.ofMinutes(1)));
    }

    @AfterEach
    void stop() {
        dns.close();
        resolver.close();
        ns1.close();
        ns2.close();
    }

    private <R> void lookUp(String name, RecordType<R> type) throws InterruptedException {
        HostName host = HostName.parse(name);
        lookups.add(new Lookup<>(host, type, dns.query(host, type, deadline())));
    }

    private static Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(2));
    }

    private AuthorityFacts ask() throws InterruptedException {
        lookUp("site.test", RecordType.MX);
        lookUp("mx.site.test", RecordType.A);
        lookUp("mx.site.test", RecordType.AAAA);
        try (AuthorityClient client = new AuthorityClient(tryTimeout)) {
            return new AuthorityInquiry(dns, client, address -> Optional.ofNullable(network.get(address)), deadline())
                    .run(lookups);
        }
    }

    private AuditFinding finding() throws InterruptedException {
        AuthorityFacts authority = ask();
        List<AuditFinding> findings = new AuthorityRules(new AuditFacts(
                        Domain.parse("site.test"),
                        AuditOptions.DEFAULT,
                        lookups,
                        List.of(),
                        List.of(),
                        authority,
                        Optional.empty()))
                .resolverIsHonest();
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void AUDIT_09_anHonestResolver() throws Exception {
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.OK);
        assertThat(finding.seen()).contains("6 answers were compared.");
        assertThat(ns1.questions("site.test", RecordType.MX)).isEqualTo(1);
        assertThat(ns2.questions("mx.site.test", RecordType.AAAA)).isEqualTo(1);
        assertThat(ns1.questions("site.test", ZoneTypes.NS)).isZero();
    }

    @Test
    void AUDIT_09_aResolverThatChangesTheMxRecordsIsAProblem() throws Exception {
        resolver.zone(ZONE.replace("MX 10 mx.site.test.", "MX 10 mx.wiretap.test."));
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.PROBLEM);
        assertThat(finding.seen())
                .isEqualTo("The resolver gives other MX records of site.test than the zone has. The resolver: 10"
                        + " mx.wiretap.test, 20 mx.other.test. The zone: 10 mx.site.test, 20 mx.other.test according to"
                        + " ns1.site.test [192.0.2.53] and ns2.site.test [192.0.2.54].");
        assertThat(finding.changes()).containsExactly("mail.mx.dns.servers=<addresses of other resolvers>");
    }

    @Test
    void AUDIT_09_aResolverThatHidesAddressesIsAWarning() throws Exception {
        resolver.zone(ZONE.replace("mx.site.test.  AAAA 2001:db8::6", ""));
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.WARNING);
        assertThat(finding.seen())
                .contains("other AAAA records of mx.site.test", "The resolver: none. The zone: 2001:db8::6");
    }

    @Test
    void AUDIT_09_authoritativeServersThatDisagreeAreAWarning() throws Exception {
        ns2.zone(ZONE.replace("MX 20 mx.other.test.", "MX 30 mx.other.test."));
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.WARNING);
        assertThat(finding.seen())
                .startsWith("The authoritative servers disagree about the MX records of site.test: ")
                .contains("30 mx.other.test according to ns2.site.test [192.0.2.54]");
    }

    @Test
    void AUDIT_09_aServerThatFailsIsNotCompared() throws Exception {
        ns2.faultForAll(DnsFault.REFUSED);
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.OK);
        assertThat(finding.seen()).contains("3 answers were compared. Not compared: 127.0.0.1:", "REFUSED");
    }

    @Test
    void AUDIT_09_ifNoServerAnswersItIsNotChecked() throws Exception {
        ns1.faultForAll(DnsFault.LAME);
        ns2.faultForAll(DnsFault.SERVFAIL);
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.NOT_CHECKED);
        assertThat(finding.seen()).contains("No authoritative server answered: ", "answered with a referral");
    }

    @Test
    void AUDIT_09_aSilentServerIsAskedOnceAndNotCompared() throws Exception {
        ns1.faultForAll(DnsFault.DROP);
        GrowingTimeout.of(Duration.ofMillis(400), oneTry -> {
            tryTimeout = oneTry;
            lookups.clear();
            AuditFinding finding = finding();
            assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.OK);
            assertThat(finding.seen()).contains("3 answers were compared. Not compared: 127.0.0.1:", "did not answer");
            assertThat(ns1.questions("mx.site.test", RecordType.A)).isZero();
        });
    }

    @Test
    void AUDIT_09_serversThatThisHostCannotReachAreNotChecked() throws Exception {
        network.clear();
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.NOT_CHECKED);
        assertThat(finding.seen()).contains("reaches none of the addresses of the name servers of site.test");
    }

    @Test
    void AUDIT_09_ifTheNameServersAreNotKnownItIsTemporary() throws Exception {
        resolver.fault("site.test", ZoneTypes.NS, DnsFault.SERVFAIL);
        AuditFinding finding = finding();
        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.TEMPORARY);
        assertThat(finding.seen()).contains("The name servers of site.test are not known for now: SERVER_FAILURE");
    }

    @Test
    void AUDIT_09_aNameBelowTheZoneIsAskedAtTheServersOfTheZone() throws Exception {
        lookUp("deep.mx.site.test", RecordType.A);
        assertThat(finding().level()).isEqualTo(Level.OK);
        assertThat(ns1.questions("deep.mx.site.test", RecordType.A)).isEqualTo(1);
    }
}
