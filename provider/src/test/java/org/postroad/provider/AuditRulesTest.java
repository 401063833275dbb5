// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditOptions;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.MailDns;
import org.postroad.spi.RelaySelector;

/** Each rule of an audit, with a zone that keeps it and zones that break it. */
@Timeout(300)
class AuditRulesTest extends AuditTesting {

    /** Two hosts, each with both families. */
    private static final String GOOD = """
            site.test.     MX 10 mx1.site.test.
            site.test.     MX 20 mx2.site.test.
            mx1.site.test. A 192.0.2.4
            mx1.site.test. AAAA 2001:db8::6
            mx2.site.test. A 192.0.2.5
            mx2.site.test. AAAA 2001:db8::7
            """;

    private static final String V6_ONLY = """
            site.test.     MX 10 mx1.site.test.
            mx1.site.test. AAAA 2001:db8::6
            """;

    private static final String V4_ONLY = """
            site.test.     MX 10 mx1.site.test.
            mx1.site.test. A 192.0.2.4
            """;

    /** A name for each server, as they greet. */
    private static final String TWO_SERVERS = """
            site.test. MX 10 mx4.test.
            site.test. MX 20 mx6.test.
            mx4.test.  A 192.0.2.4
            mx6.test.  AAAA 2001:db8::6
            """;

    /** A name for two servers. */
    private static final String ONE_NAME = """
            site.test.     MX 10 mx.site.test.
            mx.site.test.  A 192.0.2.4
            mx.site.test.  AAAA 2001:db8::6
            """;

    @Test
    void audit_aSiteThatKeepsTheRulesHasNoFinding() throws Exception {
        assertThat(audit(DNS_ONLY, GOOD).findings())
                .extracting(AuditFinding::level)
                .containsOnly(Level.OK, Level.NOT_CHECKED);
    }

    // AUDIT-01, AUDIT-02

    @Test
    void AUDIT_01_aMailExchangerIsReachableOverIpv4() throws Exception {
        assertOk(findings("AUDIT-01", AuditOptions.DEFAULT, V4_ONLY), "Senders can use 1 IPv4 address; it answers.");
        assertOk(findings("AUDIT-01", DNS_ONLY, V4_ONLY), "None was contacted: only DNS was asked.");
    }

    @Test
    void AUDIT_01_withoutIpv4MailBounces() throws Exception {
        assertFinding(
                findings("AUDIT-01", DNS_ONLY, V6_ONLY),
                Level.PROBLEM,
                "No mail exchanger has an IPv4 address: mail of senders that reach IPv4 only bounces 5.4.4.",
                "mx1.site.test. IN A <its IPv4 address>",
                "; or, with a host of another site:",
                "site.test. IN MX 20 <host with IPv4>");
    }

    @Test
    void AUDIT_01_addressesThatDoNotAnswerAreAProblemOnlyIfTheOtherFamilyAnswers() throws Exception {
        connector.refuse("192.0.2.4");
        assertFinding(
                findings("AUDIT-01", AuditOptions.DEFAULT, ONE_NAME),
                Level.PROBLEM,
                "None of them works from here: 192.0.2.4: connecting, no answer: ");
        connector.refuse("2001:db8::6");
        assertFinding(
                findings("AUDIT-01", AuditOptions.DEFAULT, ONE_NAME),
                Level.WARNING,
                "outgoing connections to port 25 may be blocked here");
    }

    @Test
    void AUDIT_01_anAddressThatDoesNotAnswerIsAWarningIfAnotherOneDoes() throws Exception {
        connector.refuse("192.0.2.5");
        assertFinding(
                findings("AUDIT-01", AuditOptions.DEFAULT, V4_ONLY + "mx1.site.test. A 192.0.2.5"),
                Level.WARNING,
                "Not all of them work from here: 192.0.2.5: ");
    }

    @Test
    void AUDIT_01_aFailedLookupSaysNothingAboutTheSite() throws Exception {
        dns.fault("mx1.site.test", RecordType.A, DnsFault.SERVFAIL);
        assertFinding(
                findings("AUDIT-01", DNS_ONLY, V6_ONLY),
                Level.TEMPORARY,
                "The IPv4 addresses are not all known for now: mx1.site.test A: temporary failure: SERVER_FAILURE");
    }

