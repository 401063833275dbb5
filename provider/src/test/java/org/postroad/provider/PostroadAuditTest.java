// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.AuditAddress;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditHost;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.AuditScenario;
import org.postroad.api.AuditScenario.Down;
import org.postroad.api.AuditScenario.Sender;
import org.postroad.api.Domain;
import org.postroad.api.DomainRoute;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;

/** {@code Postroad.audit}: the scenarios, what is contacted, and the report. AuditRulesTest has the rules. */
@Timeout(300)
class PostroadAuditTest extends AuditTesting {

    private static final String DUAL = """
            site.test.     MX 10 mx1.site.test.
            site.test.     MX 20 mx2.site.test.
            mx1.site.test. A 192.0.2.4
            mx1.site.test. AAAA 2001:db8::6
            mx2.site.test. A 192.0.2.5
            """;

    private static List<String> scenarios(AuditReport report) {
        return report.scenarios().stream().map(AuditScenario::toString).toList();
    }

    // Scenarios

    @Test
    void scenarios_eachSenderWithEachFailure() throws Exception {
        AuditReport report = audit(DNS_ONLY, DUAL);
        assertThat(scenarios(report))
                .containsExactly(
                        "IPv4 only, nothing down: mx1.site.test [192.0.2.4]",
                        "IPv6 only, nothing down: mx1.site.test [2001:db8::6]",
                        "both, nothing down: mx1.site.test [2001:db8::6, 192.0.2.4]",
                        "IPv4 only, mx1.site.test down: mx2.site.test [192.0.2.5]",
                        "IPv6 only, mx1.site.test down: waits 4.4.1",
                        "both, mx1.site.test down: mx2.site.test [192.0.2.5]",
                        "IPv4 only, mx2.site.test down: mx1.site.test [192.0.2.4]",
                        "IPv6 only, mx2.site.test down: mx1.site.test [2001:db8::6]",
                        "both, mx2.site.test down: mx1.site.test [2001:db8::6, 192.0.2.4]",
                        "IPv4 only, 192.0.2.4 (mx1.site.test) down: mx2.site.test [192.0.2.5]",
                        "IPv6 only, 192.0.2.4 (mx1.site.test) down: mx1.site.test [2001:db8::6]",
                        "both, 192.0.2.4 (mx1.site.test) down: mx1.site.test [2001:db8::6]",
                        "IPv4 only, 2001:db8::6 (mx1.site.test) down: mx1.site.test [192.0.2.4]",
                        "IPv6 only, 2001:db8::6 (mx1.site.test) down: waits 4.4.1",
                        "both, 2001:db8::6 (mx1.site.test) down: mx1.site.test [192.0.2.4]");
        assertThat(report.singlePointsOfFailure())
                .extracting(Down::toString)
                .containsExactly("mx1.site.test down", "2001:db8::6 (mx1.site.test) down");
    }

    @Test
    void scenarios_ofHostsOfEqualPreferenceAnyOneTakesTheMail() throws Exception {
        AuditReport report = audit(DNS_ONLY, DUAL.replace("MX 20", "MX 10"));
        assertThat(report.scenarios().get(0).takers())
                .extracting(AuditScenario.Taker::host)
                .containsExactlyInAnyOrder("mx1.site.test", "mx2.site.test");
        assertThat(report.scenarios().get(1).takers())
                .extracting(AuditScenario.Taker::host)
                .containsExactly("mx1.site.test");
    }

    @Test
    void scenarios_anAddressThatDoesNotAnswerIsDown() throws Exception {
        connector.refuse("192.0.2.4").map("192.0.2.5", 25, socket(mx4));
        AuditReport report = audit(AuditOptions.DEFAULT, DUAL);
        assertThat(scenarios(report)).startsWith("IPv4 only, nothing down: mx2.site.test [192.0.2.5]");
    }

    @Test
    void scenarios_ifNothingAnswersTheCauseMayBeThisHost() throws Exception {
        connector.refuse("192.0.2.4").refuse("192.0.2.5").refuse("2001:db8::6");
        AuditReport report = audit(AuditOptions.DEFAULT, DUAL);
        assertThat(scenarios(report)).startsWith("IPv4 only, nothing down: mx1.site.test [192.0.2.4]");
    }

    @Test
    void scenarios_anAddressOfTwoNamesIsDownForBoth() throws Exception {
        AuditReport report = audit(DNS_ONLY, DUAL.replace("192.0.2.5", "192.0.2.4"));
        assertThat(scenarios(report)).contains("IPv4 only, 192.0.2.4 (mx1.site.test, mx2.site.test) down: waits 4.4.1");
    }

