// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.Misbehaviour;

/**
 * TRY: the result of an attempt, for each recipient. TRY-09 to 11 are in {@link SessionRequirements}, TRY-05 for malformed
 * replies is in {@link ReplyRequirements}.
 */
abstract class TryRequirements extends SecretRequirements {

    static final Expect HOSTS = Expect.lookAt("which host is contacted next, and after which result");

    private static final int BIG_LINES = 1_000;

    private static final Duration SILENCE = Duration.ofSeconds(1);

    /** One domain with two hosts. */
    private static final String ZONE = """
            two.test.        MX 10 first.two.test.
            two.test.        MX 20 second.two.test.
            first.two.test.  A 192.0.2.1
            second.two.test. A 192.0.2.20
            """;

    FakeSmtpServer first;
    FakeSmtpServer second;

    /** Only for the suite of this package. */
    @SuppressWarnings("NullAway.Init")
    TryRequirements() {}

    final void twoHosts() throws Exception {
        dns(ZONE);
        first = mx("first", "192.0.2.1");
        second = mx("second", "192.0.2.20");
    }

    static void expectReceived(FakeSmtpServer server, String... recipients) {
        HOSTS.equal(server.name() + " gets the message for", List.of(recipients), recipientsAt(server));
    }

    static void expectNotContacted(FakeSmtpServer server) {
        HOSTS.isTrue(server.name() + " is not contacted", server.connections() == 0, "it is");
    }

    /** Expects that the second host gets the message, because the first one neither accepted it nor refused it permanently. */
    final void expectTheSecondGetsIt() throws Exception {
        expectAccepted(send("a@two.test"), "a@two.test");
        expectReceived(second, "<a@two.test>");
        HOSTS.isTrue("first is contacted before", first.connections() > 0, "it is not");
        expectReceived(first);
    }

    final void expectRejected(String status) throws Exception {
        expectStatus(send("a@two.test"), "a@two.test", status);
        expectNotContacted(second);
        expectReceived(first);
    }

    @Nested
    class Accepted {

        @Requirement
        void TRY_01_anyReplyOfClass2IsSuccess() throws Exception {
            twoHosts();
            first.onCommand("RCPT", "251 2.1.5 will forward").onEndOfData("252 2.5.0 taken");
            expectAccepted(send("a@two.test"), "a@two.test");
            expectReceived(first, "<a@two.test>");
            expectNotContacted(second);
        }

        @Requirement
        void TRY_01_aReplyWithoutEnhancedCodesIsSuccess() throws Exception {
            twoHosts();
            first.onCommand("MAIL", "250 ok").onCommand("RCPT", "250 ok").onEndOfData("250 ok");
            expectAccepted(send("a@two.test"), "a@two.test");
            expectReceived(first, "<a@two.test>");
        }
    }

    @Nested
    class Rejected {

        @Requirement
        void TRY_02_aRefusalOfMailIsFinal() throws Exception {
            twoHosts();
            first.onCommand("MAIL", "550 5.7.1 not from you");
            expectRejected("5.7.1");
        }

        @Requirement
        void TRY_02_aRefusalOfRcptIsFinal() throws Exception {
            twoHosts();
            first.onCommand("RCPT", "550 5.1.1 no such user");
            expectRejected("5.1.1");
        }

        @Requirement
        void TRY_02_aRefusalOfDataIsFinal() throws Exception {
            twoHosts();
            first.onCommand("DATA", "554 5.5.1 no data from you");
            expectRejected("5.5.1");
        }

        @Requirement
        void TRY_02_aRefusalAtTheEndOfDataIsFinal() throws Exception {
            twoHosts();
            first.onEndOfData("554 5.6.0 no such content");
            expectRejected("5.6.0");
        }

        @Requirement
        void TRY_02_aRefusedRecipientDoesNotAffectTheOthers() throws Exception {
            twoHosts();
            first.onCommand("RCPT TO:<bad@", "550 5.1.1 no such user");
            SendResult result = send("a@two.test", "bad@two.test", "c@two.test");
            expectAccepted(result, "a@two.test");
            expectStatus(result, "bad@two.test", "5.1.1");
            expectAccepted(result, "c@two.test");
            expectReceived(first, "<a@two.test>", "<c@two.test>");
            expectNotContacted(second);
        }
    }

    @Nested
    class TemporaryFailures {