    @Test
    void AUDIT_01_ifThisHostLacksTheFamilyDnsCounts() throws Exception {
        properties.setProperty("mail.mx.families", "ipv6");
        assertOk(findings("AUDIT-01", AuditOptions.DEFAULT, ONE_NAME), "this host reaches IPv6 only");
    }

    @Test
    void AUDIT_02_aMailExchangerIsReachableOverIpv6() throws Exception {
        assertOk(findings("AUDIT-02", AuditOptions.DEFAULT, V6_ONLY), "Senders can use 1 IPv6 address; it answers.");
    }

    @Test
    void AUDIT_02_withoutIpv6IsAWarning() throws Exception {
        assertFinding(
                findings("AUDIT-02", DNS_ONLY, V4_ONLY),
                Level.WARNING,
                "No mail exchanger has an IPv6 address",
                "mx1.site.test. IN AAAA <its IPv6 address>",
                "; or, with a host of another site:",
                "site.test. IN MX 20 <host with IPv6>");
    }

    // AUDIT-03

    @Test
    void AUDIT_03_anMxForTheOtherFamilyHasAHigherValue() throws Exception {
        assertOk(
                findings("AUDIT-03", DNS_ONLY, TWO_SERVERS),
                "mx6.test has IPv6 only, and the other mail exchangers do not have it. Its preference value is 20, the"
                        + " highest of the others is 10.");
        assertOk(findings("AUDIT-03", DNS_ONLY, GOOD), "No mail exchanger is for senders of one family only.");
        assertOk(findings("AUDIT-03", DNS_ONLY, V6_ONLY), "No mail exchanger is for senders of one family only.");
    }

    @Test
    void AUDIT_03_anMxForTheOtherFamilyMustNotBePreferred() throws Exception {
        assertFinding(
                findings("AUDIT-03", DNS_ONLY, """
                        site.test.     MX 10 relay4.test.
                        site.test.     MX 10 mx1.site.test.
                        site.test.     MX 30 mx2.site.test.
                        relay4.test.   A 192.0.2.4
                        mx1.site.test. AAAA 2001:db8::6
                        mx2.site.test. AAAA 2001:db8::7
                        """),
                Level.WARNING,
                "relay4.test has IPv4 only, and the other mail exchangers do not have it. Its preference value is 10, the"
                        + " highest of the others is 30.",
                "site.test. IN MX 40 relay4.test.");
    }

    // AUDIT-04

    @Test
    void AUDIT_04_everyHostTakesMailForThePostmaster() throws Exception {
        assertOk(
                findings("AUDIT-04", AuditOptions.DEFAULT.withPostmaster(), TWO_SERVERS),
                "Every host that answered takes mail for postmaster@site.test.");
        assertThat(transcript.lines().stream().filter(line -> line.contains("RCPT TO:<postmaster@site.test>")))
                .hasSize(2);
    }

    @Test
    void AUDIT_04_aHostThatRefusesThePostmasterIsAProblem() throws Exception {
        mx6.onCommand("RCPT", "554 5.7.1 relay access denied");
        assertFinding(
                findings("AUDIT-04", AuditOptions.DEFAULT.withPostmaster(), TWO_SERVERS),
                Level.PROBLEM,
                "mx6.test refuses mail for postmaster@site.test: 2001:db8::6 says 554 5.7.1 relay access denied. mx4.test"
                        + " takes it.",
                "; on mx6.test: site.test among the domains that it relays or delivers");
    }

    @Test
    void AUDIT_04_aTemporaryRefusalSaysNothing() throws Exception {
        mx6.onCommand("RCPT", "450 4.7.1 greylisted");
        assertFinding(
                findings("AUDIT-04", AuditOptions.DEFAULT.withPostmaster(), TWO_SERVERS),
                Level.TEMPORARY,
                "mx6.test does not take mail for postmaster@site.test for now: 2001:db8::6 says 450 4.7.1 greylisted.");
    }

    @Test
    void AUDIT_04_thePostmasterIsOfferedOnlyIfWanted() throws Exception {
        assertFinding(
                findings("AUDIT-04", AuditOptions.DEFAULT, TWO_SERVERS),
                Level.NOT_CHECKED,
                "The postmaster of the domain");
        assertThat(transcript.lines()).noneMatch(line -> line.contains("MAIL FROM") || line.contains("RCPT"));
    }

