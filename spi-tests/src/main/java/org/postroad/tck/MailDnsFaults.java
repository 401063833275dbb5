// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.spi.MailDns;

/** Tests with servers that do not work correctly, and with forged answers. */
abstract class MailDnsFaults extends MailDnsOutcomes {

    private static final String NAME = "example.test";
    private static final String NULL_MX = "null.test";
    private static final int RECORDS_TOO_MANY_FOR_UDP = 200;

    /** Starts a server with one fault. */
    final FakeDnsServer faulty(DnsFault fault) {
        FakeDnsServer server = bench().dns(ZONE + NULL_MX + ". MX 0 .");
        server.faultForAll(fault);
        return server;
    }

    /**
     * Returns an address where nothing listens. A bound socket keeps the port, so that TCP connections are refused and no other
     * test server, which needs both TCP and UDP, can get it.
     */
    final InetSocketAddress unreachable() throws IOException {
        Socket held = bench().closing(new Socket());
        held.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        return (InetSocketAddress) held.getLocalSocketAddress();
    }

    private DnsAnswer<MxRecord> answerTo(DnsFault fault) throws Exception {
        return ask(subject(faulty(fault)), NAME, RecordType.MX);
    }

    private DnsAnswer<MxRecord> vainAnswerTo(DnsFault fault) throws Exception {
        return askInVain(subject(faulty(fault)), NAME, RecordType.MX);
    }

    private static void expectTruth(DnsAnswer<MxRecord> answer) {
        expectFound(answer, List.of(mx(10, "mx1.example.test")));
    }

    @Nested
    class ResponseCodes {

        @Requirement
        void DNS_09_aReferralIsNotAnAnswer() throws Exception {
            expectFailed(answerTo(DnsFault.LAME));
        }

        @Requirement
        void DNS_10_servfailIsFailed() throws Exception {
            expectFailed(answerTo(DnsFault.SERVFAIL));
        }

        @Requirement
        void DNS_10_servfailForBogusDataIsFailed() throws Exception {
            expectFailed(answerTo(DnsFault.SERVFAIL_BOGUS));
        }

        @Requirement
        void DNS_10_servfailAtTheEndOfAnAliasIsFailed() throws Exception {
            FakeDnsServer server = bench().dns("alias.test. CNAME end.test.\nend.test. MX 10 mx1.example.test.");
            server.fault("end.test", RecordType.MX, DnsFault.SERVFAIL);
            expectFailed(ask(subject(server), "alias.test", RecordType.MX));
        }

        @Requirement
        void DNS_11_refusedIsFailed() throws Exception {
            expectFailed(answerTo(DnsFault.REFUSED));
        }

        @Requirement
        void DNS_12_notimpIsFailed() throws Exception {
            expectFailed(answerTo(DnsFault.NOTIMP));
        }

        @Requirement
        void DNS_12_formerrIsFailed() throws Exception {
            expectFailed(answerTo(DnsFault.FORMERR));
        }

        @Requirement
        void DNS_13_aServerWithoutEdnsIsQueriedAgain() throws Exception {
            expectTruth(answerTo(DnsFault.FORMERR_TO_EDNS));
        }
    }

    @Nested
    class MismatchedMessages {

