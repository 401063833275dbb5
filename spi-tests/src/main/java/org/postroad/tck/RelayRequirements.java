// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.Family;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.spi.RelaySelector;

/** RELAY: the external relay. RELAY-04 for an authenticated relay is in {@link SecretRequirements}. */
abstract class RelayRequirements extends EndRequirements {

    private static final Expect RELAY = Expect.lookAt("when a relay is used, and for whom");

    private static final String ZONE = """
            d4.test.    MX 10 mx.d4.test.
            mx.d4.test. A 192.0.2.4
            d6.test.    MX 10 mx.d6.test.
            mx.d6.test. AAAA 2001:db8::6
            relay.test. A 192.0.2.25
            spare.test. A 192.0.2.26
            """;

    RelayRequirements() {}

    /** Configures a host with IPv4 only, with these relays. */
    final void ipv4Only(String relays) {
        set("mail.mx.families", "ipv4");
        if (!relays.isEmpty()) {
            set("mail.mx.relay", relays);
        }
        dns(ZONE);
    }

    @Nested
    class Choice {

        @Requirement
        void RELAY_01_noRelayIsTakenFromDns() throws Exception {
            set("mail.mx.families", "ipv4");
            dns(ZONE + "d6.test. A 192.0.2.66\n");
            mx("suggested", "192.0.2.66");
            expectStatus(send("u@d6.test"), "u@d6.test", "5.4.4");
            expectDials();
        }

        @Requirement
        void RELAY_02_theSelectorReceivesDomainRecipientsSenderAndFamilies() throws Exception {
            BlockingQueue<RelaySelector.Question> asked = new LinkedBlockingQueue<>();
            ipv4Only("");
            set("mail.mx.relayselector", (RelaySelector) question -> {
                asked.add(question);
                return List.of(Relay.parse("smtp://relay.test"));
            });
            mx("relay", "192.0.2.25");
            expectAccepted(send("u@d6.test", "v@d6.test"), "u@d6.test");
            RELAY.equal("the number of questions to the selector:", 1, asked.size());
            RelaySelector.Question question = asked.remove();
            RELAY.equal("the domain", "d6.test", question.domain().toString());
            RELAY.equal(
                    "the recipients",
                    List.of("u@d6.test", "v@d6.test"),
                    question.recipients().stream()
                            .map(Object::toString)
                            .sorted()
                            .toList());
            RELAY.equal(
                    "the sender",
                    Optional.of("sender@" + CLIENT),
                    question.sender().map(Object::toString));
            RELAY.equal("our families", Set.of(Family.IPV4), question.families().ours());
            RELAY.equal(
                    "the domain's families",
                    Set.of(Family.IPV6),
                    question.families().destination());
            RELAY.equal("the reason", RelaySelector.Reason.OTHER_FAMILY, question.reason());
        }

        @Requirement
        void RELAY_02_theSelectorIsNotAskedIfTheDomainIsReachable() throws Exception {
            BlockingQueue<RelaySelector.Question> asked = new LinkedBlockingQueue<>();
            ipv4Only("");
            set("mail.mx.relayselector", (RelaySelector) question -> {
                asked.add(question);
                return List.of();
            });
            mx("mx", "192.0.2.4");
            expectAccepted(send("u@d4.test"), "u@d4.test");
            RELAY.equal("the number of questions to the selector:", 0, asked.size());
        }

        @Requirement
        void RELAY_02_anEmptyListIsAnAnswer() throws Exception {
            ipv4Only("");
            set("mail.mx.relayselector", (RelaySelector) question -> List.of());
            expectStatus(send("u@d6.test"), "u@d6.test", "5.4.4");
        }

        @Requirement
        void RELAY_02_relaysAreTriedInTheirOrder() throws Exception {
            ipv4Only("");
            set("mail.mx.relayselector", (RelaySelector) question -> Stream.of("smtp://spare.test", "smtp://relay.test")
                    .map(Relay::parse)
                    .toList());
            bench().network().refuse("192.0.2.26");
            mx("relay", "192.0.2.25");
            expectAccepted(send("u@d6.test"), "u@d6.test");
            expectDials("192.0.2.26", "192.0.2.25");
        }

        @Requirement
        void RELAY_03_otherDomainsAreDeliveredDirectly() throws Exception {
            ipv4Only("smtp://relay.test");
            FakeSmtpServer relay = mx("relay", "192.0.2.25");
            FakeSmtpServer direct = mx("mx", "192.0.2.4");
            SendResult result = send("u@d4.test", "v@d6.test");
            expectAccepted(result, "u@d4.test");
            expectAccepted(result, "v@d6.test");
            RELAY.equal("the recipients at the relay:", List.of("<v@d6.test>"), recipientsAt(relay));
            RELAY.equal("the recipients at the mail exchanger:", List.of("<u@d4.test>"), recipientsAt(direct));
        }
    }

    @Nested
    class Secrets {

        private static final String URL = "smtp://user:secret@relay.test;starttls=required;auth=plain";

        @Requirement
        void RELAY_04_noCredentialsAreSentInPlaintext() throws Exception {
            ipv4Only(URL);
            expectSecretKept(mx("relay", "192.0.2.25"));
        }

        @Requirement
        void RELAY_04_noCredentialsAreSentWithAnUnverifiedCertificate() throws Exception {
            ipv4Only(URL);
            expectSecretKept(
                    mx("relay", "192.0.2.25").startTls(TestCertificates.create().serverContext("relay.test")));
        }

