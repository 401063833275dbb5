// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.tck.SendResult.Place;
import org.postroad.tck.catalogue.Feature;

/**
 * TRY-05, MAIL-32, 33: a malformed reply is still a reply, and a refusal of the way in which a command was sent is not a
 * verdict.
 */
abstract class ReplyRequirements extends SessionRequirements {

    private static final Expect WORDING =
            Expect.lookAt("which refusals concern the form of a command, and which command follows them");

    /** Only for the suite of this package. */
    ReplyRequirements() {}

    /** Sets up one host, so that no other host is tried after its refusal. */
    private void oneHost() throws Exception {
        dns("""
                one.test.       MX 10 first.one.test.
                first.one.test. A 192.0.2.1
                """);
        first = mx("first", "192.0.2.1");
    }

    @Nested
    class BadForm {

        private void expectOnceAtTheFirst() throws Exception {
            expectAccepted(send("a@two.test"), "a@two.test");
            expectReceived(first, "<a@two.test>");
            expectNotContacted(second);
        }

        @Requirement
        void TRY_05_severalCodesThatAcceptLeaveNoDoubt() throws Exception {
            twoHosts();
            first.onEndOfData("251 2.6.0 queued\n250 2.0.0 as 42");
            expectOnceAtTheFirst();
        }

        /** A transport without support for these extensions uses DATA. */
        @Requirement
        void TRY_05_severalCodesThatAcceptAfterBdatLeaveNoDoubt() throws Exception {
            twoHosts();
            first.keywords("PIPELINING", "CHUNKING")
                    .onCommand("RCPT", Misbehaviour.EMPTY_LINES)
                    .onEndOfData("251 2.6.0 queued\n250 2.0.0 as 42");
            expectOnceAtTheFirst();
        }

        @Requirement
        void TRY_05_severalCodesThatRefuseLeaveNoDoubt() throws Exception {
            oneHost();
            first.onEndOfData("550 5.7.1 no\n554 5.7.1 such content");
            expectStatus(send("a@one.test"), "a@one.test", "5.7.1");
        }

        @Requirement
        void TRY_05_severalCodesThatRefuseTemporarilyLeaveNoDoubt() throws Exception {
            twoHosts();
            first.onEndOfData("450 4.7.1 later\n451 4.7.1 please");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_05_emptyLinesBeforeTheReplyAreIgnored() throws Exception {
            twoHosts();
            first.onCommand("DATA", Misbehaviour.EMPTY_LINES);
            expectOnceAtTheFirst();
        }

        /** A transport that keeps connections reads these empty lines before the reply to the next command. */
        @Requirement
        void TRY_05_emptyLinesAfterTheReplyAreIgnored() throws Exception {
            twoHosts();
            first.onEndOfData(Misbehaviour.EMPTY_LINES);
            expectOnceAtTheFirst();
            expectAccepted(send("b@two.test"), "b@two.test");
            expectReceived(first, "<a@two.test>", "<b@two.test>");
            expectNotContacted(second);
        }
    }

    /** Pipelined commands (RFC 2920). */
    @Nested
    class Pipelined {

        private void pipelining() throws Exception {
            oneHost();
            first.keywords("PIPELINING");
        }

        @Requirement
        void MAIL_32_aRefusedCommandIsRepeatedOnItsOwn() throws Exception {
            pipelining();
            for (int code = 500; code <= 504; code++) {
                String refused = "b" + code + "@one.test";
                first.onCommand("RCPT TO:<" + refused, code + " 5.5.1 not so fast", 1);
                SendResult result = send("a@one.test", refused);
                expectAccepted(result, "a@one.test");
                expectAccepted(result, refused);
            }
            expectReceived(
                    first,
                    IntStream.rangeClosed(500, 504)
                            .boxed()
                            .flatMap(code -> Stream.of("<a@one.test>", "<b" + code + "@one.test>"))
                            .toArray(String[]::new));
        }

        @Requirement
        void MAIL_32_aRefusedCommandIsRepeatedIfItIsTheOnlyOne() throws Exception {
            pipelining();
            first.onCommand("RCPT", "503 5.5.1 not so fast", 2);
            SendResult result = send("a@one.test", "b@one.test");
            expectAccepted(result, "a@one.test");
            expectAccepted(result, "b@one.test");
            expectReceived(first, "<a@one.test>", "<b@one.test>");
        }

