// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.postroad.provider.internal.dns.WireAnswer.ASKED;
import static org.postroad.provider.internal.dns.WireAnswer.bytes;
import static org.postroad.provider.internal.dns.WireAnswer.join;
import static org.postroad.provider.internal.dns.WireAnswer.mx;
import static org.postroad.provider.internal.dns.WireAnswer.name;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.provider.internal.dns.AnswerParser.MalformedException;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Unneeded records do not affect an answer, unreadable ones are not taken to be absent, and everything is limited. */
class AnswerParserTest {

    private static final Name DOMAIN = Name.fromConstantString("raw.test.");
    /** Position of the end of the question's name in an answer, that is, of the root label. */
    private static final int ROOT_AT = 12 + 9;

    private static final byte[] BAD_MX = bytes(0);
    private static final byte[] BAD_NAME = bytes(0, 10, 0x80, 1);

    private static Message query(int type) {
        Message query = Message.newQuery(Record.newRecord(DOMAIN, type, DClass.IN));
        query.getHeader().setID(7);
        return query;
    }

    private static WireAnswer answer() {
        return new WireAnswer(query(Type.MX), Rcode.NOERROR);
    }

    private static ParsedAnswer read(WireAnswer answer) throws MalformedException {
        Message query = query(Type.MX);
        return MessageReader.read(query, AnswerParser.parse(query, answer.octets()), Chain.from(DOMAIN), "the server");
    }

    static Stream<Arguments> oddities() {
        return Stream.of(
                oddity("ECS of family 0", answer -> answer.opt(0, 0, 8, 0, 4, 0, 0, 0, 0)),
                oddity("a cookie of 3 octets", answer -> answer.opt(0, 0, 10, 0, 3, 1, 2, 3)),
                oddity("a keepalive of 1 octet", answer -> answer.opt(0, 0, 11, 0, 1, 1)),
                oddity("an extended error of 1 octet", answer -> answer.opt(0, 0, 15, 0, 1, 6)),
                oddity("an option longer than OPT", answer -> answer.opt(0, 0, 10, 0, 99, 1)),
                oddity(
                        "OPT longer than the message",
                        answer -> answer.promise(Section.ADDITIONAL).raw(0, 0, 41, 4, 0xd0, 0, 0, 0, 0, 0, 9)),
                oddity("A of 5 octets", answer -> answer.add(Section.ADDITIONAL, ASKED, Type.A, bytes(1, 2, 3, 4, 5))),
                oddity("HTTPS that is none", answer -> answer.add(Section.ADDITIONAL, ASKED, 65, bytes(0))),
                oddity(
                        "an invalid name",
                        answer -> answer.promise(Section.ADDITIONAL).raw(0x80, 0, 1)),
                oddity("a short RRSIG", answer -> answer.add(Section.ANSWER, ASKED, Type.RRSIG, bytes(0, 15, 8))),
                oddity("a bad MX", answer -> answer.add(Section.ANSWER, ASKED, Type.MX, BAD_MX)),
                oddity("an MX of no name", answer -> answer.add(Section.ANSWER, ASKED, Type.MX, BAD_NAME)),
                oddity(
                        "an MX of class CH",
                        answer -> answer.add(Section.ANSWER, ASKED, Type.MX, 3, 300, mx(5, "ch.test"))),
                oddity("a bad SOA", answer -> answer.add(Section.AUTHORITY, ASKED, Type.SOA, bytes(0))),
                oddity("an authority that ends", answer -> answer.promise(Section.AUTHORITY)),
                oddity("the last octets of something", answer -> answer.raw(1, 2, 3)));
    }

