// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.event.TransportEvent;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.tck.SendResult.Place;

/** MAIL: the results that Jakarta Mail and the application receive. */
abstract class MailRequirements extends ReplyRequirements {

    private static final Expect CONTRACT = Expect.lookAt("sendMessage, and what it throws");

    private static final String ZONE = """
            good.test.      MX 10 mx.good.test.
            mx.good.test.   A 192.0.2.1
            other.test.     MX 10 mx.other.test.
            mx.other.test.  A 192.0.2.20
            null.test.      MX 0 .
            """;

    /** Only for the suite of this package. */
    MailRequirements() {}

    private FakeSmtpServer goodServer() throws Exception {
        dns(ZONE);
        return mx("good", "192.0.2.1");
    }

    private void expectNobodyAsked() {
        CONTRACT.isTrue(
                "no DNS query and no connection",
                bench().transcript().lines().isEmpty(),
                bench().transcript().toString());
    }

    @Nested
    class Connecting {

        @Requirement
        void MAIL_01_connectHasNoNetworkAccess() throws Exception {
            dns(ZONE);
            try (Transport transport = create(session())) {
                transport.connect();
                CONTRACT.isTrue("it is connected", transport.isConnected(), "it is not");
            }
            expectNobodyAsked();
        }

        @Requirement
        void MAIL_01_hostAndPasswordAreIgnored() throws Exception {
            FakeSmtpServer good = goodServer();
            Session session = session();
            MimeMessage message = message(session, "a@good.test");
            try (Transport transport = create(session)) {
                transport.connect("smarthost.test", 587, "user", "secret");
                transport.sendMessage(message, message.getAllRecipients());
            }
            expectDials("192.0.2.1");
            CONTRACT.isTrue(
                    "no AUTH",
                    bench().transcript().linesOf("good< AUTH").isEmpty(),
                    bench().transcript().toString());
            CONTRACT.equal("messages at the mail exchanger:", 1, good.received().size());
        }

        @Requirement
        void MAIL_02_sendingWithoutConnectFails() throws Exception {
            dns(ZONE);
            Session session = session();
            MimeMessage message = message(session, "a@good.test");
            try (Transport transport = create(session)) {
                Exception thrown = thrownBy(() -> transport.sendMessage(message, message.getAllRecipients()));
                CONTRACT.instance(IllegalStateException.class, thrown);
                transport.connect();
                CONTRACT.instance(IllegalStateException.class, thrownBy(transport::connect));
            }
            expectNobodyAsked();
        }

        @Requirement
        void MAIL_02_closingTwiceIsAllowed() throws Exception {
            dns(ZONE);
            Transport transport = create(session());
            transport.connect();
            transport.close();
            transport.close();
            CONTRACT.isTrue("it is not connected", !transport.isConnected(), "it still is");
        }
    }

    @Nested
    class Results {

        /** Sends two messages, one after the other, so that an additional event is detected. */
        private void expectEvent(int type, String... recipients) throws Exception {
            FakeSmtpServer good = goodServer();
            mx("other", "192.0.2.20").onCommand("RCPT", "450 4.2.1 later");
            good.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
            Session session = session();
            MimeMessage message = message(session, recipients);
            MimeMessage last = message(session, "last@good.test");
            BlockingQueue<TransportEvent> events = new LinkedBlockingQueue<>();
            try (Transport transport = create(session)) {
                transport.addTransportListener(new Collecting(events));
                transport.connect();
                try {
                    transport.sendMessage(message, message.getAllRecipients());
                } catch (SendFailedException expected) {
                    CONTRACT.isTrue(
                            "no failure of what is delivered", type != TransportEvent.MESSAGE_DELIVERED, "" + expected);
                }
                transport.sendMessage(last, last.getAllRecipients());
                Expect listeners = Expect.lookAt("notifyTransportListeners");
                listeners.equal(
                        "one event for the first message, and its type", List.of(type), typesBefore(last, events));
            }
        }

        private List<Integer> typesBefore(Message last, BlockingQueue<TransportEvent> events)
                throws InterruptedException {
            List<Integer> types = new ArrayList<>();
            while (true) {
                TransportEvent event = SendResult.awaitEvent(events);
                if (event.getMessage() == last) {
                    return types;
                }
                types.add(event.getType());
            }
        }

        @Requirement
        void MAIL_03_deliveredIsOneEvent() throws Exception {
            expectEvent(TransportEvent.MESSAGE_DELIVERED, "a@good.test", "b@good.test");
        }

        @Requirement
        void MAIL_03_partiallyDeliveredIsOneEvent() throws Exception {
            expectEvent(TransportEvent.MESSAGE_PARTIALLY_DELIVERED, "a@good.test", "bad@good.test", "c@other.test");
        }

