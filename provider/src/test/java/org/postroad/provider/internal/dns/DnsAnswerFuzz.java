// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkShowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.DnsName;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.TlsaRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * Fuzzes the answers of a DNS server, over a real socket. An input is the index of a type in {@link RecordType#all()}, followed by the
 * argument of {@link AnswerServer#setReply}.
 */
class DnsAnswerFuzz {

    private static final HostName ASKED = HostName.parse("mx.tree.test");
    private static final int SHORTEST = 1 + 2 + 6;

    /** Enough even for the first answer, during which the fuzzer's agent instruments all required classes. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Each form of a query, for each link of the longest alias chain. */
    private static final int MOST_QUESTIONS = 3 * (Chain.MAX_ALIASES + 1);

    private static AnswerServer server;
    private static DnsjavaMailDns dns;

    @BeforeAll
    static void start() throws Exception {
        server = AnswerServer.start();
        dns = new DnsjavaMailDns(
                DnsSettings.DEFAULTS.withServers(List.of(server.address())).withTimeouts(PATIENCE, PATIENCE));
    }

    @AfterAll
    static void stop() throws Exception {
        dns.close();
        server.close();
    }

    @FuzzTest
    void answers(byte[] input) throws Exception {
        if (input.length < SHORTEST) {
            return;
        }
        server.setReply(Arrays.copyOfRange(input, 1, input.length));
        List<RecordType<?>> types = RecordType.all();
        DnsAnswer<?> answer = dns.query(ASKED, types.get((input[0] & 0xff) % types.size()), Deadline.after(PATIENCE));
        List<byte[]> said = server.answers();
        check(said.size() <= MOST_QUESTIONS, () -> said.size() + " questions");
        check(!said.isEmpty(), () -> "not asked");
        checkAnswer(answer, said);
    }

    private static <R> void checkAnswer(DnsAnswer<R> answer, List<byte[]> said) {
        checkShowable(answer.describe());
        check(answer.aliases().size() <= Chain.MAX_ALIASES, () -> "the aliases " + answer.aliases());
        for (DnsAnswer.Alias alias : answer.aliases()) {
            checkSaid(alias.owner(), said);
            checkSaid(alias.target(), said);
        }
        if (answer instanceof DnsAnswer.Found<R> found) {
            found.records().forEach(record -> checkSaid(record, said));
            checkSaid(found.canonicalName(), said);
            check(!found.ttl().isNegative(), () -> "the TTL " + found.ttl());
        } else if (answer instanceof DnsAnswer.Failed<R> failed) {
            checkShowable(failed.detail());
            check(failed.cause() != Cause.TIMEOUT && failed.cause() != Cause.CONTRACT, () -> answer.describe());
        }
    }

    /** Checks that nothing was invented: one of the messages contains the record's content, in its question or after it. */
    private static void checkSaid(Object record, List<byte[]> said) {
        if (record instanceof IpAddress address) {
            check(anyContains(said, address.octets()), () -> "in no message: " + address);
        } else if (record instanceof MxRecord mx) {
            checkSaid(mx.exchange(), said);
        } else if (record instanceof TlsaRecord tlsa) {
            check(anyContains(said, HexFormat.of().parseHex(tlsa.data())), () -> "in no message: " + tlsa);
        } else if (record instanceof DnsName name) {
            labels(name).forEach(label -> check(anyContains(said, label), () -> "in no message: " + name));
        } else {
            check(
                    said.stream().anyMatch(message -> ((String) record).length() < message.length),
                    () -> "a text longer than each message");
        }
    }

    /** Returns the labels, each with its length octet as on the wire. */
    private static List<byte[]> labels(DnsName name) {
        try {
            Name parsed = Name.fromString(name.text(), Name.root);
            return IntStream.range(0, parsed.labels() - 1)
                    .mapToObj(parsed::getLabel)
                    .toList();
        } catch (TextParseException e) {
            throw new AssertionError("The name " + name + " is no name", e);
        }
    }

    /** Returns whether a message contains these octets after its header, in any case. */
    private static boolean anyContains(List<byte[]> said, byte[] part) {
        return said.stream().anyMatch(message -> contains(lower(message), lower(part)));
    }

    private static byte[] lower(byte[] octets) {
        byte[] lower = octets.clone();
        for (int i = 0; i < lower.length; i++) {
            lower[i] = (byte) (lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] + ('a' - 'A') : lower[i]);
        }
        return lower;
    }

    private static boolean contains(byte[] message, byte[] part) {
        for (int at = WireNames.HEADER; at + part.length <= message.length; at++) {
            if (Arrays.equals(message, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
