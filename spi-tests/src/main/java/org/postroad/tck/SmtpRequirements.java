// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.MadeCertificate;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;

/** MAIL, TLS: commands and content sent to the server. MAIL-30, 31 and 34 are in {@link ContentRequirements}. */
abstract class SmtpRequirements extends MailRequirements {

    static final Expect CONTENT = Expect.lookAt("the octets of the message on the wire");
    private static final Expect COMMANDS = Expect.lookAt("the commands and their parameters");
    private static final Pattern BARE = Pattern.compile("\r(?!\n)|(?<!\r)\n");
    private static final int SENDS = 5;
    private static final int MANY_CERTIFICATES = 50;

    private static final String ZONE = """
            good.test.      MX 10 mx.good.test.
            mx.good.test.   A 192.0.2.1
            other.test.     MX 10 mx.other.test.
            mx.other.test.  A 192.0.2.20
            """;

    static final String HEAD = """
            From: sender@client.test\r
            To: a@good.test\r
            Date: Thu, 8 Nov 2001 12:00:00 +0000\r
            Message-ID: <20011108.1@client.test>\r
            Subject: Hello\r
            """;

    /** Only for the suite of this package. */
    SmtpRequirements() {}

    final FakeSmtpServer server() throws Exception {
        dns(ZONE);
        return mx("good", "192.0.2.1");
    }

    final SendResult sendRaw(String text) throws Exception {
        Session session = session();
        return send(session, RawMessage.of(session, text, "a@good.test"));
    }

    static String received(FakeSmtpServer server) {
        CONTENT.equal("messages:", 1, server.received().size());
        return server.received().get(0).text();
    }

    private String mailCommand() {
        List<String> commands = bench().transcript().linesOf("good< MAIL");
        COMMANDS.isTrue("a MAIL command", !commands.isEmpty(), "none");
        return commands.get(0);
    }

    @Nested
    class Content {

        @Requirement
        void MAIL_12_anUnreadableMessageIsNotSent() throws Exception {
            FakeSmtpServer good = server();
            Session session = session();
            RawMessage message = RawMessage.failing(session, HEAD + "\r\nhalf of it\r\n", "a@good.test");
            Exception thrown = null;
            try (Transport transport = create(session)) {
                transport.connect();
                transport.sendMessage(message, message.getAllRecipients());
            } catch (MessagingException e) {
                thrown = e;
            }
            CONTENT.instance(MessagingException.class, thrown);
            CONTENT.isTrue(
                    "no message", good.received().isEmpty(), good.received().size() + " messages");
            CONTENT.isTrue(
                    "no MAIL command",
                    bench().transcript().linesOf("good< MAIL").isEmpty(),
                    bench().transcript().toString());
        }

        @Requirement
        void MAIL_13_theMessageIsNotChanged() throws Exception {
            server();
            Session session = session();
            RawMessage message = RawMessage.of(session, HEAD + "\r\nas it is\r\n", "a@good.test");
            send(session, message);
            CONTENT.equal("changes of the caller's message:", 0, message.changes());
        }

        @Requirement
        void MAIL_14_headersNotForTheRecipientsAreNotSent() throws Exception {
            FakeSmtpServer good = server();
            Session session = session();
            jakarta.mail.internet.MimeMessage message = message(session, "a@good.test");
            message.setHeader("Bcc", "secret@good.test");
            message.setHeader("Resent-Bcc", "secret@good.test");
            message.setHeader("Return-Path", "<forged@good.test>");
            message.setHeader("Content-Length", "99");
            message.setHeader("X-Bcc", "stays");
            send(session, message);
            String text = received(good);
            for (String name : List.of("Bcc:", "Resent-Bcc:", "Return-Path:", "Content-Length:")) {
                CONTENT.isTrue("no header " + name, !text.contains("\n" + name) && !text.startsWith(name), text);
            }
            CONTENT.isTrue("other headers", text.contains("X-Bcc: stays"), text);
        }