        @Requirement
        void MAIL_03_notDeliveredIsOneEvent() throws Exception {
            expectEvent(TransportEvent.MESSAGE_NOT_DELIVERED, "bad@good.test", "c@other.test");
        }

        @Requirement
        void MAIL_04_eachAddressIsThereOnceAndInOrder() throws Exception {
            goodServer().onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
            mx("other", "192.0.2.20").onCommand("RCPT", "450 4.2.1 later");
            SendResult result =
                    send("z@good.test", "c@other.test", "a@good.test", "bad@good.test", "b@other.test", "m@good.test");
            SendFailedException failure = CONTRACT.instance(
                    SendFailedException.class, result.failure().orElse(null));
            expectAddresses("valid sent", failure.getValidSentAddresses(), "z@good.test", "a@good.test", "m@good.test");
            expectAddresses("valid unsent", failure.getValidUnsentAddresses(), "c@other.test", "b@other.test");
            expectAddresses("invalid", failure.getInvalidAddresses(), "bad@good.test");
        }

        private void expectAddresses(String array, Address[] observed, String... expected) {
            CONTRACT.equal(
                    array + " addresses",
                    List.of(expected),
                    Stream.of(CONTRACT.notNull("an array of " + array + " addresses", observed))
                            .map(address -> ((InternetAddress) address).getAddress())
                            .toList());
        }

        @Requirement
        void MAIL_04_theAddressesAreTheCallersOwnObjects() throws Exception {
            goodServer().onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
            Session session = session();
            InternetAddress own = new InternetAddress("a@good.test", "Somebody");
            InternetAddress bad = new InternetAddress("bad@good.test", "Nobody");
            MimeMessage message = message(session, "a@good.test");
            try (Transport transport = create(session)) {
                transport.connect();
                SendFailedException failure = CONTRACT.instance(
                        SendFailedException.class,
                        thrownBy(() -> transport.sendMessage(message, new Address[] {own, bad})));
                CONTRACT.isTrue(
                        "the caller's own Address objects",
                        failure.getValidSentAddresses()[0] == own && failure.getInvalidAddresses()[0] == bad,
                        "other objects");
            }
        }

        @Requirement
        void MAIL_05_anAddressAtFaultIsInvalid() throws Exception {
            goodServer().onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
            SendResult result = send("bad@good.test", "b@nowhere.test", "c@null.test");
            expectPlace(result, "bad@good.test", Place.INVALID);
            expectPlace(result, "b@nowhere.test", Place.INVALID);
            expectPlace(result, "c@null.test", Place.INVALID);
        }

        @Requirement
        void MAIL_05_anAddressFailedForAnotherReasonIsUnsent() throws Exception {
            goodServer()
                    .onCommand("RCPT TO:<full@", "552 5.2.2 mailbox full")
                    .onCommand("RCPT TO:<later@", "450 4.2.1 later")
                    .onEndOfData("554 5.6.0 no such content");
            SendResult result = send("full@good.test", "later@good.test", "a@good.test");
            expectPlace(result, "full@good.test", Place.UNSENT);
            expectPlace(result, "later@good.test", Place.UNSENT);
            expectPlace(result, "a@good.test", Place.UNSENT);
        }

        @Requirement
        void MAIL_06_eachFailureHasItsStatus() throws Exception {
            goodServer().onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
            mx("other", "192.0.2.20").onCommand("RCPT", "450 4.2.1 later");
            SendResult result = send("bad@good.test", "c@other.test", "d@null.test", "e@nowhere.test", "f@good.test");
            expectStatus(result, "bad@good.test", "5.1.1");
            expectStatus(result, "c@other.test", "4.2.1");
            expectStatus(result, "d@null.test", "5.1.10");
            expectStatus(result, "e@nowhere.test", "5.1.2");
            expectAccepted(result, "f@good.test");
        }
    }

    private static void expectPlace(SendResult result, String recipient, Place place) {
        CONTRACT.isTrue(
                recipient + " is " + place,
                result.placeOf(recipient) == place,
                result.placeOf(recipient) + ": " + result);
    }

    @Nested
    class Recipients {

        private Exception sendingTo(Address... recipients) throws Exception {
            Session session = session();
            MimeMessage message = message(session, "a@good.test");
            try (Transport transport = create(session)) {
                transport.connect();
                return thrownBy(() -> transport.sendMessage(message, recipients));
            }
        }

        @Requirement
        void MAIL_07_aMessageWithoutRecipientsFails() throws Exception {
            dns(ZONE);
            CONTRACT.instance(SendFailedException.class, sendingTo());
            expectNobodyAsked();
        }

        /** Creates an address without any check of its syntax. */
        private InternetAddress unchecked(String text) {
            InternetAddress address = new InternetAddress();
            address.setAddress(text);
            return address;
        }

