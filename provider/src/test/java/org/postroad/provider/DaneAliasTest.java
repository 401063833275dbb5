// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.TestCertificates;
import org.postroad.fixtures.TestCertificates.Server;
import org.postroad.spi.DeliveryListener;

/**
 * Which name's TLSA records apply to an address, and which name is sent in SNI: aliases of mail exchangers and of domains in partly
 * signed zones, and hosts with secure addresses in one family only (TLS-06, TLS-07).
 */
class DaneAliasTest extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final Instant SOON = Instant.now().plus(Duration.ofHours(1));
    private static final String OF_ANOTHER_KEY =
            AUTHORITY.server(SOON, "another.test").tlsa();

    private static final String ZONE = """
            away.test.         MX 10 mx.away.test.
            mx.away.test.      CNAME mx.unsigned.test.
            mx.unsigned.test.  A 192.0.2.4
            within.test.       MX 10 mx.within.test.
            mx.within.test.    CNAME mx4.v4.test.
            mx4.v4.test.       A 192.0.2.4
            loose.test.        MX 10 mx.loose.test.
            mx.loose.test.     CNAME mx.unsigned.test.
            plain.test.        MX 10 mx.unsigned.test.
            implicit.test.     CNAME mx.unsigned.test.
            customer.test.     CNAME within.test.
            tree.test.         MX 10 mx.old.tree.test.
            old.tree.test.     DNAME unsigned.test.
            forest.test.       MX 10 mx.old.forest.test.
            old.forest.test.   DNAME grown.test.
            mx.grown.test.     CNAME mx.unsigned.test.
            two.test.          MX 10 first.two.test.
            two.test.          MX 20 second.two.test.
            first.two.test.    A 192.0.2.4
            second.two.test.   A 192.0.2.4
            both.test.         MX 10 mx.both.test.
            mx.both.test.      A 192.0.2.4
            mx.both.test.      AAAA 2001:db8::6
            """;

    private final List<String> levels = new CopyOnWriteArrayList<>();

    /** The names in the certificates that servers presented. */
    private final List<String> shown = new CopyOnWriteArrayList<>();

    private Server server = AUTHORITY.server(SOON, "mx4.v4.test");

    @BeforeEach
    void sign() {
        dns.signed(
                "away.test",
                "within.test",
                "v4.test",
                "implicit.test",
                "customer.test",
                "tree.test",
                "forest.test",
                "both.test",
                "two.test",
                "plain.test");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.Attempted attempted) {
                levels.add(attempted.attempt().remote().family() + " "
                        + attempted.attempt().tls().level());
                attempted.attempt().tls().handshake().ifPresent(handshake -> shown.addAll(handshake.names()));
            }
        });
        show(server);
    }

    private void show(Server next) {
        server = next;
        mx4.startTls(next.context());
        mx6.startTls(next.context());
    }

    private static Server named(Map<String, Server> servers, String name) {
        return Optional.ofNullable(servers.get(name)).orElseThrow();
    }

    /** A TLSA record for each of the names. */
    private void publish(Map<String, String> records) {
        dns.zone(ZONE
                + records.entrySet().stream()
                        .map(entry -> "_25._tcp." + entry.getKey() + ". TLSA " + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
    }

    private void assertDelivered(String recipient, String... expected) throws Exception {
        send(message(recipient));
        assertThat(levels).containsExactly(expected);
    }

    private void assertDeferred(String recipient, String status, String why) throws Exception {
        assertThat(failure(recipient).report().recipients().get(0)).satisfies(report -> {
            assertThat(report.status()).hasToString(status);
            assertThat(report.decision().explanation()).contains(why);
        });
        assertThat(transcript.linesOf("mx4< MAIL")).isEmpty();
    }

    private int questions(String name) {
        return dns.questions("_25._tcp." + name, RecordType.TLSA);
    }

    // TLS-06: aliases

    @Test
    void TLS_06_recordsAtASecureAliasIntoAnUnsignedZoneCount() throws Exception {
        publish(Map.of("mx.away.test", server.tlsa()));
        assertDelivered("a@away.test", "IPv4 DANE");
        assertThat(dns.questions("mx.away.test", RecordType.CNAME)).isOne();
        assertThat(questions("mx.unsigned.test")).isZero();
    }

    /** The address is queried in two messages, of which the first one proves the alias. */
    @Test
    void TLS_06_anAliasThatTheAnswerProvesIsNotAskedForAgain() throws Exception {
        publish(Map.of("mx.away.test", server.tlsa()));
        for (RecordType<?> type : List.of(RecordType.A, RecordType.AAAA)) {
            dns.fault("mx.away.test", type, DnsFault.AUTHENTIC);
            dns.fault("mx.unsigned.test", type, DnsFault.NOT_AUTHENTIC);
        }
        dns.fault("mx.away.test", RecordType.CNAME, DnsFault.SERVFAIL);
        assertDelivered("a@away.test", "IPv4 DANE");
        assertThat(dns.questions("mx.away.test", RecordType.CNAME)).isZero();
    }

    /** A DNAME can lead the TLSA query out of the signed zone as well. */
    @Test
    void TLS_06_anAliasMadeOfADnameHasTheRecordsOfItsTarget() throws Exception {
        publish(Map.of("mx.unsigned.test", OF_ANOTHER_KEY));
        assertDelivered("a@tree.test", "IPv4 OPPORTUNISTIC");
        assertThat(questions("mx.old.tree.test")).isOne();
    }

    /** The target of the DNAME is an alias as well. */
    @Test
    void TLS_06_anAliasMadeOfADnameDoesNotDelayTheMail() throws Exception {
        publish(Map.of("mx.unsigned.test", OF_ANOTHER_KEY));
        assertDelivered("a@forest.test", "IPv4 OPPORTUNISTIC");
        assertThat(questions("mx.old.forest.test")).isOne();
    }

    @Test
    void TLS_06_recordsAtASecureAliasRefuseAnotherCertificate() throws Exception {
        publish(Map.of("mx.away.test", OF_ANOTHER_KEY, "mx.unsigned.test", server.tlsa()));
        assertDeferred("a@away.test", "4.7.5", "no TLSA record matches");
    }

    @Test
    void TLS_06_recordsAtAnUnsignedAliasDoNotCount() throws Exception {
        publish(Map.of("mx.loose.test", OF_ANOTHER_KEY));
        assertDelivered("a@loose.test", "IPv4 OPPORTUNISTIC");
        assertThat(questions("mx.loose.test")).isZero();
    }

    /** Otherwise an attacker who blocks the answer with the alias could hide the TLSA records. */
    @ParameterizedTest
    @EnumSource(
            value = DnsFault.class,
            names = {"SERVFAIL", "SERVFAIL_BOGUS", "REFUSED"})
    void TLS_08_aHostWhoseAliasLookupFailsIsSkipped(DnsFault fault) throws Exception {
        publish(Map.of("mx.away.test", OF_ANOTHER_KEY));
        dns.fault("mx.away.test", RecordType.CNAME, fault);
        assertDeferred("a@away.test", "4.4.3", "CNAME");
        assertThat(mx4.connections()).isZero();
    }

    @Test
    void TLS_06_noAliasIsLookedUpForAHostThatIsNotAnAlias() throws Exception {
        publish(Map.of("mx.unsigned.test", OF_ANOTHER_KEY));
        assertDelivered("a@plain.test", "IPv4 OPPORTUNISTIC");
        assertThat(dns.questions("mx.unsigned.test", RecordType.CNAME)).isZero();
        assertThat(questions("mx.unsigned.test")).isZero();
    }

    @Test
    void TLS_06_recordsAtTheEndOfASecureChainComeFirst() throws Exception {
        publish(Map.of("mx.within.test", OF_ANOTHER_KEY, "mx4.v4.test", server.tlsa()));
        assertDelivered("a@within.test", "IPv4 DANE");
        assertThat(questions("mx.within.test")).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = DnsFault.class,
            names = {"NOT_AUTHENTIC", "NO_DATA", "NXDOMAIN"})
    void TLS_06_recordsAtTheAliasComeSecond(DnsFault fault) throws Exception {
        publish(Map.of("mx.within.test", server.tlsa(), "mx4.v4.test", OF_ANOTHER_KEY));
        dns.fault("_25._tcp.mx4.v4.test", RecordType.TLSA, fault);
        assertDelivered("a@within.test", "IPv4 DANE");
    }

    @Test
    void TLS_08_recordsAtTheAliasDoNotReplaceAFailedLookupAtItsEnd() throws Exception {
        publish(Map.of("mx.within.test", server.tlsa()));
        dns.fault("_25._tcp.mx4.v4.test", RecordType.TLSA, DnsFault.SERVFAIL);
        assertDeferred("a@within.test", "4.4.3", "TLSA");
    }

    /** A domain without MX records that is itself an alias. */
    @Test
    void TLS_06_theAliasOfAnImplicitMxCountsToo() throws Exception {
        publish(Map.of("implicit.test", OF_ANOTHER_KEY));
        assertDeferred("a@implicit.test", "4.7.5", "no TLSA record matches");
        publish(Map.of("implicit.test", server.tlsa()));
        Postroad.close();
        levels.clear();
        assertDelivered("a@implicit.test", "IPv4 DANE");
    }

    // TLS-06: addresses

    @ParameterizedTest
    @CsvSource({
        "AAAA, ipv6, IPv6 OPPORTUNISTIC",
        "AAAA, ipv4, IPv4 DANE",
        "A, ipv4, IPv4 OPPORTUNISTIC",
        "A, ipv6, IPv6 DANE"
    })
    void TLS_06_eachAddressIsJudgedByItsOwnAnswer(String insecure, String first, String level) throws Exception {
        properties.setProperty("mail.mx.addressorder", first);
        publish(Map.of("mx.both.test", server.tlsa()));
        dns.fault("mx.both.test", insecure.equals("A") ? RecordType.A : RecordType.AAAA, DnsFault.NOT_AUTHENTIC);
        assertDelivered("a@both.test", level);
    }

    @Test
    void TLS_06_secureAndInsecureAddressesOfAHostAreJudgedSeparately() throws Exception {
        properties.setProperty("mail.mx.addressorder", "ipv6");
        publish(Map.of("mx.both.test", OF_ANOTHER_KEY));
        dns.fault("mx.both.test", RecordType.AAAA, DnsFault.NOT_AUTHENTIC);
        mx6.greeting("421 4.3.2 not today");
        assertDeferred("a@both.test", "4.3.2", "not today");
        assertThat(levels).containsExactly("IPv6 NONE", "IPv4 NONE");
        assertThat(mx4.connections()).isOne();
        assertThat(questions("mx.both.test")).isOne();
    }

    /** Only addresses with the same protection are dialled together. */
    @Test
    void TLS_06_secureAndInsecureAddressesOfAHostAreDialledSeparately() throws Exception {
        properties.setProperty("mail.mx.addressorder", "ipv6");
        publish(Map.of("mx.both.test", OF_ANOTHER_KEY));
        dns.fault("mx.both.test", RecordType.AAAA, DnsFault.NOT_AUTHENTIC);
        connector.refuse("2001:db8::6");
        assertDeferred("a@both.test", "4.7.5", "no TLSA record matches");
        assertThat(mx4.connections()).isOne();
    }

    @Test
    void TLS_06_aNat64AddressIsAsSecureAsItsIpv4Address() throws Exception {
        properties.setProperty("mail.mx.families", "ipv6");
        properties.setProperty("mail.mx.nat64.prefix", "2001:db8:64::/96");
        connector.map("2001:db8:64::c000:204", 25, socket(mx6));
        publish(Map.of("mx4.v4.test", server.tlsa()));
        assertDelivered("a@within.test", "IPv6 DANE");
    }

    @Test
    void TLS_06_anA6AddressIsJudgedByItsOwnAnswer() throws Exception {
        properties.setProperty("mail.mx.dns.a6", "true");
        publish(Map.of("mx.both.test", OF_ANOTHER_KEY));
        dns.fault("mx.both.test", RecordType.A, DnsFault.NO_DATA);
        dns.fault("mx.both.test", RecordType.AAAA, DnsFault.NO_DATA);
        dns.zone(ZONE + "mx.both.test. A6 0 2001:db8::6\n_25._tcp.mx.both.test. TLSA " + OF_ANOTHER_KEY);
        assertDeferred("a@both.test", "4.7.5", "no TLSA record matches");
    }

    /** TLS-04: TLSA records of one name of an address do not apply to another name. */
    @ParameterizedTest
    @EnumSource(
            value = DnsFault.class,
            names = {"AUTHENTIC", "SERVFAIL"})
    void TLS_04_theNextHostIsTriedAlsoAtTheSameAddress(DnsFault fault) throws Exception {
        publish(Map.of("first.two.test", OF_ANOTHER_KEY, "second.two.test", server.tlsa()));
        dns.fault("_25._tcp.first.two.test", RecordType.TLSA, fault);
        assertDelivered("a@two.test", "IPv4 NONE", "IPv4 DANE");
    }

    /** No host is tried twice, and none is tried again if the server itself refused. */
    @Test
    void TLS_04_anAddressIsTriedOncePerName() throws Exception {
        publish(Map.of("first.two.test", OF_ANOTHER_KEY, "second.two.test", OF_ANOTHER_KEY));
        assertDeferred("a@two.test", "4.7.5", "no TLSA record matches");
        assertThat(levels).containsExactly("IPv4 NONE", "IPv4 NONE");
        levels.clear();
        Postroad.close();
        publish(Map.of());
        mx4.greeting("421 4.3.2 not today");
        assertDeferred("a@two.test", "4.3.2", "not today");
        assertThat(levels).containsExactly("IPv4 NONE");
    }

    // TLS-07: names

    /** RFC 7672 §8.1: a server that selects its certificate by SNI has the matching one for the name of the TLSA records. */
    @ParameterizedTest
    @CsvSource({
        "within.test, mx4.v4.test, mx.within.test",
        "within.test, mx.within.test, mx4.v4.test",
        "away.test, mx.away.test, mx.unsigned.test"
    })
    void TLS_07_sniIsTheNameOfTheRecords(String domain, String base, String other) throws Exception {
        Map<String, Server> servers = AUTHORITY.serverByName("default.test", base, other);
        show(named(servers, base));
        publish(Map.of(base, server.tlsa()));
        assertDelivered("a@" + domain, "IPv4 DANE");
    }

    @Test
    void TLS_07_sniIsTheBaseDomainOfUnusableRecordsToo() throws Exception {
        Map<String, Server> servers = AUTHORITY.serverByName("default.test", "mx.within.test", "mx4.v4.test");
        show(named(servers, "mx4.v4.test"));
        publish(Map.of("mx4.v4.test", "1" + server.tlsa().substring(1)));
        send(message("a@within.test"));
        assertThat(shown).containsExactly("mx4.v4.test");
    }

    @Test
    void TLS_07_withoutRecordsSniIsTheHostName() throws Exception {
        Map<String, Server> servers = AUTHORITY.serverByName("default.test", "mx.within.test", "mx4.v4.test");
        show(named(servers, "mx4.v4.test"));
        publish(Map.of());
        assertDelivered("a@within.test", "IPv4 OPPORTUNISTIC");
        assertThat(shown).containsExactly("mx.within.test");
    }

    /** RFC 7672 §3.2.2, DANE-TA. */
    @ParameterizedTest
    @CsvSource({
        "a@customer.test, customer.test, true",
        "a@customer.test, within.test, true",
        "a@customer.test, mx4.v4.test, true",
        "a@customer.test, mx.within.test, false",
        "a@customer.test, other.test, false",
        "a@within.test, within.test, true",
        "a@within.test, mx.within.test, false",
        "a@away.test, away.test, true",
        "a@away.test, mx.away.test, true",
        "a@away.test, mx.unsigned.test, false"
    })
    void TLS_07_theDomainAndTheBaseDomainAreReferenceNames(String recipient, String name, boolean accepted)
            throws Exception {
        show(AUTHORITY.server(SOON, name));
        String base = recipient.endsWith("away.test") ? "mx.away.test" : "mx4.v4.test";
        publish(Map.of(base, ofTheAuthority()));
        if (accepted) {
            assertDelivered(recipient, "IPv4 DANE");
        } else {
            assertDeferred(recipient, "4.7.5", name);
        }
    }

    /** If DNSSEC does not prove that the host belongs to the domain, only the TLSA base domain is a reference name. */
    @ParameterizedTest
    @CsvSource({"mx4.v4.test, true", "unproved.test, false"})
    void TLS_07_anUnsignedDomainIsNotAReferenceName(String name, boolean accepted) throws Exception {
        show(AUTHORITY.server(SOON, name));
        publish(Map.of("mx4.v4.test", ofTheAuthority()));
        dns.zone(ZONE + "unproved.test. MX 10 mx4.v4.test.\n_25._tcp.mx4.v4.test. TLSA " + ofTheAuthority());
        if (accepted) {
            assertDelivered("a@unproved.test", "IPv4 DANE");
        } else {
            assertDeferred("a@unproved.test", "4.7.5", name);
        }
    }

    private static String ofTheAuthority() throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest(AUTHORITY.authority().getPublicKey().getEncoded());
        return "2 1 1 " + HexFormat.of().formatHex(digest);
    }
}
