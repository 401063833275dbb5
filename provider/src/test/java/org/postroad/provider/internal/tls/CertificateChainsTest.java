// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.MadeCertificate;
import org.postroad.fixtures.TestCertificates;

/** Chains as real servers send them, checked against TLSA records of a CA (RFC 7672 §3.1.2). Postfix gives the same verdicts. */
class CertificateChainsTest {

    private static final HostName HOST = HostName.parse("mx.test");
    private static final Instant NOW = Instant.now();
    private static final Instant PAST = NOW.minus(Duration.ofHours(1));

    private static final MadeCertificate ROOT = MadeCertificate.root("Root");
    private static final MadeCertificate MIDDLE = ROOT.authority("Middle");
    private static final MadeCertificate LOWER = MIDDLE.authority("Lower");
    private static final MadeCertificate OTHER = MadeCertificate.root("Other");
    private static final MadeCertificate LEAF = MIDDLE.server("mx.test");
    private static final MadeCertificate DEEP = LOWER.server("mx.test");

    private static Optional<TlsFailure> objection(Set<TlsaRecord> records, X509Certificate... chain) {
        assertThat(DaneRecords.usable(records)).isEqualTo(records);
        PeerCheck check = new PeerCheck(
                (X509TrustManager) TestCertificates.create().trustManagers()[0], InstantSource.fixed(NOW));
        return check.violation(new PeerAuthentication.Dane(records, Set.of(HOST)), HOST, List.of(chain));
    }