    // AUDIT-05, AUDIT-06

    @Test
    void AUDIT_05_allAddressesOfANameLeadToOneHost() throws Exception {
        connector.map("192.0.2.5", 25, socket(mx4));
        assertOk(
                findings("AUDIT-05", AuditOptions.DEFAULT, V4_ONLY + "mx1.site.test. A 192.0.2.5"),
                "On 6 connections, all addresses of each name had the same greeting, certificate and extensions.");
        assertThat(mx4.connections()).isEqualTo(6);
    }

    @Test
    void AUDIT_05_theGreetingDiffers() throws Exception {
        assertFinding(
                findings("AUDIT-05", AuditOptions.DEFAULT.withConnectionsPerAddress(1), ONE_NAME),
                Level.WARNING,
                "mx.site.test leads to servers that differ. The greeting: mx4.test at 192.0.2.4; mx6.test at 2001:db8::6.");
    }

    @Test
    void AUDIT_05_theCertificateAndTheExtensionsDiffer() throws Exception {
        mx4.startTls(TestCertificates.create().serverContext("mx4.test"));
        assertThat(findings("AUDIT-05", AuditOptions.DEFAULT, ONE_NAME))
                .singleElement()
                .satisfies(finding -> assertThat(finding.seen())
                        .containsPattern("The certificate: [0-9a-f]{16} at 192.0.2.4; none at 2001:db8::6."));
    }

    @Test
    void AUDIT_05_theExtensionsDiffer() throws Exception {
        mx4.keywords("PIPELINING");
        assertThat(findings("AUDIT-05", AuditOptions.DEFAULT, ONE_NAME))
                .singleElement()
                .satisfies(finding -> assertThat(finding.seen())
                        .contains("The extensions: PIPELINING at 192.0.2.4; none at 2001:db8::6."));
    }

    @Test
    void AUDIT_05_withoutConnectionsItIsNotChecked() throws Exception {
        for (String rule : List.of("AUDIT-04", "AUDIT-05", "AUDIT-06")) {
            assertFinding(findings(rule, DNS_ONLY, ONE_NAME), Level.NOT_CHECKED, "Only DNS was asked");
        }
        assertThat(mx4.connections() + mx6.connections()).isZero();
    }

    @Test
    void AUDIT_06_differentHostsHaveDifferentNames() throws Exception {
        assertOk(findings("AUDIT-06", AuditOptions.DEFAULT, TWO_SERVERS), "No MX name leads to several hosts.");
    }

    @Test
    void AUDIT_06_hostsThatShareANameGetRecordsOfTheirOwn() throws Exception {
        assertFinding(
                findings("AUDIT-06", AuditOptions.DEFAULT, ONE_NAME),
                Level.WARNING,
                "2 hosts share the MX name mx.site.test: mx4.test at 192.0.2.4; mx6.test at 2001:db8::6.",
                "site.test. IN MX 10 mx4.test.",
                "mx4.test. IN A 192.0.2.4",
                "site.test. IN MX 10 mx6.test.",
                "mx6.test. IN AAAA 2001:db8::6");
    }

    @Test
    void AUDIT_06_namesOfTheSameHostAreMentioned() throws Exception {
        connector.map("192.0.2.5", 25, socket(mx4));
        assertOk(
                findings("AUDIT-06", AuditOptions.DEFAULT, """
                        site.test. MX 10 mx1.site.test.
                        site.test. MX 20 mx2.site.test.
                        mx1.site.test. A 192.0.2.4
                        mx2.site.test. A 192.0.2.5
                        """),
                "mx1.site.test and mx2.site.test greet with the same name, mx4.test: if that is one host, they do not"
                        + " replace one another.");
    }

    // AUDIT-07

    @Test
    void AUDIT_07_everyMxNameHasAnAddress() throws Exception {
        assertOk(findings("AUDIT-07", DNS_ONLY, GOOD), "Every MX record names a host");
        assertOk(findings("AUDIT-07", DNS_ONLY, "site.test. A 192.0.2.4"), "There are no MX records");
        assertOk(findings("AUDIT-07", DNS_ONLY, "site.test. MX 0 ."), "a null MX alone");
    }