        @Requirement
        void DNS_14_silenceIsFailed() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.DROP));
        }

        @Requirement
        void DNS_14_anUnreachableServerIsFailed() throws Exception {
            expectFailed(askInVain(subject(List.of(unreachable())), NAME, RecordType.MX));
        }

        @Requirement
        void DNS_15_anotherIdIsNotAnAnswer() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.WRONG_ID));
        }

        @Requirement
        void DNS_15_theMatchingIdAfterItIsUsed() throws Exception {
            expectTruth(answerTo(DnsFault.WRONG_ID_THEN_RIGHT));
        }

        @Requirement
        void DNS_16_anotherQuestionIsNotAnAnswer() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.WRONG_QUESTION));
        }

        @Requirement
        void DNS_16_theMatchingQuestionAfterItIsUsed() throws Exception {
            expectTruth(answerTo(DnsFault.WRONG_QUESTION_THEN_RIGHT));
        }

        @Requirement
        void DNS_17_garbageIsNotAnAnswer() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.GARBAGE));
        }

        @Requirement
        void DNS_17_theAnswerAfterGarbageIsUsed() throws Exception {
            expectTruth(answerTo(DnsFault.GARBAGE_THEN_RIGHT));
        }

        @Requirement
        void DNS_18_aTruncatedRecordIsFailed() throws Exception {
            MailDns dns = subject(faulty(DnsFault.CUT_RDATA));
            expectFailed(askInVain(dns, NAME, RecordType.MX));
            expectFailed(askInVain(dns, "mx1.example.test", RecordType.A));
        }

        @Requirement
        void DNS_18_aTruncatedMxIsNotANullMx() throws Exception {
            expectFailed(askInVain(subject(faulty(DnsFault.CUT_RDATA)), NULL_MX, RecordType.MX));
        }

        @Requirement
        void DNS_19_recordsOfOtherNamesAreIgnored() throws Exception {
            MailDns dns = subject(faulty(DnsFault.FOREIGN_RECORDS));
            expectTruth(ask(dns, NAME, RecordType.MX));
            expectFound(ask(dns, "mx1.example.test", RecordType.A), addresses("192.0.2.1"));
        }

        @Requirement
        void DNS_19_recordsOfOtherNamesAloneAreNotAnAnswer() throws Exception {
            DnsAnswer<MxRecord> answer =
                    ask(subject(faulty(DnsFault.FOREIGN_RECORDS)), "mx1.example.test", RecordType.MX);
            ANSWER.isTrue("no record", answer.recordsOrNone().isEmpty(), answer.describe());
        }
    }

    @Nested
    class AdditionalSection {

        @Requirement
        void DNS_51_anAnswerBesideUnreadableRecordsIsFound() throws Exception {
            MailDns dns = subject(faulty(DnsFault.UNREADABLE_BESIDE));
            expectTruth(ask(dns, NAME, RecordType.MX));
            expectFound(ask(dns, "mx1.example.test", RecordType.A), addresses("192.0.2.1"));
        }
    }

    @Nested
    class Truncation {

        @Requirement
        void DNS_20_theWholeAnswerComesOverTcp() throws Exception {
            expectTruth(answerTo(DnsFault.TRUNCATED));
        }

        @Requirement
        void DNS_20_manyRecordsComeOverTcp() throws Exception {
            MailDns dns = subject(bench().dns(IntStream.range(0, RECORDS_TOO_MANY_FOR_UDP)
                    .mapToObj(i -> "many.test. MX " + i + " mx" + i + ".many.test.")
                    .collect(Collectors.joining("\n"))));
            expectFound(
                    ask(dns, "many.test", RecordType.MX),
                    IntStream.range(0, RECORDS_TOO_MANY_FOR_UDP)
                            .mapToObj(i -> mx(i, "mx" + i + ".many.test"))
                            .toList());
        }

        @Requirement
        void DNS_21_silenceOverTcpIsFailed() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.TRUNCATED_TCP_SILENT));
        }

        @Requirement
        void DNS_21_aClosedTcpConnectionIsFailed() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.TRUNCATED_TCP_CLOSES));
        }

        @Requirement
        void DNS_21_aTruncatedTcpAnswerIsFailed() throws Exception {
            expectFailed(vainAnswerTo(DnsFault.TRUNCATED_EVERYWHERE));
        }
    }

    @Nested
    class Causes {

        @Requirement
        void DNS_37_theCauseOfAResponseCodeMatches() throws Exception {
            expectCause(answerTo(DnsFault.SERVFAIL), Cause.SERVER_FAILURE);
            expectCause(answerTo(DnsFault.SERVFAIL_BOGUS), Cause.BOGUS, Cause.SERVER_FAILURE);
            expectCause(answerTo(DnsFault.REFUSED), Cause.REFUSED);
            expectCause(answerTo(DnsFault.NOTIMP), Cause.REFUSED);
            expectCause(answerTo(DnsFault.FORMERR), Cause.REFUSED);
        }

        @Requirement
        void DNS_37_theCauseOfAReferralMatches() throws Exception {
            expectCause(answerTo(DnsFault.LAME), Cause.LAME);
        }

        @Requirement
        void DNS_37_theCauseOfAliasesMatches() throws Exception {
            MailDns dns = subject(bench().dns("a.test. CNAME b.test.\nb.test. CNAME a.test."));
            expectCause(ask(dns, "a.test", RecordType.MX), Cause.ALIAS_CHAIN);
        }

        @Requirement
        void DNS_37_theCauseOfSilenceMatches() throws Exception {
            expectCause(vainAnswerTo(DnsFault.DROP), Cause.TIMEOUT);
            expectCause(askInVain(subject(List.of(unreachable())), NAME, RecordType.MX), Cause.NETWORK, Cause.TIMEOUT);
        }

        @Requirement
        void DNS_37_theCauseOfUnreadableDataMatches() throws Exception {
            expectCause(vainAnswerTo(DnsFault.CUT_RDATA), Cause.MALFORMED, Cause.TIMEOUT);
            expectCause(vainAnswerTo(DnsFault.WRONG_QUESTION), Cause.MALFORMED, Cause.TIMEOUT);
        }

        private void expectCause(DnsAnswer<?> answer, Cause... allowed) {
            Cause cause = expectFailed(answer).cause();
            Expect.lookAt("the cause of a failure").that("one of " + Set.of(allowed), cause, Set.of(allowed)::contains);
        }
    }

    @Nested
    class AllFaults {

        /** Faults that a careful client treats like no answer; each has tests of its own. */
        private static final EnumSet<DnsFault> NO_ANSWER = EnumSet.of(
                DnsFault.DROP,
                DnsFault.HELD,
                DnsFault.WRONG_ID,
                DnsFault.WRONG_QUESTION,
                DnsFault.GARBAGE,
                DnsFault.CUT_RDATA,
                DnsFault.TRUNCATED_TCP_SILENT,
                DnsFault.TRUNCATED_TCP_CLOSES,
                DnsFault.TRUNCATED_EVERYWHERE);

        @Requirement
        void DNS_38_theSecondAnswerIsLikeTheFirst() throws Exception {
            FakeDnsServer server = bench().dns(ZONE + "alias.test. CNAME several.test.");
            server.fault("failing.test", RecordType.MX, DnsFault.SERVFAIL);
            MailDns dns = subject(server);
            for (String name :
                    List.of("several.test", "alias.test", "mx1.example.test", "nosuch.test", "failing.test")) {
                ask(dns, name, RecordType.MX);
            }
        }

        @Requirement
        void DNS_38_theSecondFailureIsAFailureToo() throws Exception {
            FakeDnsServer server = bench().dns(ZONE);
            MailDns dns = subject(server);
            server.fault(NAME, RecordType.MX, DnsFault.SERVFAIL);
            expectFailed(ask(dns, NAME, RecordType.MX));
            server.heal();
            DnsAnswer<MxRecord> healed = once(dns, NAME, RecordType.MX);
            if (healed.failure().isEmpty()) {
                expectTruth(healed);
            }
        }

        @Requirement
        void DNS_39_noFaultCausesAnException() throws Exception {
            FakeDnsServer server = bench().dns(Stream.of(DnsFault.values())
                    .map(fault -> nameOf(fault) + ". MX 10 mx1.example.test.")
                    .collect(Collectors.joining("\n")));
            MailDns dns = subject(server);
            for (DnsFault fault : EnumSet.complementOf(NO_ANSWER)) {
                server.fault(nameOf(fault), RecordType.MX, fault);
                once(dns, nameOf(fault), RecordType.MX);
            }
            server.fault("silent.test", RecordType.MX, DnsFault.DROP);
            once(dns, "silent.test", RecordType.MX, silenceOfThisRun());
        }

        private static String nameOf(DnsFault fault) {
            return "fault" + fault.ordinal() + ".test";
        }
    }
}
