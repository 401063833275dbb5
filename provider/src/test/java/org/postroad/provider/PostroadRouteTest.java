// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.DomainRoute;
import org.postroad.api.Mailbox;
import org.postroad.api.PlannedContact;
import org.postroad.api.RecipientReport;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;
import org.postroad.api.RoutePlan;
import org.postroad.api.TlsSummary;
import org.postroad.spi.DeliveryListener;
import org.postroad.spi.RelaySelector;

/** {@code Postroad.route} with real settings and a DNS server. */
@Timeout(300)
class PostroadRouteTest extends TransportTesting {

    private RoutePlan route(String... recipients) throws MessagingException {
        List<Address> addresses = new ArrayList<>();
        for (String recipient : recipients) {
            InternetAddress address = new InternetAddress();
            address.setAddress(recipient); // unlike a constructor, it checks nothing
            addresses.add(address);
        }
        properties.put("mail.mx.listener", (DeliveryListener) event -> transcript.add("event " + event));
        return Postroad.route(Session.getInstance(properties), addresses.toArray(Address[]::new));
    }

    private DomainRoute only(String recipient) throws MessagingException {
        RoutePlan plan = route(recipient);
        assertThat(plan.domains()).hasSize(1);
        return plan.domains().get(0);
    }

    private static String result(DomainRoute route) {
        RecipientReport report = route.recipients().get(0);
        return report.verdict() + " " + report.status() + " "
                + report.decision().rule();
    }

    @AfterEach
    void noServerWasContactedAndNoListenerCalled() {
        assertThat(transcript.lines()).noneMatch(line -> line.startsWith("event ") || line.contains("connect"));
    }

    @Test
    void ORDER_02_contactsAreInTheOrderOfPreference() throws Exception {
        assertThat(only("a@dual.test")).hasToString("""
                dual.test
                  next hop   the mail exchangers of dual.test, port 25
                  dns        dual.test MX: [10 mx6.v6.test, 20 mx4.v4.test]
                  dns        mx6.v6.test A: no data
                  dns        mx6.v6.test AAAA: [2001:db8::6]
                  dns        _mta-sts.dual.test TXT: no such name
                  dns        mx4.v4.test A: [192.0.2.4]
                  dns        mx4.v4.test AAAA: no data
                  host       10 mx6.v6.test
                             2001:db8::6
                  host       20 mx4.v4.test
                             192.0.2.4
                  contact 1  mx6.v6.test[2001:db8::6]:25, TLS if offered, with any certificate
                  contact 2  mx4.v4.test[192.0.2.4]:25, TLS if offered, with any certificate
                  otherwise  <a@dual.test> DEFERRED 4.4.1 (END-01): Nothing is left to try; \
                mx4.v4.test[192.0.2.4]:25, connecting: no answer: assumed, not contacted""");
    }