    @Test
    void AUDIT_07_anAlias() throws Exception {
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, """
                        site.test. MX 10 mail.site.test.
                        mail.site.test. CNAME host.provider.test.
                        host.provider.test. A 192.0.2.4
                        """),
                Level.WARNING,
                "The MX name mail.site.test is an alias (CNAME) of host.provider.test.",
                "site.test. IN MX 10 host.provider.test.");
    }

    @Test
    void AUDIT_07_anAddressInPlaceOfAName() throws Exception {
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, "site.test. MX 10 192.0.2.4."),
                Level.PROBLEM,
                "The MX record has the address 192.0.2.4 in place of a name.",
                "; to be removed:",
                "site.test. IN MX 10 192.0.2.4.",
                "site.test. IN MX 10 mx.site.test.",
                "mx.site.test. IN A 192.0.2.4");
    }

    @Test
    void AUDIT_07_aMissingTarget() throws Exception {
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, "site.test. MX 10 gone.site.test."),
                Level.PROBLEM,
                "The MX name gone.site.test does not exist in DNS.",
                "gone.site.test. IN A <its IPv4 address>",
                "gone.site.test. IN AAAA <its IPv6 address>",
                "; or, to be removed:",
                "site.test. IN MX 10 gone.site.test.");
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, "site.test. TXT \"no mail\""),
                Level.PROBLEM,
                "There are no MX records, and the domain site.test has no address.",
                "site.test. IN A <its IPv4 address>",
                "site.test. IN AAAA <its IPv6 address>");
    }

    @Test
    void AUDIT_07_aPrivateAddress() throws Exception {
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, GOOD + "mx1.site.test. A 10.0.0.1"),
                Level.WARNING,
                "The MX name mx1.site.test has 10.0.0.1 (private), which no host on the Internet can have.",
                "; to be removed:",
                "mx1.site.test. IN A 10.0.0.1");
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, "site.test. MX 10 lan.test.\nlan.test. A 10.0.0.1"),
                Level.PROBLEM,
                "and no other address.",
                "; to be removed:",
                "lan.test. IN A 10.0.0.1");
    }

    @Test
    void AUDIT_07_aNullMxBesideOthers() throws Exception {
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, GOOD + "site.test. MX 0 ."),
                Level.WARNING,
                "There is a null MX (\".\") beside other MX records.",
                "; to be removed:",
                "site.test. IN MX 0 .");
    }

    @Test
    void AUDIT_07_aFailedLookupSaysNothingAboutTheSite() throws Exception {
        dns.fault("mx1.site.test", RecordType.A, DnsFault.SERVFAIL);
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, "site.test. MX 10 mx1.site.test.\nmx1.site.test. TXT \"x\""),
                Level.TEMPORARY,
                "The addresses of mx1.site.test are not known for now: SERVER_FAILURE");
    }

    @Test
    void AUDIT_07_aDomainThatDoesNotExist() throws Exception {
        assertFinding(
                findings("AUDIT-07", DNS_ONLY, "other.test. A 192.0.2.4"),
                Level.PROBLEM,
                "The domain site.test does not exist in DNS.",
                "site.test. IN MX 10 <mail exchanger>");
    }

    // AUDIT-08

    private List<AuditFinding> ownSender() throws Exception {
        return findings("AUDIT-08", DNS_ONLY.withOwnSender(), GOOD);
    }

    @Test
    void AUDIT_08_thisHostReachesBothFamilies() throws Exception {
        assertFinding(findings("AUDIT-08", DNS_ONLY, GOOD), Level.NOT_CHECKED, "This host is not said to be a sender");
        assertOk(ownSender(), "This host reaches IPv4 and IPv6 directly.");
        properties.setProperty("mail.mx.families", "ipv6");
        properties.setProperty("mail.mx.nat64.prefix", "64:ff9b::/96");
        assertOk(ownSender(), "This host reaches IPv6 directly, and IPv4 through NAT64.");
    }

    @Test
    void AUDIT_08_aRelayWithAuthReachesTheOtherFamily() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.relay.ipv6", "smtps://me:secret@relay.test");
        assertOk(ownSender(), "IPv6 through smtps://me:***@relay.test:465 with AUTH.");
    }

    @Test
    void AUDIT_08_aRelayWithoutAuthIsAWarning() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.relay.ipv6", "smtps://relay.test");
        assertFinding(
                ownSender(),
                Level.WARNING,
                "IPv6 through smtps://relay.test:465, without AUTH.",
                "mail.mx.relay.ipv6=smtps://<user>:<password>@<relay>");
    }

    @Test
    void AUDIT_08_withoutARelayTheOtherFamilyIsNotReached() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        assertFinding(
                ownSender(),
                Level.WARNING,
                "This host reaches IPv4 directly only, without a relay.",
                "mail.mx.relay.ipv6=smtps://<user>:<password>@<relay>");
        properties.setProperty("mail.mx.families", "ipv6");
        assertFinding(
                ownSender(),
                Level.PROBLEM,
                "This host reaches IPv6 directly only, without NAT64 and a relay.",
                "mail.mx.relay.ipv4=smtps://<user>:<password>@<relay>");
    }

    @Test
    void AUDIT_08_aRelaySelectorThatFailsIsAProblem() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        properties.put("mail.mx.relayselector", (RelaySelector) question -> {
            throw new IllegalStateException("the table of relays is empty");
        });
        assertFinding(ownSender(), Level.PROBLEM, "only, and the relay selector fails: the table of relays is empty.");
    }

    // AUDIT-09: AuthorityInquiryTest has the others

    @Test
    void AUDIT_09_aPlugInCannotBeAskedForNameServers() throws Exception {
        properties.put("mail.mx.dns.resolver", new MailDns() {
            @Override
            public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) {
                return new DnsAnswer.NoData<>(Duration.ZERO, Security.INSECURE);
            }
        });
        assertFinding(findings("AUDIT-09", DNS_ONLY, GOOD), Level.NOT_CHECKED, "DNS is a plug-in");
    }

    @Test
    void AUDIT_09_aPrivateNameServerIsNotAsked() throws Exception {
        assertFinding(
                findings("AUDIT-09", DNS_ONLY, GOOD + "site.test. NS ns.site.test.\nns.site.test. A 10.0.0.53"),
                Level.NOT_CHECKED,
                "This host reaches none of the addresses of the name servers of site.test.");
    }

    // AUDIT-10

    @Test
    void AUDIT_10_twoHostsWithBothFamiliesAreEnough() throws Exception {
        assertOk(findings("AUDIT-10", DNS_ONLY, GOOD), "With any one mail exchanger or address down");
    }

    @Test
    void AUDIT_10_theOnlyHostIsASinglePointOfFailure() throws Exception {
        assertFinding(
                findings("AUDIT-10", DNS_ONLY, ONE_NAME),
                Level.WARNING,
                "Single point of failure: with mx.site.test down, mail of all senders waits at the sender",
                "site.test. IN MX 20 <another host with IPv4 and IPv6>");
    }

    @Test
    void AUDIT_10_theOnlyHostOfAFamilyIsASinglePointOfFailure() throws Exception {
        assertFinding(
                findings("AUDIT-10", DNS_ONLY, """
                        site.test.     MX 10 mx1.site.test.
                        site.test.     MX 20 mx2.site.test.
                        mx1.site.test. A 192.0.2.4
                        mx1.site.test. AAAA 2001:db8::6
                        mx2.site.test. A 192.0.2.5
                        """),
                Level.WARNING,
                "with mx1.site.test down, mail of senders that reach IPv6 only waits",
                "site.test. IN MX 30 <another host with IPv6>");
    }

    @Test
    void AUDIT_10_anAddressOfTwoNamesIsASinglePointOfFailure() throws Exception {
        List<AuditFinding> findings = findings("AUDIT-10", DNS_ONLY, """
                site.test.     MX 10 mx1.site.test.
                site.test.     MX 20 mx2.site.test.
                mx1.site.test. A 192.0.2.4
                mx2.site.test. A 192.0.2.4
                """);
        assertThat(findings).extracting(AuditFinding::seen).anyMatch(seen -> seen.contains("with mx2.site.test down"));
    }

    @Test
    void AUDIT_10_aFailedLookupSaysNothingAboutTheSite() throws Exception {
        dns.fault("mx1.site.test", RecordType.AAAA, DnsFault.SERVFAIL);
        assertFinding(
                findings("AUDIT-10", DNS_ONLY, ONE_NAME.replace("mx.site", "mx1.site")),
                Level.TEMPORARY,
                "The addresses of the mail exchangers are not all known for now.");
    }
}