        @Requirement
        void TRY_03_afterATransientReplyToMailTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("MAIL", "451 4.3.0 later");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_afterATransientReplyToRcptTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("RCPT", "450 4.2.1 later");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_afterATransientReplyToDataTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("DATA", "451 4.3.0 later");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_afterATransientReplyToTheEndOfDataTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onEndOfData("451 4.3.0 later");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_afterATransientGreetingTheNextHostIsTried() throws Exception {
            twoHosts();
            first.greeting("450 4.3.2 busy");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_afterARefusedConnectionTheNextHostIsTried() throws Exception {
            twoHosts();
            bench().network().refuse("192.0.2.1");
            expectAccepted(send("a@two.test"), "a@two.test");
            expectReceived(second, "<a@two.test>");
            expectDials("192.0.2.1", "192.0.2.20");
        }

        @Requirement
        void TRY_03_afterALossAtACommandTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("RCPT", Misbehaviour.CLOSE);
            expectTheSecondGetsIt();
        }

        /**
         * A message of 1 MB exceeds all buffers between us and the server, so its end has not been sent when the connection is
         * lost.
         */
        @Requirement
        void TRY_03_afterALossWithinTheMessageTheNextHostIsTried() throws Exception {
            twoHosts();
            first.inData(Misbehaviour.RESET);
            Session session = session();
            String line = "x".repeat(998) + "\r\n";
            expectAccepted(
                    send(
                            session,
                            RawMessage.of(session, "Subject: big\r\n\r\n" + line.repeat(BIG_LINES), "a@two.test")),
                    "a@two.test");
            expectReceived(first);
            expectReceived(second, "<a@two.test>");
        }

        @Requirement
        void TRY_03_afterAMalformedReplyTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("MAIL", Misbehaviour.GARBAGE_LINE);
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_afterSilenceTheNextHostIsTried() throws Exception {
            twoHosts();
            set(
                    "mail.mx.timeout",
                    String.valueOf(timeOfThisRun(SILENCE).toMillis())); // must be long enough for the second host, too
            first.onCommand("MAIL", Misbehaviour.STALL);
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_03_theNextAddressOfTheSameHostIsTriedFirst() throws Exception {
            dns("""
                    two.test.        MX 10 first.two.test.
                    two.test.        MX 20 second.two.test.
                    first.two.test.  A 192.0.2.1
                    first.two.test.  A 192.0.2.3
                    second.two.test. A 192.0.2.20
                    """);
            second = mx("second", "192.0.2.20");
            bench().network().refuse("192.0.2.1").refuse("192.0.2.3");
            expectAccepted(send("a@two.test"), "a@two.test");
            HOSTS.that(
                    "both addresses of first, then second",
                    dials(),
                    dials -> dials.size() == 3
                            && dials.containsAll(List.of("192.0.2.1", "192.0.2.3"))
                            && dials.get(2).equals("192.0.2.20"));
        }
    }

    @Nested
    class HostRefusals {

        @Requirement
        void TRY_04_afterARefusingGreetingTheNextHostIsTried() throws Exception {
            twoHosts();
            first.greeting("554 5.3.2 no mail here");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_04_afterARefusalOfEhloAndHeloTheNextHostIsTried() throws Exception {
            twoHosts();
            first.onCommand("EHLO", "550 5.7.1 not you").onCommand("HELO", "550 5.7.1 not you");
            expectTheSecondGetsIt();
        }

        @Requirement
        void TRY_04_aServerWithoutEhloGetsHelo() throws Exception {
            twoHosts();
            first.onCommand("EHLO", "502 5.5.1 what is that");
            expectAccepted(send("a@two.test"), "a@two.test");
            expectReceived(first, "<a@two.test>");
        }

        @Requirement
        void TRY_04_aTemporaryFailureOfAnotherHostBeatsIt() throws Exception {
            twoHosts();
            first.greeting("554 5.3.2 no mail here");
            second.onCommand("RCPT", "450 4.2.1 later");
            expectStatus(send("a@two.test"), "a@two.test", "4.2.1");
        }
    }

    @Nested
    class InDoubt {

        @Requirement
        void TRY_05_afterALostFinalReplyNoOtherHostIsTried() throws Exception {
            twoHosts();
            first.onEndOfData(Misbehaviour.CLOSE);
            expectStatus(send("a@two.test"), "a@two.test", "4.4.2");
            expectReceived(first, "<a@two.test>");
            expectNotContacted(second);
        }