        @Requirement
        void MAIL_32_theSecondReplyIsFinal() throws Exception {
            pipelining();
            first.onCommand("RCPT", "503 5.5.1 not so fast", 2);
            expectBothRefused();
            expectCommands("first< RCPT", 4);
        }

        @Requirement
        void MAIL_32_aRefusalOfTheAddressIsFinalImmediately() throws Exception {
            pipelining();
            expectBothRefused();
            expectCommands("first< RCPT", 2);
        }

        private void expectBothRefused() throws Exception {
            first.onCommand("RCPT", "550 5.1.1 no such user");
            SendResult result = send("a@one.test", "b@one.test");
            expectStatus(result, "a@one.test", "5.1.1");
            expectStatus(result, "b@one.test", "5.1.1");
        }
    }

    private void expectCommands(String prefix, int expected) {
        WORDING.equal(
                "commands " + prefix + ":",
                expected,
                bench().transcript().linesOf(prefix).size());
    }

    /** Parameters of MAIL and RCPT that can be omitted (RFC 3461). */
    @Nested
    class DsnParameters {

        /** Offers no other extension, so that any parameter after an address is a DSN parameter. */
        private void requestDsn() throws Exception {
            set("mail.mx.dsn.notify", "FAILURE");
            set("mail.mx.dsn.ret", "HDRS");
            oneHost();
            first.keywords("DSN");
        }

        @Requirement
        void MAIL_33_dsnParametersAreSent() throws Exception {
            requestDsn();
            expectAccepted(send("a@one.test"), "a@one.test");
            expectReceived(first, "<a@one.test>");
            WORDING.that(
                    "MAIL with RET=HDRS", first.received().get(0).sender(), sender -> sender.contains(" RET=HDRS"));
            WORDING.that(
                    "RCPT with NOTIFY=FAILURE",
                    first.received().get(0).recipients().get(0),
                    recipient -> recipient.contains(" NOTIFY=FAILURE"));
        }

        @Requirement
        void MAIL_33_refusedOnesAreOmittedAtRcpt() throws Exception {
            atRcpt("555 unsupported");
        }

        @Requirement
        void MAIL_33_refusedOnesAreOmittedAtRcptAfter501() throws Exception {
            atRcpt("501 5.5.4 unsupported");
        }

        private void atRcpt(String reply) throws Exception {
            requestDsn();
            first.onCommand("RCPT TO:<a@one.test> ", reply);
            expectTakenWithout("first< RCPT");
        }

        @Requirement
        void MAIL_33_refusedOnesAreOmittedAtMail() throws Exception {
            atMail("555 5.5.4 unsupported");
        }

        @Requirement
        void MAIL_33_refusedOnesAreOmittedAtMailAfter501() throws Exception {
            atMail("501 5.5.4 unsupported");
        }

        private void atMail(String reply) throws Exception {
            requestDsn();
            first.onCommand("MAIL FROM:<sender@" + CLIENT + "> ", reply);
            expectTakenWithout("first< MAIL");
        }

        private void expectTakenWithout(String kind) throws Exception {
            expectAccepted(send("a@one.test"), "a@one.test");
            expectReceived(first, "<a@one.test>");
            WORDING.that(
                    "one command with DSN parameters, and one without",
                    bench().transcript().linesOf(kind),
                    commands -> commands.size() == 2 && commands.get(1).endsWith(">"));
        }

        @Requirement
        void MAIL_33_refusedOnesAreOmittedWithPipelining() throws Exception {
            needs(Feature.PIPELINING);
            requestDsn();
            first.keywords("DSN", "PIPELINING").onCommand("RCPT TO:<b@one.test> ", "555 5.5.4 unsupported");
            SendResult result = send("a@one.test", "b@one.test");
            expectAccepted(result, "a@one.test");
            expectAccepted(result, "b@one.test");
            expectReceived(first, "<a@one.test>", "<b@one.test>");
        }

        @Requirement
        void MAIL_33_noAddressIsInvalidForARefusedParameter() throws Exception {
            requestDsn();
            first.onCommand("RCPT TO:<a@", "555 unsupported").onCommand("RCPT TO:<b@", "501 5.5.4 unsupported");
            for (String recipient : List.of("a@one.test", "b@one.test")) {
                SendResult result = send(recipient);
                WORDING.isTrue(
                        recipient + " among the unsent",
                        result.placeOf(recipient) == Place.UNSENT,
                        result.placeOf(recipient) + ": " + result);
                expectCommands("first< RCPT TO:<" + recipient + ">", 2);
            }
        }
    }
}
