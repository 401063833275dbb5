// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RemoteMta;

/** Policies and reports use the same NAT64 and the same address guard as mail (ADDR-04, ADDR-05). */
class Nat64WebTest extends TransportTesting {

    private static final String PREFIX = "2001:470:64:64::/96";

    private FakeNat64 network;

    @BeforeEach
    void record() {
        properties.setProperty("mail.mx.tlsrpt.contact", "tls@client.test");
        properties.setProperty("mail.mx.addresses.allow", "192.0.2.0/24");
        network = new FakeNat64(PREFIX, connector, true);
        properties.put("mail.mx.connector", network);
    }

    /** Sends to a host with an IPv4 address and these further addresses. */
    private void sendTo(String... published) throws MessagingException {
        dns.zone("""
                v4.test.            MX 10 mx4.v4.test.
                mx4.v4.test.        A 192.0.2.4
                _mta-sts.v4.test.   TXT "v=STSv1; id=1;"
                _smtp._tls.v4.test. TXT "v=TLSRPTv1; rua=https://web.v4.test/"
                ipv4only.arpa.      AAAA 2001:470:64:64::192.0.0.170
                """ + String.join("\n", published));
        send(message("a@v4.test"));
    }

    private List<String> dialledAs(RemoteMta.Role role) {
        return network.dialled().stream()
                .filter(remote -> remote.role() == role)
                .map(remote -> remote.address().toString())
                .toList();
    }

    private List<String> problemsOfUpload() throws MessagingException {
        TlsReports reports = Postroad.tlsReports(Session.getInstance(properties));
        return reports.send(reports.of(LocalDate.now(ZoneOffset.UTC)).get(0)).problems();
    }

    @ParameterizedTest
    @ValueSource(strings = {PREFIX, ""})
    void ADDR_04_policiesAndReportsReachIpv4(String configured) throws Exception {
        properties.setProperty("mail.mx.families", "ipv6");
        configure(configured);
        sendTo("mta-sts.v4.test. A 192.0.2.80", "web.v4.test. A 192.0.2.81");
        assertThat(mx4.received()).hasSize(1);
        assertThat(problemsOfUpload()).singleElement().asString().contains("web.v4.test[2001:470:64:64::c000:251]");
        assertThat(dialledAs(RemoteMta.Role.MAIL_EXCHANGER)).containsExactly("2001:470:64:64::c000:204");
        assertThat(dialledAs(RemoteMta.Role.POLICY_HOST)).containsExactly("2001:470:64:64::c000:250");
        assertThat(dialledAddresses()).contains("2001:470:64:64::c000:251");
    }

    private List<String> dialledAddresses() {
        return network.dialled().stream()
                .map(remote -> remote.address().toString())
                .toList();
    }

    private void configure(String prefix) {
        if (!prefix.isEmpty()) {
            properties.setProperty("mail.mx.nat64.prefix", prefix);
        }
    }

    /** A host with both families may reach the NAT64 as well: the configured prefix applies. */
    @ParameterizedTest
    @CsvSource({"ipv6, " + PREFIX, "ipv6, ''", "both, " + PREFIX})
    void ADDR_05_aPrivateAddressWithinThePrefixIsNotDialled(String families, String configured) throws Exception {
        properties.setProperty("mail.mx.families", families);
        configure(configured);
        sendTo(
                "mta-sts.v4.test. AAAA 2001:470:64:64::10.0.0.1",
                "web.v4.test. AAAA 2001:470:64:64::10.0.0.1",
                "lan.test. MX 10 mx.lan.test.",
                "mx.lan.test. AAAA 2001:470:64:64::10.0.0.1");
        assertThat(problemsOfUpload())
                .singleElement()
                .asString()
                .contains("2001:470:64:64::a00:1 is refused (private inside NAT64)");
        assertThat(failure("a@lan.test")).hasMessageContaining("private inside NAT64");
        assertThat(dialledAddresses()).doesNotContain("2001:470:64:64::a00:1");
    }

    @Test
    void ADDR_02_policiesAreNotFetchedOverTheOtherFamily() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        sendTo("mta-sts.v4.test. AAAA 2001:470::1", "web.v4.test. AAAA 2001:470::1");
        assertThat(problemsOfUpload())
                .singleElement()
                .asString()
                .contains("web.v4.test has no address that may be contacted: "
                        + "2001:470::1 cannot be reached (this host has no IPv6)");
        assertThat(dialledAs(RemoteMta.Role.POLICY_HOST)).isEmpty();
    }
}