        @Requirement
        void TRY_05_afterALostFinalReplyNoOtherAddressIsTried() throws Exception {
            dns("""
                    one.test.       MX 10 first.one.test.
                    first.one.test. A 192.0.2.1
                    first.one.test. A 192.0.2.20
                    """);
            first = mx("first", "192.0.2.1").onEndOfData(Misbehaviour.RESET);
            second = mx("second", "192.0.2.20").onEndOfData(Misbehaviour.RESET);
            expectStatus(send("a@one.test"), "a@one.test", "4.4.2");
            HOSTS.equal(
                    "messages sent:",
                    1,
                    first.received().size() + second.received().size());
        }
    }

    @Nested
    class EachRecipient {

        @Requirement
        void TRY_06_anAcceptedRecipientIsNotOfferedAgain() throws Exception {
            twoHosts();
            first.onCommand("RCPT TO:<b@", "450 4.2.1 later");
            SendResult result = send("a@two.test", "b@two.test");
            expectAccepted(result, "a@two.test");
            expectAccepted(result, "b@two.test");
            expectReceived(first, "<a@two.test>");
            expectReceived(second, "<b@two.test>");
        }

        @Requirement
        void TRY_06_aPermanentlyRefusedRecipientIsNotOfferedAgain() throws Exception {
            twoHosts();
            first.onCommand("RCPT TO:<a@", "550 5.1.1 no such user").onCommand("RCPT TO:<b@", "450 4.2.1 later");
            SendResult result = send("a@two.test", "b@two.test");
            expectStatus(result, "a@two.test", "5.1.1");
            expectAccepted(result, "b@two.test");
            expectReceived(second, "<b@two.test>");
        }

        @Requirement
        void TRY_07_421ToRcptAppliesToThePendingRecipients() throws Exception {
            twoHosts();
            first.onCommand("RCPT TO:<b@", Misbehaviour.SAY_421_AND_CLOSE);
            SendResult result = send("a@two.test", "b@two.test");
            expectAccepted(result, "a@two.test");
            expectAccepted(result, "b@two.test");
            expectReceived(second, "<a@two.test>", "<b@two.test>");
        }

        @Requirement
        void TRY_07_after421NoFurtherCommandIsSent() throws Exception {
            twoHosts();
            first.onCommand("MAIL", "421 4.3.2 shutting down");
            expectTheSecondGetsIt();
            List<String> said = bench().transcript().linesOf("first< ");
            HOSTS.that(
                    "no command after 421 but QUIT",
                    said.subList(said.indexOf(mail(said)) + 1, said.size()),
                    rest -> rest.isEmpty() || rest.equals(List.of("first< QUIT")));
        }

        private String mail(List<String> said) {
            return said.stream()
                    .filter(line -> line.startsWith("first< MAIL"))
                    .findFirst()
                    .orElseThrow();
        }

        @Requirement
        void TRY_07_421IsTheResultWithoutAnotherHost() throws Exception {
            twoHosts();
            first.onCommand("MAIL", "421 4.3.2 shutting down");
            second.onCommand("MAIL", "421 4.3.2 shutting down");
            expectStatus(send("a@two.test"), "a@two.test", "4.3.2");
        }

        @Requirement
        void TRY_08_452AfterAnAcceptedRcptOpensAnotherTransaction() throws Exception {
            tooMany("452 4.5.3 too many recipients");
        }

        @Requirement
        void TRY_08_552AfterAnAcceptedRcptOpensAnotherTransaction() throws Exception {
            tooMany("552 5.5.3 too many recipients");
        }

        private void tooMany(String reply) throws Exception {
            twoHosts();
            first.onCommand("RCPT TO:<b@", reply, 1).onCommand("RCPT TO:<c@", reply, 1);
            SendResult result = send("a@two.test", "b@two.test", "c@two.test");
            expectAccepted(result, "a@two.test");
            expectAccepted(result, "b@two.test");
            expectAccepted(result, "c@two.test");
            expectReceived(first, "<a@two.test>", "<b@two.test>", "<c@two.test>");
            HOSTS.equal("transactions at first:", 2, first.received().size());
            expectNotContacted(second);
        }
    }
}
