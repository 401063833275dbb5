// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.List;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.tck.catalogue.Feature;

/**
 * TRY-09 to 11: a session is not the message. A transport does not have to use a connection for several messages or
 * transactions; if it does, it must not treat the end of a session as the result of a message.
 */
abstract class SessionRequirements extends TryRequirements {

    private static final Expect SESSIONS =
            Expect.lookAt("what a refusal on a reused connection, or its loss, means for the next message");
    private static final Expect HELLO = Expect.lookAt("what is done after a refused EHLO");

    private static final String ENOUGH_FOR_NOW = "452 4.4.5 too many messages";
    private static final String ENOUGH = "554 5.5.0 no more";

    /** Only for the suite of this package. */
    SessionRequirements() {}

    /** Expects that the first host gets both messages exactly once, whatever it accepts on one connection. */
    private void expectBothAtTheFirst() throws Exception {
        expectAccepted(send("a@two.test"), "a@two.test");
        expectAccepted(send("b@two.test"), "b@two.test");
        expectReceived(first, "<a@two.test>", "<b@two.test>");
        expectNotContacted(second);
    }

    /** Expects that the first host gets one recipient, and then the two others in a second transaction. */
    private void expectAllAtTheFirst() throws Exception {
        String tooMany = "452 4.5.3 too many recipients";
        first.onCommand("RCPT TO:<b@", tooMany, 1).onCommand("RCPT TO:<c@", tooMany, 1);
        SendResult result = send("a@two.test", "b@two.test", "c@two.test");
        for (String recipient : List.of("a@two.test", "b@two.test", "c@two.test")) {
            expectAccepted(result, recipient);
        }
        expectReceived(first, "<a@two.test>", "<b@two.test>", "<c@two.test>");
        expectNotContacted(second);
    }

    @Nested
    class RefusedSession {