    @Test
    void ADDR_02_anAddressOfTheOtherFamilyIsPassedOver() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        DomainRoute route = only("a@both.test");
        assertThat(route.hosts()).hasSize(1);
        assertThat(route.hosts().get(0).addresses())
                .extracting(Object::toString)
                .containsExactly("192.0.2.4", "2001:db8::6: passed over (ADDR-02), this host reaches IPv4 only");
        assertThat(route.contacts()).extracting(PlannedContact::remote).hasSize(1);
    }

    @Test
    void ADDR_05_aRefusedAddressIsPassedOverAndTheResultIsKnown() throws Exception {
        DomainRoute route = only("a@private.test");
        assertThat(route.hosts())
                .extracting(Object::toString)
                .containsExactly("10 lan.private.test: passed over (ADDR-05), no address is left to contact");
        assertThat(route.hosts().get(0).addresses())
                .extracting(Object::toString)
                .containsExactly("10.0.0.1: passed over (ADDR-05), private (mail.mx.addresses.allow)");
        assertThat(route.isDecided()).isTrue();
        assertThat(result(route)).isEqualTo("FAILED 5.4.3 END-05");
    }

    @Test
    void LOOKUP_03_aDomainThatDoesNotExistIsDecided() throws Exception {
        DomainRoute route = only("a@nowhere.test");
        assertThat(route.isDecided()).isTrue();
        assertThat(route.hosts()).isEmpty();
        assertThat(result(route)).isEqualTo("FAILED 5.1.2 LOOKUP-03");
    }

    @Test
    void LOOKUP_07_aNullMxIsNoHost() throws Exception {
        DomainRoute route = only("a@null.test");
        assertThat(route.hosts())
                .extracting(Object::toString)
                .containsExactly("0 .: passed over (LOOKUP-07), it stands for no host (null MX)");
        assertThat(result(route)).isEqualTo("FAILED 5.1.10 LOOKUP-07");
    }

    @Test
    void LOOKUP_06_anAddressLiteralIsItsOnlyAddress() throws Exception {
        DomainRoute route = only("a@[192.0.2.4]");
        assertThat(route.lookups()).isEmpty();
        assertThat(route.nextHop()).hasToString("192.0.2.4, port 25");
        assertThat(route.contacts())
                .extracting(Object::toString)
                .containsExactly("[192.0.2.4]:25, TLS if offered, with any certificate");
    }

    @Test
    void ORDER_08_ownHostsAreNamed() throws Exception {
        properties.setProperty("mail.mx.localnames", "mx4.v4.test");
        DomainRoute route = only("a@dual.test");
        assertThat(route.hosts())
                .extracting(Object::toString)
                .containsExactly(
                        "10 mx6.v6.test",
                        "20 mx4.v4.test: passed over (ORDER-08), it is a name of this host (mail.mx.localhost, mail.mx.localnames)");
        assertThat(route.contacts()).hasSize(1);
    }

    @Test
    void RELAY_02_theSelectorIsAskedAndItsRelaysArePlanned() throws Exception {
        properties.setProperty("mail.mx.families", "ipv4");
        properties.setProperty("mail.mx.from", "sender@client.test");
        List<Optional<Mailbox>> senders = new ArrayList<>();
        properties.put("mail.mx.relayselector", (RelaySelector) question -> {
            senders.add(question.sender());
            return List.of(Relay.parse("smtps://[192.0.2.4]"));
        });
        DomainRoute route = only("a@v6.test");
        assertThat(senders).containsExactly(Optional.of(Mailbox.parse("sender@client.test")));
        assertThat(route.hosts())
                .extracting(Object::toString)
                .containsExactly(
                        "10 mx6.v6.test: passed over (ADDR-02), no address is left to contact", "relay 192.0.2.4");
        assertThat(route.contacts()).hasSize(1);
        PlannedContact contact = route.contacts().get(0);
        assertThat(contact.remote().role()).isEqualTo(RemoteMta.Role.RELAY);
        assertThat(contact.tls()).isEqualTo(TlsSummary.Level.VERIFIED);
        assertThat(contact.isTlsRequired()).isTrue();
        assertThat(result(route)).isEqualTo("DEFERRED 4.4.1 RELAY-05");
    }

    @Test
    void route_theConfiguredNextHopIsNamed() throws Exception {
        properties.setProperty("mail.mx.routes", "v4.test=[192.0.2.4]:2525");
        DomainRoute route = only("a@v4.test");
        assertThat(route.nextHop()).hasToString("192.0.2.4, port 2525 (mail.mx.routes)");
        assertThat(route.contacts().get(0).remote().port()).isEqualTo(2525);
    }

    @Test
    void route_aHostWithoutANameCanPlan() throws Exception {
        properties.remove("mail.mx.localhost");
        assertThat(only("a@v4.test").contacts()).hasSize(1);
    }

    @Test
    void route_severalDomainsAndMalformedAddressesAreOnePlan() throws Exception {
        RoutePlan plan = route("a@v4.test", "a@@v4.test", "b@v6.test", "c@v4.test");
        assertThat(plan.domains())
                .extracting(DomainRoute::domain)
                .extracting(Object::toString)
                .containsExactly("v4.test", "v6.test");
        assertThat(plan.domains().get(0).recipients()).hasSize(2);
        assertThat(plan.invalidRecipients()).hasSize(1);
        assertThat(plan.toString()).contains("<a@@v4.test> FAILED 5.1.3 (RFC 5321 4.1.2): ");
    }

    @Test
    void TLS_13_aSessionThatRequiresTlsRulesOutHostsThatAreNotProved() throws Exception {
        properties.setProperty("mail.mx.requiretls", "true");
        DomainRoute route = only("a@v4.test");
        assertThat(route.isDecided()).isTrue();
        assertThat(route.contacts().get(0).toString())
                .contains("mx4.v4.test[192.0.2.4]:25, not contacted: 5.7.30 the message demands authenticated TLS");
        assertThat(result(route)).isEqualTo("FAILED 5.7.30 END-02");
    }

    @Test
    void route_badInputIsAnErrorThatNamesIt() {
        assertThatThrownBy(() -> Postroad.route(Session.getInstance(properties)))
                .isInstanceOf(SendFailedException.class)
                .hasMessage("There are no recipients");
        properties.setProperty("mail.mx.families", "ipv5");
        assertThatThrownBy(() -> route("a@v4.test"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.families");
        properties.setProperty("mail.mx.families", "both");
        properties.setProperty("mail.mx.from", "nobody");
        assertThatThrownBy(() -> route("a@v4.test"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.from");
    }

    @Test
    void route_anInterruptIsAnErrorAndTheThreadStaysInterrupted() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> route("a@v4.test"))
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