        @Requirement
        void RELAY_04_noCredentialsAreSentToAMailExchanger() throws Exception {
            ipv4Only(URL);
            FakeSmtpServer server = mx("mx", "192.0.2.4").keywords("AUTH PLAIN").account("user", "secret");
            expectAccepted(send("u@d4.test"), "u@d4.test");
            expectNoAuth(server);
        }

        private void expectSecretKept(FakeSmtpServer relay) throws Exception {
            relay.keywords("AUTH PLAIN").account("user", "secret");
            SendResult result = send("u@d6.test");
            expectNoAuth(relay);
            RELAY.equal("the messages at the relay:", 0, relay.received().size());
            RELAY.that(
                    "a temporary status: our own configuration must not bounce mail",
                    result.statusOf("u@d6.test"),
                    status -> status.startsWith("4."));
        }

        private void expectNoAuth(FakeSmtpServer server) {
            Expect.lookAt("when credentials are sent")
                    .equal(
                            "the commands in which credentials are sent to " + server.name(),
                            List.of(),
                            bench().transcript().linesOf(server.name() + "< AUTH"));
        }
    }

    @Nested
    class Failure {

        @Requirement
        void RELAY_05_noAnswerAfterAllAttemptsIs441() throws Exception {
            set("mail.mx.relay.attempts", "3");
            ipv4Only("smtp://relay.test");
            bench().network().noAnswer("192.0.2.25");
            expectStatus(send("u@d6.test"), "u@d6.test", "4.4.1");
            expectDials("192.0.2.25", "192.0.2.25", "192.0.2.25");
        }

        @Requirement
        void RELAY_05_aLostConnectionIs442() throws Exception {
            ipv4Only("smtp://relay.test");
            mx("relay", "192.0.2.25").onCommand("MAIL", Misbehaviour.CLOSE);
            expectStatus(send("u@d6.test"), "u@d6.test", "4.4.2");
        }

        @Requirement
        void RELAY_06_itsRefusalIsTheResult() throws Exception {
            ipv4Only("smtp://relay.test");
            mx("relay", "192.0.2.25").onCommand("RCPT", "550 5.7.1 not for you");
            expectStatus(send("u@d6.test"), "u@d6.test", "5.7.1");
        }

        @Requirement
        void RELAY_06_itsTemporaryRefusalIsTheResult() throws Exception {
            ipv4Only("smtp://relay.test");
            mx("relay", "192.0.2.25").onCommand("RCPT", "451 4.7.1 later");
            expectStatus(send("u@d6.test"), "u@d6.test", "4.7.1");
        }

        @Requirement
        void RELAY_07_aTemporaryLookupFailureIs443() throws Exception {
            set("mail.mx.families", "ipv4");
            set("mail.mx.relay", "smtp://relay.test");
            dns(ZONE).fault("relay.test", RecordType.A, DnsFault.SERVFAIL);
            expectStatus(send("u@d6.test"), "u@d6.test", "4.4.3");
        }

        @Requirement
        void RELAY_07_aNameThatDoesNotExistIs435() throws Exception {
            ipv4Only("smtp://nowhere.test");
            expectStatus(send("u@d6.test"), "u@d6.test", "4.3.5");
        }

        @Requirement
        void RELAY_07_anAddressOfTheOtherFamilyIs435() throws Exception {
            ipv4Only("smtp://mx.d6.test");
            expectStatus(send("u@d6.test"), "u@d6.test", "4.3.5");
            expectDials();
        }
    }

    @Nested
    class Fallback {

        private FakeSmtpServer fallback() throws Exception {
            set("mail.mx.relay.fallback", "true");
            ipv4Only("smtp://relay.test");
            return mx("relay", "192.0.2.25");
        }

        @Requirement
        void RELAY_08_aRelayIsUsedAfterSilence() throws Exception {
            fallback();
            bench().network().noAnswer("192.0.2.4");
            expectAccepted(send("u@d4.test"), "u@d4.test");
        }

        @Requirement
        void RELAY_08_aRelayIsUsedAfterATemporaryRefusal() throws Exception {
            fallback();
            mx("mx", "192.0.2.4").onCommand("RCPT", "450 4.2.1 mailbox busy");
            expectAccepted(send("u@d4.test"), "u@d4.test");
        }

        @Requirement
        void RELAY_08_noRelayIsUsedAfterAPermanentRefusal() throws Exception {
            FakeSmtpServer relay = fallback();
            mx("mx", "192.0.2.4").onCommand("RCPT", "550 5.1.1 no such user");
            expectStatus(send("u@d4.test"), "u@d4.test", "5.1.1");
            RELAY.equal("the connections to the relay:", 0, relay.connections());
        }

        @Requirement
        void RELAY_08_noRelayIsUsedAfterHostsThatRefuseAllMail() throws Exception {
            FakeSmtpServer relay = fallback();
            mx("mx", "192.0.2.4").greeting("554 no service here");
            send("u@d4.test");
            RELAY.equal("the connections to the relay:", 0, relay.connections());
        }

        @Requirement
        void RELAY_08_noRelayIsUsedIfWeAreAmongTheMxes() throws Exception {
            set("mail.mx.localnames", "us.test");
            FakeSmtpServer relay = fallback();
            dns(ZONE + "d4.test. MX 20 us.test.\n");
            bench().network().noAnswer("192.0.2.4");
            expectStatus(send("u@d4.test"), "u@d4.test", "4.4.1");
            RELAY.equal("the connections to the relay:", 0, relay.connections());
        }
    }
}