    /** What a scenario says is what a sender with these families then does. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "site.test. MX 10 a.test.\nsite.test. MX 20 b.test.\na.test. A 192.0.2.4\nb.test. AAAA 2001:db8::6",
                "site.test. MX 10 a.test.\nsite.test. MX 20 b.test.\na.test. AAAA 2001:db8::6\nb.test. A 192.0.2.4",
                "site.test. A 192.0.2.4",
                "site.test. AAAA 2001:db8::6",
                "site.test. MX 0 .",
                "site.test. MX 10 none.test.",
                "site.test. MX 10 lan.test.\nsite.test. MX 20 b.test.\nlan.test. A 10.0.0.1\nb.test. AAAA 2001:db8::6",
                "other.test. A 192.0.2.4"
            })
    void scenarios_agreeWithTheRoute(String zone) throws Exception {
        Map<Sender, String> families = Map.of(Sender.IPV4_ONLY, "ipv4", Sender.IPV6_ONLY, "ipv6", Sender.DUAL, "both");
        AuditReport report = audit(DNS_ONLY, zone);
        for (AuditScenario scenario : report.scenarios().subList(0, 3)) {
            properties.setProperty("mail.mx.families", families.get(scenario.sender()));
            DomainRoute route = Postroad.route(
                            Session.getInstance(properties), new InternetAddress("postmaster@site.test"))
                    .domains()
                    .get(0);
            if (scenario.isReached()) {
                assertThat(route.contacts().get(0).remote().host().toString())
                        .isEqualTo(scenario.takers().get(0).host());
            } else {
                assertThat(route.isDecided()).isTrue();
                assertThat(scenario.notTaken().orElseThrow().status())
                        .isEqualTo(route.recipients().get(0).status());
            }
        }
    }

    // What is contacted

    @Test
    void audit_contactsAreFewAndEndWithQuit() throws Exception {
        List<String> progress = new ArrayList<>();
        AuditReport report = audit(
                AuditOptions.DEFAULT.withConnectionsPerAddress(2).withListener(progress::add),
                DUAL.replace("192.0.2.5", "192.0.2.4"));
        assertThat(mx4.connections()).isEqualTo(2);
        assertThat(mx6.connections()).isEqualTo(2);
        transcript.await(line -> line.equals("mx4< QUIT"), Duration.ofSeconds(60));
        assertThat(progress)
                .containsExactly(
                        "asking DNS about site.test",
                        "connecting to 2 addresses of site.test, 1 of 2",
                        "connecting to 2 addresses of site.test, 2 of 2",
                        "asking the authoritative servers of site.test");
        assertThat(report.hosts().stream()
                        .flatMap(host -> host.addresses().stream())
                        .map(AuditAddress::toString))
                .containsExactly(
                        "192.0.2.4  220 mx4.test ESMTP ready",
                        "2001:db8::6  220 mx6.test ESMTP ready",
                        "192.0.2.4  220 mx4.test ESMTP ready");
    }

    @Test
    void audit_oneFailedConnectionToAnAddressIsEnough() throws Exception {
        connector.refuse("192.0.2.4");
        audit(AuditOptions.DEFAULT, "site.test. A 192.0.2.4");
        assertThat(transcript.lines().stream().filter(line -> line.contains("-> refused")))
                .hasSize(1);
    }

    @Test
    void audit_withoutConnectionsOnlyAddressesAreLookedUp() throws Exception {
        AuditReport report = audit(DNS_ONLY, DUAL);
        assertThat(mx4.connections() + mx6.connections()).isZero();
        assertThat(dns.questions("_25._tcp.mx1.site.test", RecordType.TLSA)).isZero();
        assertThat(dns.questions("_mta-sts.site.test", RecordType.TXT)).isZero();
        assertThat(report.lookups()).hasSize(5);
        assertThat(report.hosts().get(0).addresses().get(0).notContacted()).hasValue("only DNS was asked");
    }

    @Test
    void audit_anAddressOfAnotherFamilyIsNotContacted() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        connector.map("192.0.2.5", 25, socket(mx4));
        AuditReport report = audit(AuditOptions.DEFAULT, DUAL);
        assertThat(mx6.connections()).isZero();
        assertThat(report.hosts().get(0).addresses().get(1).notContacted()).hasValue("this host reaches IPv4 only");
        assertThat(scenarios(report)).contains("IPv6 only, nothing down: mx1.site.test [2001:db8::6]");
    }

    @Test
    void audit_aMailExchangerCanAuditItsOwnDomain() throws Exception {
        properties.setProperty("mail.mx.localnames", "mx1.site.test");
        properties.setProperty("mail.mx.routes", "*=[192.0.2.99]");
        AuditReport report =
                audit(AuditOptions.DEFAULT.withConnectionsPerAddress(1), DUAL.replace("192.0.2.5", "192.0.2.4"));
        assertThat(report.hosts()).extracting(AuditHost::name).containsExactly("mx1.site.test", "mx2.site.test");
        assertThat(mx6.connections()).isEqualTo(1);
    }

    @Test
    void audit_dnsIsAskedAfresh() throws Exception {
        audit(DNS_ONLY, DUAL);
        AuditReport report = audit(DNS_ONLY, DUAL.replace("MX 20", "MX 30"));
        assertThat(report.hosts().get(1).preference()).hasValue(30);
    }

    // The report

    @Test
    void audit_aTemporaryFailureIsNoFindingAboutTheSite() throws Exception {
        dns.fault("site.test", RecordType.MX, DnsFault.SERVFAIL);
        AuditReport report = audit(AuditOptions.DEFAULT, DUAL);
        assertThat(report.worst()).isEqualTo(Level.TEMPORARY);
        assertThat(report.findings())
                .filteredOn(finding -> finding.level() != Level.TEMPORARY)
                .extracting(finding -> finding.rule() + " " + finding.level())
                .containsExactly("AUDIT-08 not checked");
        assertThat(scenarios(report)).startsWith("IPv4 only, nothing down: waits 4.4.3");
    }

    @Test
    void audit_aNullMxIsNoFailure() throws Exception {
        AuditReport report = audit(AuditOptions.DEFAULT, "site.test. MX 0 .");
        assertThat(report.worst()).isEqualTo(Level.NOT_CHECKED);
        assertThat(report.toString()).contains("The domain accepts no mail (null MX).");
    }

    @Test
    void audit_eachRuleHasAFindingInOrder() throws Exception {
        AuditReport report = audit(DNS_ONLY, DUAL);
        assertThat(report.findings().stream().map(finding -> finding.rule()).distinct())
                .containsExactly(
                        "AUDIT-01",
                        "AUDIT-02",
                        "AUDIT-03",
                        "AUDIT-04",
                        "AUDIT-05",
                        "AUDIT-06",
                        "AUDIT-07",
                        "AUDIT-08",
                        "AUDIT-09",
                        "AUDIT-10");
    }

    @Test
    void audit_textOfServersAndDnsIsCleaned() throws Exception {
        mx4.greeting("220 mx4.test \u202e\u0007" + "x".repeat(400));
        AuditReport report = audit(
                AuditOptions.DEFAULT,
                "site.test. MX 10 mx4.test.\nmx4.test. A 192.0.2.4\n" + "site.test. MX 20 a\\032\\027b.test.");
        assertThat(report.toString() + report.toJson()).doesNotContain("\u202e", "\u0007", "\u001b", "x".repeat(301));
    }

    @Test
    void audit_theJsonHasTheFindings() throws Exception {
        assertThat(audit(DNS_ONLY, "site.test. A 192.0.2.4").toJson())
                .startsWith("{\"version\":1,\"domain\":\"site.test\",\"at\":\"")
                .contains(
                        "\"worst\":\"WARNING\",\"findings\":[{\"rule\":\"AUDIT-01\",\"title\":\"IPv4 reaches a mail exchanger\",\"level\":\"OK\",",
                        "\"singlePointsOfFailure\":[{\"kind\":\"HOST\",\"host\":\"site.test\",\"addresses\":[\"192.0.2.4\"]}]",
                        "\"hosts\":[{\"name\":\"site.test\",\"addresses\":[");
    }

    @Test
    void audit_anAddressLiteralIsRejected() {
        Session session = Session.getInstance(properties);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Postroad.audit(session, Domain.parse("[192.0.2.1]"), DNS_ONLY))
                .withMessageContaining("an audit needs a domain name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditOptions.DEFAULT.withConnectionsPerAddress(11))
                .withMessage("The number of connections to each address is 11; 1 to 10 are allowed");
    }

    @Test
    void audit_onlyConnectionsNeedANameOfThisHost() throws Exception {
        properties.setProperty("mail.mx.localhost", "..");
        assertThatThrownBy(() -> audit(AuditOptions.DEFAULT, DUAL))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.localhost");
    }

    @Test
    void audit_anInterruptEndsIt() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> audit(DNS_ONLY, DUAL)).isInstanceOf(MessagingException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