        private void expectMalformed(String text) throws Exception {
            FakeSmtpServer good = goodServer();
            InternetAddress malformed = unchecked(text);
            SendFailedException failure = CONTRACT.instance(
                    SendFailedException.class, sendingTo(malformed, new InternetAddress("a@good.test")));
            CONTRACT.isTrue(
                    "the malformed address is invalid",
                    List.of(failure.getInvalidAddresses()).equals(List.of(malformed)),
                    List.of(failure.getInvalidAddresses()).toString());
            CONTRACT.equal(
                    "messages for the other recipient:", 1, good.received().size());
            CONTRACT.equal(
                    "the only RCPT",
                    1,
                    bench().transcript().linesOf("good< RCPT").size());
        }

        @Requirement
        void MAIL_08_anAddressWithoutDomainIsInvalid() throws Exception {
            expectMalformed("nobody");
        }

        @Requirement
        void MAIL_08_anAddressWithALineEndIsInvalid() throws Exception {
            expectMalformed("a>\r\nRCPT TO:<evil@good.test");
        }

        /** It may be an address in UTF-8; it must not be sent to a server that does not offer SMTPUTF8. */
        @Requirement
        void MAIL_08_anAddressWithACharacterWhoseLowOctetIsALineEndIsInvalid() throws Exception {
            goodServer();
            InternetAddress beyondAscii = unchecked("a\u010a@good.test");
            SendFailedException failure = CONTRACT.instance(
                    SendFailedException.class, sendingTo(beyondAscii, new InternetAddress("a@good.test")));
            CONTRACT.equal("addresses valid and sent:", 1, failure.getValidSentAddresses().length);
            CONTRACT.equal(
                    "RCPT commands",
                    List.of("good< RCPT TO:<a@good.test>"),
                    bench().transcript().linesOf("good< RCPT"));
        }

        @Requirement
        void MAIL_08_anAddressWithAnEmptyLabelIsInvalid() throws Exception {
            expectMalformed("a@good..test");
        }

        @Requirement
        void MAIL_08_anAddressThatIsTooLongIsInvalid() throws Exception {
            expectMalformed("a".repeat(250) + "@good.test");
        }

        @Requirement
        void MAIL_09_aGroupStandsForItsMembers() throws Exception {
            FakeSmtpServer good = goodServer();
            Session session = session();
            MimeMessage message = message(session, "a@good.test");
            try (Transport transport = create(session)) {
                transport.connect();
                transport.sendMessage(
                        message, InternetAddress.parseHeader("friends: x@good.test, y@good.test;", false));
            }
            CONTRACT.equal("recipients:", 2, good.received().get(0).recipients().size());
        }

        @Requirement
        void MAIL_11_aFailedDomainDoesNotStopOthers() throws Exception {
            FakeSmtpServer good = goodServer();
            mx("other", "192.0.2.20").greeting("554 5.3.2 no mail here");
            SendResult result = send("a@other.test", "b@nowhere.test", "c@good.test", "d@null.test");
            expectAccepted(result, "c@good.test");
            CONTRACT.equal("messages:", 1, good.received().size());
        }
    }

    @Nested
    class Sender {

        private String reversePath(FakeSmtpServer server) {
            String sender = server.received().get(0).sender();
            return sender.substring(0, sender.indexOf('>') + 1);
        }

        @Requirement
        void MAIL_10_theReversePathIsTheFromHeader() throws Exception {
            FakeSmtpServer good = goodServer();
            send("a@good.test");
            CONTRACT.equal("the reverse-path", "<sender@" + CLIENT + ">", reversePath(good));
        }

        @Requirement
        void MAIL_10_theReversePathIsTheSetting() throws Exception {
            FakeSmtpServer good = goodServer();
            set("mail.mx.from", "bounces@" + CLIENT);
            send("a@good.test");
            CONTRACT.equal("the reverse-path", "<bounces@" + CLIENT + ">", reversePath(good));
        }

        @Requirement
        void MAIL_10_theReversePathCanBeNull() throws Exception {
            FakeSmtpServer good = goodServer();
            set("mail.mx.from", "<>");
            send("a@good.test");
            CONTRACT.equal("the reverse-path", "<>", reversePath(good));
        }

        @Requirement
        void MAIL_10_theReversePathIsNeverGuessed() throws Exception {
            dns(ZONE);
            Session session = session();
            MimeMessage message = message(session, "a@good.test");
            message.removeHeader("From");
            try (Transport transport = create(session)) {
                transport.connect();
                CONTRACT.instance(
                        MessagingException.class,
                        thrownBy(() -> transport.sendMessage(message, message.getAllRecipients())));
            }
            expectNobodyAsked();
        }
    }
}
