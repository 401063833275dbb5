// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.internal.dns.DnsTesting.ask;
import static org.postroad.provider.internal.dns.SignedTree.verdict;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.dns.SigningServer.Trick;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNSKEYRecord;
import org.xbill.DNS.DNSSEC;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.RRset;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The cost of zones that are made expensive to validate (CVE-2023-50387, CVE-2023-50868), in signature checks and hashes. */
@Isolated
class HostileZoneTest {

    /** Signature checks for a name in a zone whose keys are cached: the answer, the keys of the root, and DS and DNSKEY at two levels. */
    private static final int CHAIN = 8;

    private static final int SETS = 30;

    private final SignedZone evil = SignedZone.signed("evil.test.", "mx A 192.0.2.1\nother A 192.0.2.2");
    private final SignedZone root = SignedZone.signed(".", "");
    private final SigningServer server = SigningServer.start(root, SignedZone.signed("test.", ""), evil);
    private final DnsjavaMailDns dns = dns(server, root);
    private CryptoCounter counter;

    private static DnsjavaMailDns dns(SigningServer server, SignedZone root) {
        return new DnsjavaMailDns(DnsSettings.DEFAULTS
                .withServers(List.of(server.address()))
                .withTimeouts(DnsTesting.PATIENCE, DnsTesting.PATIENCE)
                .withAnchors(Optional.of(new TrustAnchors(List.of(root.digest().orElseThrow())))));
    }

    @BeforeEach
    void count() throws InterruptedException {
        assertThat(verdict(ask(dns, "other.evil.test", RecordType.A))).isEqualTo("found [192.0.2.2] SECURE");
        counter = CryptoCounter.start();
    }

    @AfterEach
    void close() {
        counter.close();
        dns.close();
        server.close();
    }

    @Test
    void limit_anOrdinaryAnswerIsWithinTheLimits() throws InterruptedException {
        assertThat(verdict(ask(dns, "mx.evil.test", RecordType.A))).isEqualTo("found [192.0.2.1] SECURE");
        assertThat(counter.signatures()).isBetween(1, CHAIN);
    }

    /** Signatures by the zone's key, all of them invalid. */
    @ParameterizedTest
    @ValueSource(
            ints = {ValidatorInput.MAX_SIGNATURES, ValidatorInput.MAX_SIGNATURES + 1, AnswerParser.MAX_RECORDS_OF_TYPE})
    void limit_signaturesOfOneSet(int signatures) throws InterruptedException {
        server.trick("mx.evil.test.", Type.A, changing(truth -> {
            RRSIGRecord real = signature(truth, Section.ANSWER);
            truth.removeRecord(real, Section.ANSWER);
            forged(real, signatures).forEach(each -> truth.addRecord(each, Section.ANSWER));
            return truth;
        }));
        assertThat(verdict(ask(dns, "mx.evil.test", RecordType.A))).isEqualTo("failed BOGUS");
        assertThat(counter.signatures())
                .isBetween(ValidatorInput.MAX_SIGNATURES, ValidatorInput.MAX_SIGNATURES + CHAIN);
    }

    /** In each set, only the last signature is valid. */
    @Test
    void limit_signaturesOfOneMessage() throws InterruptedException {
        server.trick("none.evil.test.", Type.A, changing(this::addDearDenials));
        assertThat(verdict(ask(dns, "none.evil.test", RecordType.A))).isEqualTo("no such name SECURE");
        assertThat(counter.signatures())
                .isBetween(SETS * ValidatorInput.MAX_SIGNATURES, SETS * ValidatorInput.MAX_SIGNATURES + CHAIN);
    }

    @Test
    void limit_signaturesOfOneProof() throws InterruptedException {
        server.trickForAll(changing(this::addDearDenials));
        try (DnsjavaMailDns withoutKeys = dns(server, root)) {
            assertThat(ask(withoutKeys, "none.evil.test", RecordType.A)
                            .failure()
                            .orElseThrow()
                            .detail())
                    .contains("its proof would need more than 400 signatures");
        }
        assertThat(counter.signatures()).isLessThanOrEqualTo(ProofSearch.MAX_SIGNATURES + CHAIN);
    }

    private Message addDearDenials(Message truth) {
        for (int i = 0; i < SETS; i++) {
            Name owner = SignedZone.name("a" + i + ".evil.test.");
            Record denial = new NSECRecord(owner, DClass.IN, 300, SignedZone.name("z.evil.test."), new int[] {1});
            List<Record> signed = evil.signed(new RRset(denial));
            truth.addRecord(denial, Section.AUTHORITY);
            forged((RRSIGRecord) signed.get(1), ValidatorInput.MAX_SIGNATURES - 1)
                    .forEach(each -> truth.addRecord(each, Section.AUTHORITY));
            truth.addRecord(signed.get(1), Section.AUTHORITY);
        }
        return truth;
    }

    /** Uses TCP for messages that do not fit into a datagram. */
    private Trick changing(UnaryOperator<Message> change) {
        return truth -> {
            boolean overTcp =
                    server.questions().get(server.questions().size() - 1).endsWith("TCP");
            return Optional.of(change.apply(truth).toWire(overTcp ? 0xffff : DnsQuery.UDP_SIZE));
        };
    }