        @Requirement
        void TRY_09_aTemporaryRefusalOfMailIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "MAIL", ENOUGH_FOR_NOW);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_aPermanentRefusalOfMailIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "MAIL", ENOUGH);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_aRefusalOfDataIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "DATA", ENOUGH_FOR_NOW);
            expectBothAtTheFirst();
        }

        /** A transport without support for these extensions uses DATA. */
        @Requirement
        void TRY_09_aRefusalOfBdatIsRetried() throws Exception {
            twoHosts();
            first.keywords("PIPELINING", "CHUNKING")
                    .onCommandAfter(1, "BDAT", ENOUGH)
                    .onCommandAfter(1, "DATA", ENOUGH);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_aRefusalInTheSecondTransactionOfASendIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "MAIL", ENOUGH);
            expectAllAtTheFirst();
        }

        @Requirement
        void TRY_09_theOldConnectionIsNotUsedAgain() throws Exception {
            twoHosts();
            first.onCommandAfter(2, "MAIL", ENOUGH_FOR_NOW);
            for (String recipient : List.of("a@two.test", "b@two.test", "c@two.test", "d@two.test")) {
                expectAccepted(send(recipient), recipient);
            }
            expectReceived(first, "<a@two.test>", "<b@two.test>", "<c@two.test>", "<d@two.test>");
            SESSIONS.that(
                    "one refusal at most: a connection takes 2 messages, and 4 were sent",
                    bench().transcript().linesOf("first> " + ENOUGH_FOR_NOW),
                    refusals -> refusals.size() <= 1);
        }

        @Requirement
        void TRY_09_theReplyOnTheNewConnectionIsTheResult() throws Exception {
            twoHosts();
            expectAccepted(send("a@two.test"), "a@two.test");
            first.onCommand("MAIL", "550 5.7.1 not from you");
            expectStatus(send("b@two.test"), "b@two.test", "5.7.1");
            expectReceived(first, "<a@two.test>");
            expectNotContacted(second);
            SESSIONS.that(
                    "two refusals at most: on the old connection, if there was one, and on one new one",
                    bench().transcript().linesOf("first> 550 5.7.1"),
                    refusals -> refusals.size() <= 2);
        }
    }

    @Nested
    class LostSession {

        @Requirement
        void TRY_09_aServerThatClosesAfterEachMessageGetsNewConnections() throws Exception {
            twoHosts();
            first.onEndOfData(Misbehaviour.REPLY_AND_CLOSE);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_aLossInsteadOfAReplyToMailIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "MAIL", Misbehaviour.CLOSE);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_a421ToRcptIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "RCPT", Misbehaviour.SAY_421_AND_CLOSE);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_aLossInsteadOfAReplyToDataIsRetried() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "DATA", Misbehaviour.CLOSE);
            expectBothAtTheFirst();
        }

        @Requirement
        void TRY_09_aMessageThatMayHaveBeenAcceptedIsNotSentAgain() throws Exception {
            twoHosts();
            expectAccepted(send("a@two.test"), "a@two.test");
            first.onEndOfData(Misbehaviour.CLOSE);
            expectStatus(send("b@two.test"), "b@two.test", "4.4.2");
            expectReceived(first, "<a@two.test>", "<b@two.test>");
            expectNotContacted(second);
        }
    }

    @Nested
    class RefusedHello {

        private void oneHost() throws Exception {
            dns("""
                    one.test.       MX 10 first.one.test.
                    first.one.test. A 192.0.2.1
                    """);
            first = mx("first", "192.0.2.1");
        }

        private void expectNoMail() {
            HELLO.equal("MAIL commands:", List.of(), bench().transcript().linesOf("first< MAIL"));
        }

        @Requirement
        void TRY_10_theReplyToEhloIsTheResultIfHeloClosesTheConnection() throws Exception {
            oneHost();
            first.onCommand("EHLO", "550 5.7.1 not you").onCommand("HELO", Misbehaviour.CLOSE);
            expectStatus(send("a@one.test"), "a@one.test", "5.7.1");
            expectNoMail();
        }

        @Requirement
        void TRY_10_aTemporaryReplyToEhloIsTheResultIfHeloClosesTheConnection() throws Exception {
            oneHost();
            first.onCommand("EHLO", "450 4.7.0 slow down").onCommand("HELO", Misbehaviour.CLOSE);
            expectStatus(send("a@one.test"), "a@one.test", "4.7.0");
            expectNoMail();
        }

        @Requirement
        void TRY_10_theNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("EHLO", "550 5.7.1 not you").onCommand("HELO", Misbehaviour.CLOSE);
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_10_theNextHostIsTriedAfterARefusalAfterStartTls() throws Exception {
            refusedOverTls("554 5.7.1 not you");
        }

        @Requirement
        void TRY_10_theNextHostIsTriedAfterATemporaryRefusalAfterStartTls() throws Exception {
            refusedOverTls("450 4.7.0 not you");
        }

        private void refusedOverTls(String reply) throws Exception {
            needs(Feature.STARTTLS);
            twoHosts();
            first.startTls(TestCertificates.create().serverContext("first.two.test"))
                    .onCommandOverTls("EHLO", reply)
                    .onCommandOverTls("HELO", reply)
                    .onCommandOverTls("MAIL", "503 5.5.1 say EHLO first");
            expectTheSecondGetsIt();
            expectNoMail();
        }
    }

    @Nested
    class SeveralTransactions {

        @Requirement
        void TRY_11_aServerThatClosesAfterEachMessageGetsAllRecipients() throws Exception {
            twoHosts();
            first.onEndOfData(Misbehaviour.REPLY_AND_CLOSE);
            expectAllAtTheFirst();
        }

        @Requirement
        void TRY_11_aServerThatClosesInsteadOfAReplyToMailGetsAllRecipients() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "MAIL", Misbehaviour.CLOSE);
            expectAllAtTheFirst();
        }

        @Requirement
        void TRY_11_aServerThatReplies421ToMailGetsAllRecipients() throws Exception {
            twoHosts();
            first.onCommandAfter(1, "MAIL", Misbehaviour.SAY_421_AND_CLOSE);
            expectAllAtTheFirst();
        }
    }
}