        @Requirement
        void MAIL_14_aBccInAnyFormIsNotSent() throws Exception {
            FakeSmtpServer good = server();
            Session session = session();
            jakarta.mail.internet.MimeMessage message = message(session, "a@good.test");
            message.addHeaderLine("Bcc\r\n : secret@good.test");
            message.addHeaderLine("\fBCC\t: secret@good.test");
            send(session, message);
            String text = received(good);
            CONTENT.isTrue("nothing that Jakarta Mail takes for a Bcc", !text.contains("secret"), text);
        }

        @Requirement
        void MAIL_15_missingDateAndMessageIdAreAdded() throws Exception {
            FakeSmtpServer good = server();
            sendRaw("From: sender@client.test\r\nSubject: Hello\r\n\r\ntext\r\n");
            String text = received(good);
            CONTENT.isTrue("a Date", text.contains("Date: "), text);
            CONTENT.isTrue("a Message-ID", text.contains("Message-ID: <"), text);
        }

        @Requirement
        void MAIL_15_existingDateAndMessageIdAreNotChanged() throws Exception {
            FakeSmtpServer good = server();
            sendRaw(HEAD + "\r\ntext\r\n");
            String text = received(good);
            CONTENT.isTrue("its own Date", text.contains("Date: Thu, 8 Nov 2001 12:00:00 +0000\r\n"), text);
            CONTENT.isTrue(
                    "its own Message-ID and no other",
                    text.indexOf("Message-ID: <20011108.1@client.test>") == text.lastIndexOf("Message-ID:"),
                    text);
        }

        @Requirement
        void MAIL_16_theMessageArrivesOctetForOctet() throws Exception {
            FakeSmtpServer good = server();
            String text = HEAD + "\r\n.\r\n..\r\n.dot\r\n \t trailing \t \r\n" + "x".repeat(998) + "\r\n\r\n.\r\n";
            sendRaw(text);
            CONTENT.equal("the message", text, received(good));
        }

        @Requirement
        void MAIL_16_aMissingLastLineEndIsAdded() throws Exception {
            FakeSmtpServer good = server();
            sendRaw(HEAD + "\r\nno end");
            CONTENT.equal("the message", HEAD + "\r\nno end\r\n", received(good));
        }

        @Requirement
        void MAIL_17_bareLineEndsBecomeCrlf() throws Exception {
            FakeSmtpServer good = server();
            sendRaw(HEAD + "\r\none\ntwo\rthree\r\n\n.\nfour\r.\rfive\n.\r\nsix\r\n");
            String text = received(good);
            CONTENT.isTrue("no bare CR or LF", !BARE.matcher(text).find(), text);
            CONTENT.equal(
                    "the message",
                    HEAD + "\r\none\r\ntwo\r\nthree\r\n\r\n.\r\nfour\r\n.\r\nfive\r\n.\r\nsix\r\n",
                    text);
        }
    }

    @Nested
    class LostTls {

        private FakeSmtpServer encrypting() throws Exception {
            return server().startTls(TestCertificates.create().serverContext("mx.good.test"));
        }

        private void expectPlaintext(FakeSmtpServer good) throws Exception {
            expectAccepted(send("a@good.test"), "a@good.test");
            COMMANDS.equal("messages:", 1, good.received().size());
            COMMANDS.isTrue("it comes without TLS", !good.received().get(0).encrypted(), "it comes over TLS");
        }

        @Requirement
        void TLS_02_aFailureAtTheFirstCommandAfterTheHandshakeIsFollowedByPlaintext() throws Exception {
            expectPlaintext(encrypting().onCommandOverTls("EHLO", Misbehaviour.CLOSE));
        }

        /** In TLS 1.3 the handshake has ended for the client before the server refuses its certificate. */
        @Requirement
        void TLS_02_aDemandForAClientCertificateIsFollowedByPlaintext() throws Exception {
            expectPlaintext(encrypting().demandClientCertificate());
        }