    private static TlsaRecord record(String fields, X509Certificate certificate) {
        int[] numbers = Stream.of(fields.split(" ")).mapToInt(Integer::parseInt).toArray();
        try {
            byte[] selected = numbers[1] == 0
                    ? certificate.getEncoded()
                    : certificate.getPublicKey().getEncoded();
            byte[] data = switch (numbers[2]) {
                case 1 -> MessageDigest.getInstance("SHA-256").digest(selected);
                case 2 -> MessageDigest.getInstance("SHA-512").digest(selected);
                default -> selected;
            };
            return new TlsaRecord(
                    numbers[0], numbers[1], numbers[2], HexFormat.of().formatHex(data));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> shown() {
        return Stream.of(
                Arguments.of("in order", List.of(LEAF, MIDDLE, ROOT)),
                Arguments.of("out of order", List.of(LEAF, ROOT, MIDDLE)),
                Arguments.of("one too many before", List.of(LEAF, OTHER, MIDDLE, ROOT)),
                Arguments.of("one too many after", List.of(LEAF, MIDDLE, ROOT, OTHER)),
                Arguments.of("the server's own twice", List.of(LEAF, LEAF, MIDDLE, ROOT)),
                Arguments.of("all twice", List.of(LEAF, MIDDLE, ROOT, LEAF, MIDDLE, ROOT)),
                Arguments.of("a longer one backwards", List.of(DEEP, ROOT, MIDDLE, LOWER)));
    }

    @ParameterizedTest
    @MethodSource("shown")
    void TLS_04_aPathIsFoundInAnyChainThatContainsIt(String name, List<MadeCertificate> shown) {
        X509Certificate[] chain =
                shown.stream().map(MadeCertificate::certificate).toArray(X509Certificate[]::new);
        for (String fields : List.of("2 0 0", "2 0 1", "2 0 2", "2 1 0", "2 1 1", "2 1 2")) {
            for (MadeCertificate authority : List.of(ROOT, MIDDLE)) {
                assertThat(objection(Set.of(record(fields, authority.certificate())), chain))
                        .as(fields)
                        .isEmpty();
            }
            assertThat(objection(
                            Set.of(record(fields, MadeCertificate.root("Root").certificate())), chain))
                    .as("a stranger of the same name, " + fields)
                    .isPresent();
        }
    }

    /** RFC 7671 §5.2.2, §5.2.3: a certificate or key contained in full in the record may be missing from the chain. */
    @ParameterizedTest
    @CsvSource({"2 0 0, true", "2 1 0, true", "2 0 1, false", "2 1 1, false"})
    void TLS_04_anAuthorityOutsideTheChainMustBeCompleteInTheRecord(String fields, boolean proved) {
        assertThat(objection(Set.of(record(fields, ROOT.certificate())), LEAF.certificate(), MIDDLE.certificate())
                        .isEmpty())
                .isEqualTo(proved);
        assertThat(objection(Set.of(record(fields, MIDDLE.certificate())), LEAF.certificate())
                        .isEmpty())
                .isEqualTo(proved);
        assertThat(objection(Set.of(record(fields, ROOT.certificate())), LEAF.certificate()))
                .as("a gap between them")
                .isPresent();
    }

    @Test
    void TLS_04_theServersCertificateSentTwiceIsNotAnAuthority() {
        MadeCertificate both = MIDDLE.authority("mx.test", MadeCertificate.alternativeNames("mx.test"));
        for (MadeCertificate own : List.of(LEAF, both)) {
            Set<TlsaRecord> records = Set.of(record("2 1 1", own.certificate()), record("2 0 1", own.certificate()));
            assertThat(objection(records, own.certificate(), own.certificate(), MIDDLE.certificate()))
                    .isPresent();
        }
    }

    /** A certificate issued to a customer of the CA cannot sign others. */
    @Test
    void TLS_04_aServerCertificateIsNotAnAuthority() {
        MadeCertificate customer = MIDDLE.server("customer.test");
        MadeCertificate forged = customer.server("mx.test");
        for (MadeCertificate named : List.of(MIDDLE, customer)) {
            assertThat(objection(
                            Set.of(record("2 0 1", named.certificate())),
                            forged.certificate(),
                            customer.certificate(),
                            MIDDLE.certificate()))
                    .isPresent();
        }
    }

    @Test
    void TLS_04_aCertificateForClientsOnlyIsRefused() {
        MadeCertificate client =
                MIDDLE.issue("mx.test", MadeCertificate.alternativeNames("mx.test"), MadeCertificate.onlyForClients());
        assertThat(objection(Set.of(record("2 0 1", MIDDLE.certificate())), client.certificate(), MIDDLE.certificate()))
                .isPresent();
    }

    @Test
    void TLS_04_anExpiredIntermediateAuthorityIsNamed() {
        MadeCertificate over = ROOT.issue(MIDDLE.keys(), "Middle", PAST, MadeCertificate.isAuthority());
        Set<TlsaRecord> root = Set.of(record("2 0 1", ROOT.certificate()));
        assertThat(objection(root, LEAF.certificate(), over.certificate(), ROOT.certificate()))
                .map(TlsFailure::type)
                .contains(Type.CERTIFICATE_EXPIRED);
        assertThat(objection(root, LEAF.certificate(), over.certificate(), MIDDLE.certificate(), ROOT.certificate()))
                .as("the renewed one is shown, too")
                .isEmpty();
    }

    static Stream<byte[]> malformed() {
        return Stream.of(
                MadeCertificate.uri("http://a b/"),
                MadeCertificate.uri("relative"),
                MadeCertificate.uri("ldap:///CN=a b"),
                new byte[] {(byte) 0x87, 3, 1, 2, 3},
                MadeCertificate.generalName("b\u00fccher.test"),
                MadeCertificate.generalName("mx.test\0.evil.test"),
                MadeCertificate.generalName(""),
                new byte[] {(byte) 0xa0, 2, 1, 1},
                new byte[] {(byte) 0x88, 0},
                new byte[] {(byte) 0xa4, 1, 5});
    }

    /** RFC 5280 §4.2.1.6: a malformed entry does not affect the others, whatever its position. */
    @ParameterizedTest
    @MethodSource("malformed")
    void TLS_04_aMalformedNameDoesNotAffectOtherNames(byte[] malformed) {
        byte[] good = MadeCertificate.generalName("mx.test");
        for (byte[][] entries : new byte[][][] {{malformed, good}, {good, malformed}}) {
            MadeCertificate own = MIDDLE.issue("x", MadeCertificate.alternativeNames(entries));
            assertThat(objection(
                            Set.of(record("2 0 1", MIDDLE.certificate())), own.certificate(), MIDDLE.certificate()))
                    .isEmpty();
        }
        MadeCertificate alone = MIDDLE.issue("mx.test", MadeCertificate.alternativeNames(malformed));
        assertThat(objection(Set.of(record("2 0 1", MIDDLE.certificate())), alone.certificate(), MIDDLE.certificate()))
                .map(TlsFailure::type)
                .contains(Type.CERTIFICATE_HOST_MISMATCH);
    }

    /** The JDK has not checked names against the constraints if it could not parse them. */
    @Test
    void TLS_04_malformedNamesDoNotEscapeNameConstraints() {
        MadeCertificate constrained = ROOT.authority("Constrained", MadeCertificate.onlyBelow("example.test"));
        Set<TlsaRecord> root = Set.of(record("2 0 1", ROOT.certificate()));
        byte[] name = MadeCertificate.generalName("mx.test");
        for (byte[] names : List.of(
                MadeCertificate.alternativeNames(name),
                MadeCertificate.alternativeNames(name, MadeCertificate.uri("http://a b/")))) {
            // The common name satisfies the constraints: the JDK checks it if it finds no names.
            MadeCertificate outside = constrained.issue("mail.example.test", names);
            assertThat(objection(root, outside.certificate(), constrained.certificate(), ROOT.certificate()))
                    .isPresent();
        }
    }

    @Test
    void TLS_04_namesAreReadUpToALimit() {
        List<String> names = new ArrayList<>();
        for (int i = 1; i < AlternativeNames.MAX_ENTRIES; i++) {
            names.add("n" + i);
        }
        names.add("mx.test");
        assertThat(shownBy(names)).isEmpty();
        names.add(0, "n0");
        assertThat(shownBy(names))
                .map(TlsFailure::detail)
                .hasValueSatisfying(detail -> assertThat(detail)
                        .contains(
                                "n0, n1, ",
                                "and " + (AlternativeNames.MAX_ENTRIES - CertificateNames.MAX_SHOWN) + " more"));
    }

    private static Optional<TlsFailure> shownBy(List<String> names) {
        MadeCertificate own = MIDDLE.issue("x", MadeCertificate.alternativeNames(names.toArray(String[]::new)));
        return objection(Set.of(record("2 0 1", MIDDLE.certificate())), own.certificate(), MIDDLE.certificate());
    }

    /** RFC 7671 §9: of several digests only the strongest counts, for each usage and selector; full certificates and keys always count. */
    @Test
    void TLS_04_theStrongestDigestCounts() {
        X509Certificate[] chain = {LEAF.certificate(), MIDDLE.certificate(), ROOT.certificate()};
        for (int usage = 2; usage <= 3; usage++) {
            X509Certificate right = usage == 2 ? MIDDLE.certificate() : LEAF.certificate();
            for (int selector = 0; selector <= 1; selector++) {
                TlsaRecord wrong = record(usage + " " + selector + " 2", OTHER.certificate());
                String same = usage + " " + selector;
                assertThat(objection(Set.of(wrong, record(same + " 1", right)), chain))
                        .as(same)
                        .isPresent();
                assertThat(objection(Set.of(wrong, record(same + " 0", right)), chain))
                        .as(same)
                        .isEmpty();
                assertThat(objection(Set.of(wrong, record(usage + " " + (1 - selector) + " 1", right)), chain))
                        .as(same)
                        .isEmpty();
                X509Certificate others = usage == 2 ? LEAF.certificate() : MIDDLE.certificate();
                assertThat(objection(Set.of(wrong, record((5 - usage) + " " + selector + " 1", others)), chain))
                        .as(same)
                        .isEmpty();
                TlsaRecord tooShort = new TlsaRecord(usage, selector, 2, "ab".repeat(63));
                assertThat(DaneRecords.strongest(DaneRecords.usable(Set.of(tooShort, record(same + " 1", right)))))
                        .as("what is unusable is not published for us")
                        .hasSize(1);
            }
        }
    }

    /** RFC 6698 §1.3: the key as encoded in the certificate; the JDK adds the parameters that RFC 3279 §2.3.1 requires for RSA keys. */
    @Test
    void TLS_04_aKeyIsComparedAsEncodedInTheCertificate() throws Exception {
        byte[] usual = rsaKey().getEncoded();
        byte[] bare = withoutParameters(usual);
        PublicKey unusual = new PublicKey() {
            @Override
            public String getAlgorithm() {
                return "RSA";
            }

            @Override
            public String getFormat() {
                return "X.509";
            }

            @Override
            public byte[] getEncoded() {
                return bare.clone();
            }
        };
        X509Certificate own = MIDDLE.issue(
                        new KeyPair(unusual, LEAF.keys().getPrivate()), "mx.test", NOW.plus(Duration.ofHours(1)))
                .certificate();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bare);
        assertThat(objection(Set.of(new TlsaRecord(3, 1, 1, HexFormat.of().formatHex(digest))), own))
                .isEmpty();
        assertThat(objection(Set.of(new TlsaRecord(3, 1, 0, HexFormat.of().formatHex(bare))), own))
                .isEmpty();
        assertThat(objection(Set.of(new TlsaRecord(3, 1, 0, HexFormat.of().formatHex(usual))), own))
                .isPresent();
    }

    private static PublicKey rsaKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair().getPublic();
    }

