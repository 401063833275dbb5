// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DnsAnswer.Cause;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Master;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Messages that no reasonable server sends, and how they must not be interpreted. */
class MessageReaderTest {

    private static final Name ASKED = name("mx.tree.test.");

    @Test
    void LOOKUP_01_aDnameIsFollowedWithoutTheCnameThatItImplies() {
        ParsedAnswer reading = read("""
                tree.test. 60 IN DNAME real.test.
                mx.real.test. 90 IN A 192.0.2.1
                """);
        assertThat(reading).isInstanceOfSatisfying(ParsedAnswer.Data.class, found -> {
            assertThat(found.records()).hasSize(1);
            assertThat(found.chain().name()).isEqualTo(name("mx.real.test."));
            assertThat(found.chain().ttl()).isEqualTo(Duration.ofSeconds(60));
        });
    }

    @Test
    void LOOKUP_01_aDnameAloneIsAnAliasToQuery() {
        ParsedAnswer reading = read("tree.test. 60 IN DNAME real.test.");
        assertThat(reading)
                .isInstanceOfSatisfying(
                        ParsedAnswer.Alias.class,
                        alias -> assertThat(alias.chain().name()).isEqualTo(name("mx.real.test.")));
    }

    /** RFC 6672 §3.1. Aliases of the target are a separate query. */
    @Test
    void TLS_06_aDnameAnswersTheCnameQueryBelowIt() {
        for (String implied : List.of("", "mx.tree.test. 60 IN CNAME mx.real.test.\n")) {
            ParsedAnswer reading = read(Type.CNAME, "tree.test. 60 IN DNAME real.test.\n" + implied);
            assertThat(reading).isInstanceOfSatisfying(ParsedAnswer.Data.class, found -> {
                assertThat(found.records()).extracting(Record::rdataToString).containsExactly("mx.real.test.");
                assertThat(found.chain()).isEqualTo(Chain.from(ASKED).atMost(60));
            });
        }
    }

    /** CVE-2024-25638: the target of the alias differs from that of the DNAME that supposedly implies it. */
    @Test
    void LOOKUP_01_anAliasThatContradictsItsDnameIsNotFollowed() {
        ParsedAnswer reading = read("""
                tree.test. 60 IN DNAME real.test.
                mx.tree.test. 60 IN CNAME mx.evil.test.
                mx.evil.test. 60 IN A 203.0.113.66
                """);
        assertThat(reading)
                .isInstanceOfSatisfying(
                        ParsedAnswer.Alias.class,
                        alias -> assertThat(alias.chain().name()).isEqualTo(name("mx.real.test.")));
    }

    /** RFC 6672 §2.2: a DNAME that makes the name too long for DNS. */
    @Test
    void LOOKUP_01_aDnameThatMakesTheNameTooLongFails() {
        String label = "a".repeat(63);
        ParsedAnswer reading = read("tree.test. 60 IN DNAME " + (label + ".").repeat(3) + "a".repeat(60) + ".");
        assertThat(reading)
                .isInstanceOfSatisfying(
                        ParsedAnswer.Failed.class,
                        useless -> assertThat(useless.cause()).isEqualTo(Cause.MALFORMED));
    }

    /** RFC 1034 §3.7: the order of records has no meaning. */
    @Test
    void LOOKUP_01_aliasesOutOfOrderAreFollowed() {
        assertThat(read("""
                mx.real.test. 90 IN A 192.0.2.1
                second.test. 30 IN CNAME mx.real.test.
                mx.tree.test. 60 IN CNAME second.test.
                """)).isInstanceOfSatisfying(ParsedAnswer.Data.class, found -> {
            assertThat(found.records()).hasSize(1);
            assertThat(found.chain().name()).isEqualTo(name("mx.real.test."));
            assertThat(found.chain().ttl()).isEqualTo(Duration.ofSeconds(30));
        });
    }

    @Test
    void LOOKUP_01_twoDnamesOfOneNameFail() {
        assertThat(read("tree.test. 60 IN DNAME real.test.\ntree.test. 60 IN DNAME evil.test."))
                .isInstanceOfSatisfying(
                        ParsedAnswer.Failed.class,
                        useless -> assertThat(useless.cause()).isEqualTo(Cause.MALFORMED));
    }

    @Test
    void LOOKUP_01_recordsOfAnotherNameAreNotFound() {
        assertThat(read("other.test. 60 IN A 203.0.113.66")).isInstanceOf(ParsedAnswer.NoData.class);
        assertThat(read("mx.tree.test. 60 IN AAAA 2001:db8::1")).isInstanceOf(ParsedAnswer.NoData.class);
        assertThat(read("sub.mx.tree.test. 60 IN DNAME evil.test.")).isInstanceOf(ParsedAnswer.NoData.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"A", "CNAME", "DNAME"})
    void LOOKUP_01_aSignatureWithoutItsRecordIsNotAnAnswer(String covered) {
        String signature = " 60 IN RRSIG " + covered + " 13 2 60 20990101000000 20200101000000 1 test. AAAA";
        assertThat(read("mx.tree.test." + signature)).isNotInstanceOf(ParsedAnswer.Data.class);
        assertThat(read("tree.test." + signature)).isNotInstanceOf(ParsedAnswer.Data.class);
    }

    @Test
    void LOOKUP_01_theSameRecordTwiceIsOne() {
        ParsedAnswer reading = read("""
                mx.tree.test. 60 IN A 192.0.2.1
                mx.tree.test. 60 IN A 192.0.2.1
                """);
        assertThat(reading)
                .isInstanceOfSatisfying(
                        ParsedAnswer.Data.class,
                        found -> assertThat(found.records()).hasSize(1));
    }

    private static ParsedAnswer read(String answers) {
        return read(Type.A, answers);
    }

    private static ParsedAnswer read(int type, String answers) {
        Message query = Message.newQuery(Record.newRecord(ASKED, type, DClass.IN));
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setRcode(Rcode.NOERROR);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        try (Master records = new Master(new ByteArrayInputStream(answers.getBytes(UTF_8)))) {
            for (Record next = records.nextRecord(); next != null; next = records.nextRecord()) {
                answer.addRecord(next, Section.ANSWER);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MessageReader.read(query, answer, Chain.from(ASKED), "the server");
    }

    private static Name name(String text) {
        return Name.fromConstantString(text);
    }
}