    private static Arguments oddity(String title, UnaryOperator<WireAnswer> addition) {
        return arguments(title, addition);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("oddities")
    void dns_unreadableRecordsBesideAnAnswerDoNotInvalidateIt(String title, UnaryOperator<WireAnswer> addition)
            throws Exception {
        WireAnswer answer = answer().add(Section.ANSWER, ASKED, Type.MX, mx(10, "mx.raw.test"));
        assertThat(read(addition.apply(answer)))
                .isInstanceOfSatisfying(
                        ParsedAnswer.Data.class,
                        found -> assertThat(found.records())
                                .extracting(Record::rdataToString)
                                .containsExactly("10 mx.raw.test."));
    }

    @Test
    void dns_octetsAfterTheNameOfAnMxAreIgnored() throws Exception {
        byte[] data = join(mx(10, "mx.raw.test"), bytes(1, 2));
        assertThat(read(answer().add(Section.ANSWER, ASKED, Type.MX, data))).isInstanceOf(ParsedAnswer.Data.class);
    }

    static Stream<WireAnswer> unknown() {
        return Stream.of(
                answer().add(Section.ANSWER, ASKED, Type.MX, BAD_MX),
                answer().add(Section.ANSWER, ASKED, Type.MX, BAD_NAME),
                answer().add(Section.ANSWER, ASKED, Type.MX, bytes(0, 0, 0, 0)),
                answer().add(Section.ANSWER, ASKED, Type.MX, bytes(0, 0, 0xc0, ROOT_AT, 0)),
                answer().add(Section.ANSWER, ASKED, Type.MX, 3, 300, mx(5, "ch.test")),
                answer().add(Section.ANSWER, ASKED, Type.CNAME, bytes(0, 1)),
                answer().add(Section.ANSWER, ASKED, Type.CNAME, bytes(0x80)),
                answer().add(Section.ANSWER, name("test"), Type.DNAME, bytes(0x80)),
                answer().add(Section.AUTHORITY, ASKED, Type.SOA, bytes(0)),
                answer().promise(Section.ANSWER),
                answer().promise(Section.AUTHORITY),
                answer().promise(Section.ADDITIONAL),
                answer().promise(Section.ADDITIONAL).raw(0, 0, 41, 4, 0xd0, 1, 0, 0, 0, 0, 9),
                new WireAnswer(query(Type.MX), Rcode.NXDOMAIN).promise(Section.AUTHORITY));
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void dns_unreadableRecordsDoNotCountAsAbsent(WireAnswer unknown) {
        assertMalformed(unknown);
    }

    private static void assertMalformed(WireAnswer answer) {
        try {
            assertThat(read(answer))
                    .isInstanceOfSatisfying(
                            ParsedAnswer.Failed.class,
                            useless -> assertThat(useless.cause()).isEqualTo(Cause.MALFORMED));
        } catch (MalformedException structureIsBroken) {
            assertThat(structureIsBroken).hasMessageStartingWith("the answer cannot be read: ");
        }
    }

    @Test
    void dns_aResponseCodeIsReadWhateverFollows() throws Exception {
        Message query = query(Type.MX);
        WireAnswer answer = new WireAnswer(query, Rcode.FORMERR).promise(Section.ANSWER);
        assertThat(AnswerParser.parse(query, answer.octets()).getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(AnswerParser.parse(query, answer().opt(1).octets()).getRcode())
                .isEqualTo(Rcode.BADVERS);
    }

    @Test
    void dns_extendedErrorsAreReadAmongOtherOptions() throws Exception {
        WireAnswer answer =
                new WireAnswer(query(Type.MX), Rcode.SERVFAIL).opt(0, 0, 10, 0, 1, 9, 0, 15, 0, 4, 0, 6, 'n', 'o');
        assertThat(read(answer)).isInstanceOfSatisfying(ParsedAnswer.Failed.class, useless -> {
            assertThat(useless.cause()).isEqualTo(Cause.BOGUS);
            assertThat(useless.detail()).contains("6 DNSSEC_BOGUS: no");
        });
    }

    /** LIMIT: the queried name and its neighbours; CVE-2024-1737. */
    @ParameterizedTest
    @ValueSource(ints = {AnswerParser.MAX_RECORDS_OF_TYPE - 1, AnswerParser.MAX_RECORDS_OF_TYPE})
    void limit_recordsOfATypeUpToTheLimitAreRead(int records) throws Exception {
        assertThat(read(exchangers(records)))
                .isInstanceOfSatisfying(
                        ParsedAnswer.Data.class,
                        found -> assertThat(found.records()).hasSize(records));
    }

    @Test
    void limit_moreRecordsOfATypeAreRefusedWithTheReason() {
        assertThatThrownBy(() -> read(exchangers(AnswerParser.MAX_RECORDS_OF_TYPE + 1)))
                .hasMessage("the answer cannot be read: it has more than 256 MX records");
    }

    private static WireAnswer exchangers(int records) {
        WireAnswer answer = answer();
        for (int i = 0; i < records; i++) {
            answer.add(Section.ANSWER, ASKED, Type.MX, mx(i, "mx" + i));
        }
        return answer;
    }

    /** Records of types that were not queried. */
    @Test
    void limit_moreRecordsInTheAnswerSectionAreRefusedWithTheReason() throws Exception {
        WireAnswer answer = answer().add(Section.ANSWER, ASKED, Type.MX, mx(1, "mx"));
        for (int i = 1; i < AnswerParser.MAX_RECORDS; i++) {
            answer.add(Section.ANSWER, ASKED, Type.TXT, bytes());
        }
        assertThat(read(answer)).isInstanceOf(ParsedAnswer.Data.class);
        answer.add(Section.ANSWER, ASKED, Type.TXT, bytes());
        assertThatThrownBy(() -> read(answer)).hasMessageEndingWith("it has more than 1000 records in a section");
    }

    /** Too many records there prevent a negative answer, but do not affect records that were found. */
    @Test
    void limit_moreRecordsInTheOtherSectionsAreIgnored() throws Exception {
        for (int section : new int[] {Section.AUTHORITY, Section.ADDITIONAL}) {
            WireAnswer found = answer().add(Section.ANSWER, ASKED, Type.MX, mx(1, "mx"));
            WireAnswer absent = answer();
            for (int i = 0; i <= AnswerParser.MAX_RECORDS; i++) {
                found.add(section, ASKED, Type.A, bytes());
                absent.add(section, ASKED, Type.A, bytes());
            }
            assertThat(read(found)).isInstanceOf(ParsedAnswer.Data.class);
            assertMalformed(absent);
        }
    }

    /** The records that the codec and the validator receive from the largest messages possible. */
    @ParameterizedTest
    @ValueSource(ints = {Type.MX, Type.NS, Type.RRSIG, Type.NSEC3, Type.A, Type.OPT})
    void limit_noMoreRecordsThanTheLimitsAreCopied(int type) throws Exception {
        Message query = query(Type.MX);
        query.getHeader().setFlag(Flags.CD);
        for (int section = Section.ANSWER; section <= Section.ADDITIONAL; section++) {
            WireAnswer answer = answer();
            while (answer.position() < 0xfff0) {
                answer.add(section, ASKED, type, bytes());
            }
            try {
                Message parsed = AnswerParser.parse(query, answer.octets());
                for (int each = Section.ANSWER; each <= Section.ADDITIONAL; each++) {
                    assertThat(parsed.getSection(each)).hasSizeLessThanOrEqualTo(AnswerParser.MAX_RECORDS_OF_TYPE + 1);
                }
            } catch (MalformedException tooMany) {
                assertThat(tooMany).hasMessageContaining("it has more than");
            }
        }
    }

    /** Each pointer leads to another one: without a limit, the work for one name would grow with the message. */
    @ParameterizedTest
    @ValueSource(ints = {WireNames.MAX_POINTERS - 1, WireNames.MAX_POINTERS, WireNames.MAX_POINTERS + 1})
    void limit_compressionPointersOfOneName(int pointers) throws Exception {
        ByteBuffer message =
                ByteBuffer.allocate(WireNames.HEADER + 2 + 2 * pointers).position(WireNames.HEADER);
        message.putShort((short) 0);
        for (int target = WireNames.HEADER; message.hasRemaining(); target += 2) {
            message.putShort((short) (0xc000 | target));
        }
        WireNames names = new WireNames(message.array());
        int last = message.capacity() - 2;
        if (pointers <= WireNames.MAX_POINTERS) {
            assertThat(names.read(last)).isEqualTo(Name.root);
        } else {
            assertThatThrownBy(() -> names.read(last)).hasMessageContaining("invalid compression pointer");
        }
    }

    /** A pointer to itself, a forward pointer, and a loop. */
    @Test
    void dns_compressionPointersMustPointBackwards() {
        WireNames names = new WireNames(bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0xc0, 16, 0xc0, 14, 0));
        for (int at : new int[] {12, 14, 16}) {
            assertThatThrownBy(() -> names.read(at)).hasMessageContaining("invalid compression pointer");
        }
    }

    /** A name there would be made of the ID, which is random, and of the flags. */
    @Test
    void dns_noNameBeginsInTheHeader() throws Exception {
        WireNames names = new WireNames(bytes(1, 'a', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0xc0, 11, 0xc0, 12));
        for (int at : new int[] {13, 15}) {
            assertThatThrownBy(() -> names.read(at)).hasMessageContaining("invalid compression pointer");
        }
        assertThat(names.read(17)).isEqualTo(Name.root);
    }
}