        /**
         * Most TLS libraries reject such a chain before the application gets it. If the application gets it, the mail must
         * still be delivered.
         */
        @Requirement
        void TLS_02_aChainThatIsTooLongIsFollowedByPlaintext() throws Exception {
            MadeCertificate authority = MadeCertificate.root("Authority");
            MadeCertificate own = authority.server("mx.good.test");
            X509Certificate[] chain = new X509Certificate[MANY_CERTIFICATES];
            Arrays.fill(chain, authority.certificate());
            chain[0] = own.certificate();
            FakeSmtpServer good = server().startTls(own.showing(chain));
            expectAccepted(send("a@good.test"), "a@good.test");
            COMMANDS.equal("messages:", 1, good.received().size());
        }

        @Requirement
        void TLS_02_aLossBeforeTheMessageWasAcceptedIsFollowedByPlaintext() throws Exception {
            expectPlaintext(encrypting().onCommandOverTls("MAIL", Misbehaviour.RESET));
        }

        @Requirement
        void TLS_02_aMessageThatMayHaveBeenAcceptedIsNotSentAgain() throws Exception {
            FakeSmtpServer good = encrypting().onEndOfData(Misbehaviour.CLOSE);
            expectStatus(send("a@good.test"), "a@good.test", "4.4.2");
            COMMANDS.equal("messages:", 1, good.received().size());
        }
    }

    @Nested
    class Dialogue {

        @Requirement
        void MAIL_18_connectionsDoNotAccumulate() throws Exception {
            FakeSmtpServer good = server();
            for (int i = 0; i < SENDS; i++) {
                expectAccepted(send("a@good.test"), "a@good.test");
            }
            Expect.lookAt("when connections are closed")
                    .isTrue(
                            "at most one connection stays open",
                            eventually(good, server -> server.openConnections() <= 1),
                            good.openConnections() + " are open after " + SENDS + " messages");
        }

        @Requirement
        void MAIL_18_connectionsOfFailuresDoNotAccumulate() throws Exception {
            FakeSmtpServer good = server();
            good.onCommand("RCPT", Misbehaviour.GARBAGE_LINE);
            for (int i = 0; i < SENDS; i++) {
                send("a@good.test");
            }
            Expect.lookAt("whether a broken connection is closed")
                    .isTrue(
                            "no connection stays open",
                            eventually(good, server -> server.openConnections() == 0),
                            good.openConnections() + " are open after " + SENDS + " failures");
        }

        /** Waits for the condition, because the server may not have noticed yet that the client closed a connection. */
        private boolean eventually(FakeSmtpServer server, Predicate<FakeSmtpServer> holds) throws InterruptedException {
            if (holds.test(server)) {
                return true;
            }
            try {
                bench().transcript().await(line -> holds.test(server), quarter());
                return true;
            } catch (AssertionError never) {
                return false;
            }
        }