    /** All keys have the same tag: trying each signature with each key would take very long. */
    @ParameterizedTest
    @CsvSource({
        ValidatorInput.MAX_KEYS - 1 + ", found [192.0.2.1] SECURE",
        ValidatorInput.MAX_KEYS + ", failed MALFORMED",
        AnswerParser.MAX_RECORDS_OF_TYPE - 1 + ", failed MALFORMED"
    })
    void limit_keysOfAZone(int more, String verdict) throws InterruptedException {
        // The zone's own key does not exist before the zone is created, so these keys share a tag of their own.
        String keys = IntStream.range(0, more)
                .mapToObj(i -> "@ DNSKEY 256 3 13 " + Base64.getEncoder().encodeToString(key(i)))
                .collect(Collectors.joining("\n"));
        SignedZone many = SignedZone.signed("many.", keys + "\nmx A 192.0.2.1");
        SignedZone top = SignedZone.signed(".", "");
        try (SigningServer other = SigningServer.start(top, many);
                DnsjavaMailDns asking = dns(other, top)) {
            assertThat(verdict(ask(asking, "mx.many", RecordType.A))).isEqualTo(verdict);
            assertThat(counter.signatures()).isLessThanOrEqualTo(2 * CHAIN);
        }
    }

    /** The same 16-bit words in another order have the same sum, hence the same tag. */
    private static byte[] key(int number) {
        byte[] key = new byte[64];
        key[2 * (number % 32)] = 1;
        key[2 * (number / 32) + 1] = 1;
        return key;
    }

    @ParameterizedTest
    @CsvSource({"8, 512, true", "9, 512, false", "8, 513, false", "0, 512, false"})
    void limit_sizeOfRsaKeys(int exponent, int modulus, boolean taken) {
        byte[] octets = new byte[1 + exponent + modulus];
        octets[0] = (byte) exponent;
        Name zone = SignedZone.name("rsa.test.");
        Message query = Message.newQuery(Record.newRecord(zone, Type.DNSKEY, DClass.IN));
        Message answer = FailClosedResolver.reply(query);
        answer.addRecord(
                new DNSKEYRecord(zone, DClass.IN, 300, 256, 3, DNSSEC.Algorithm.RSASHA256, octets), Section.ANSWER);
        assertThat(ValidatorInput.of(query, answer).isPresent()).isEqualTo(taken);
    }

    /**
     * A deep name: each label could be the end of a name in the zone. The validator computes at most 150 iterations for keys of this kind.
     */
    @ParameterizedTest
    @CsvSource({"0, 8", "150, 1208", "151, 0", "65535, 0"})
    void limit_hashesOfOneMessage(int iterations, int most) throws InterruptedException {
        String deep = "a.".repeat(100) + "evil.test";
        server.trick(deep + ".", Type.A, changing(truth -> {
            truth.removeAllRecords(Section.AUTHORITY);
            for (int i = 0; i < SETS; i++) {
                Name owner = SignedZone.name(String.format("%032d", i) + ".evil.test.");
                RRset denial = new RRset(new NSEC3Record(
                        owner, DClass.IN, 300, 1, 0, iterations, new byte[1], new byte[20], new int[] {Type.A}));
                evil.signed(denial).forEach(each -> truth.addRecord(each, Section.AUTHORITY));
            }
            return truth;
        }));
        ask(dns, deep, RecordType.A);
        assertThat(counter.digests()).isEqualTo(most);
    }

    /** The maximum that the validator computes for keys of the largest size, in one zone after another. */
    @Test
    void limit_hashesOfOneProof() {
        Message query = Message.newQuery(Record.newRecord(SignedZone.name("mx.evil.test."), Type.A, DClass.IN));
        Message answer = FailClosedResolver.reply(query);
        RRset denial = new RRset(new NSEC3Record(
                SignedZone.name("0.evil.test."), DClass.IN, 300, 1, 0, 2_500, new byte[0], new byte[20], new int[0]));
        evil.signed(denial).forEach(each -> answer.addRecord(each, Section.AUTHORITY));
        int hashes = ValidatorInput.of(query, answer).orElseThrow().hashes();
        assertThat(hashes).isEqualTo(8 * 2_501).isLessThan(ProofSearch.MAX_HASHES);
    }

    private static RRSIGRecord signature(Message message, int section) {
        return message.getSection(section).stream()
                .filter(RRSIGRecord.class::isInstance)
                .map(RRSIGRecord.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static List<RRSIGRecord> forged(RRSIGRecord real, int count) {
        List<RRSIGRecord> forged = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] octets = real.getSignature().clone();
            octets[0] = (byte) (1 + i);
            octets[1] = (byte) (1 + i / 0x7f);
            octets[40] ^= 1;
            Instant until = Instant.now().plus(Duration.ofHours(1));
            forged.add(new RRSIGRecord(
                    real.getName(),
                    DClass.IN,
                    real.getTTL(),
                    real.getTypeCovered(),
                    real.getAlgorithm(),
                    real.getOrigTTL(),
                    until,
                    real.getTimeSigned(),
                    real.getFootprint(),
                    real.getSigner(),
                    octets));
        }
        return forged;
    }
}