    /** Returns the key without the NULL after the algorithm identifier; the lengths are in octets 2, 3 and 5. */
    private static byte[] withoutParameters(byte[] key) {
        ByteBuffer bare = ByteBuffer.allocate(key.length - 2);
        bare.put(key, 0, 17).put(key, 19, key.length - 19);
        bare.putShort(2, (short) (bare.capacity() - 4)).put(5, (byte) (key[5] - 2));
        return bare.array();
    }

    @Test
    void TLS_04_theNumberOfKeysTriedHasALimit() {
        TlsaRecord right = record("2 1 0", MIDDLE.certificate());
        TlsaRecord[] records = new TlsaRecord[PeerCheck.MAX_KEYS];
        Arrays.setAll(records, i -> record("2 1 0", MadeCertificate.root("x").certificate()));
        assertThat(objection(Set.of(records), LEAF.certificate())).isPresent();
        records[0] = right;
        assertThat(objection(Set.of(records), LEAF.certificate())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"2 1 0", "3 1 0", "2 0 0", "3 0 0"})
    void TLS_05_octetsAfterACertificateOrKeyMakeTheRecordUnusable(String fields) {
        TlsaRecord good = record(fields, ROOT.certificate());
        assertThat(DaneRecords.usable(Set.of(good))).hasSize(1);
        for (String data : List.of(
                good.data() + "00", good.data().substring(2), good.data().substring(0, 20))) {
            assertThat(DaneRecords.usable(
                            Set.of(new TlsaRecord(good.usage(), good.selector(), good.matchingType(), data))))
                    .isEmpty();
        }
    }
}