        @Requirement
        void MAIL_19_eightBitContentIsAnnounced() throws Exception {
            FakeSmtpServer good = server().keywords("8BITMIME");
            sendRaw(HEAD + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n\r\ngr\u00c3\u00bcn\r\n");
            COMMANDS.that("MAIL with BODY=8BITMIME", mailCommand(), command -> command.contains(" BODY=8BITMIME"));
            CONTENT.that("the octets as they are", received(good), text -> text.contains("gr\u00c3\u00bcn"));
        }

        @Requirement
        void MAIL_19_eightBitContentIsEncodedOrNotSentWithout8BitMime() throws Exception {
            FakeSmtpServer good = server();
            SendResult result = sendRaw(HEAD + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                    + "Content-Transfer-Encoding: 8bit\r\n\r\ngr\u00c3\u00bcn\r\n");
            if (result.failure().isPresent()) {
                expectStatus(result, "a@good.test", "5.6.3");
                return;
            }
            String text = received(good);
            CONTENT.isTrue(
                    "seven bits only", StandardCharsets.US_ASCII.newEncoder().canEncode(text), text);
        }

        @Requirement
        void MAIL_20_smtputf8IsRequestedIfNeeded() throws Exception {
            FakeSmtpServer good = server().keywords("SMTPUTF8", "8BITMIME");
            Session session = session();
            send(session, message(session, "gr\u00fcn@good.test"));
            COMMANDS.that("MAIL with SMTPUTF8", mailCommand(), command -> command.contains(" SMTPUTF8"));
            CONTENT.equal("messages:", 1, good.received().size());
        }

        @Requirement
        void MAIL_20_smtputf8IsNotRequestedWithoutNeed() throws Exception {
            server().keywords("SMTPUTF8", "8BITMIME");
            send("a@good.test");
            COMMANDS.that("MAIL without SMTPUTF8", mailCommand(), command -> !command.contains("SMTPUTF8"));
        }

        @Requirement
        void MAIL_20_aServerWithoutSmtputf8GetsNothing() throws Exception {
            FakeSmtpServer good = server();
            SendResult result = send("gr\u00fcn@good.test");
            expectStatus(result, "gr\u00fcn@good.test", "5.6.7");
            CONTENT.equal("messages:", 0, good.received().size());
        }

        @Requirement
        void MAIL_21_theSizeIsAnnounced() throws Exception {
            server().keywords("SIZE 1000000");
            sendRaw(HEAD + "\r\ntext\r\n");
            int octets = (HEAD + "\r\ntext\r\n").length();
            COMMANDS.that("MAIL with SIZE=" + octets, mailCommand(), command -> command.contains(" SIZE=" + octets));
        }

        @Requirement
        void MAIL_21_aMessageThatIsTooLargeIsNotSent() throws Exception {
            FakeSmtpServer good = server().keywords("SIZE 100");
            expectStatus(sendRaw(HEAD + "\r\n" + "x".repeat(70) + "\r\n"), "a@good.test", "5.3.4");
            CONTENT.equal("messages:", 0, good.received().size());
        }

        @Requirement
        void MAIL_22_tlsIsUsedIfOffered() throws Exception {
            FakeSmtpServer good = server().startTls(TestCertificates.create().serverContext("elsewhere.test"));
            expectAccepted(send("a@good.test"), "a@good.test");
            COMMANDS.isTrue("the message comes over TLS", good.received().get(0).encrypted(), "it comes without TLS");
            COMMANDS.equal(
                    "EHLO, and again after the handshake:",
                    2,
                    bench().transcript().linesOf("good< EHLO").size());
        }

        @Requirement
        void MAIL_22_aFailedHandshakeDoesNotPreventTheDelivery() throws Exception {
            FakeSmtpServer good = server().startTls(TestCertificates.create().serverContext("mx.good.test"))
                    .onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE);
            expectAccepted(send("a@good.test"), "a@good.test");
            COMMANDS.isTrue("it comes without TLS", !good.received().get(0).encrypted(), "it comes over TLS");
        }

        @Requirement
        void MAIL_23_noRecipientGetsTheMessageIfOneIsRefused() throws Exception {
            FakeSmtpServer good = server();
            FakeSmtpServer other = mx("other", "192.0.2.20").onCommand("RCPT", "550 5.1.1 no such user");
            set("mail.mx.sendpartial", "false");
            SendResult result = send("a@good.test", "b@other.test");
            expectStatus(result, "b@other.test", "5.1.1");
            COMMANDS.isTrue(
                    "a@good.test is not accepted",
                    result.placeOf("a@good.test") == SendResult.Place.UNSENT,
                    result.placeOf("a@good.test").toString());
            CONTENT.equal(
                    "messages:", 0, good.received().size() + other.received().size());
        }

        @Requirement
        void MAIL_23_allRecipientsGetTheMessageIfAllAreAccepted() throws Exception {
            FakeSmtpServer good = server();
            FakeSmtpServer other = mx("other", "192.0.2.20");
            set("mail.mx.sendpartial", "false");
            SendResult result = send("a@good.test", "b@other.test");
            expectAccepted(result, "a@good.test");
            expectAccepted(result, "b@other.test");
            CONTENT.equal(
                    "messages:", 2, good.received().size() + other.received().size());
        }

        @Requirement
        void MAIL_24_ehloHasOurName() throws Exception {
            server();
            send("a@good.test");
            COMMANDS.equal(
                    "EHLO",
                    List.of("good< EHLO " + CLIENT),
                    bench().transcript().linesOf("good< EHLO"));
        }
    }
}
