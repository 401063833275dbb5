// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postroad.api.HostName;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsFailure.Type;
import org.postroad.api.TlsaRecord;
import org.postroad.fixtures.TestCertificates;

/** Checks of certificates against TLSA records (RFC 7672), and against a trust store and a name (RFC 8461 §4.2). */
class PeerCheckTest {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final HostName HOST = HostName.parse("mx.test");
    private static final Instant SOON = Instant.now().plus(Duration.ofHours(1));
    private static final Instant PAST = Instant.now().minus(Duration.ofHours(1));

    private final PeerCheck check =
            new PeerCheck((X509TrustManager) AUTHORITY.trustManagers()[0], InstantSource.system());

    private static X509Certificate certificate(Instant until, String... names) {
        return AUTHORITY.server(until, names).certificate();
    }

    private static List<X509Certificate> chain(X509Certificate certificate) {
        return List.of(certificate, AUTHORITY.authority());
    }

    private static TlsaRecord record(int usage, int selector, int matching, X509Certificate certificate)
            throws Exception {
        byte[] selected = selector == 0
                ? certificate.getEncoded()
                : certificate.getPublicKey().getEncoded();
        byte[] data = switch (matching) {
            case 1 -> MessageDigest.getInstance("SHA-256").digest(selected);
            case 2 -> MessageDigest.getInstance("SHA-512").digest(selected);
            default -> selected;
        };
        return new TlsaRecord(usage, selector, matching, HexFormat.of().formatHex(data));
    }

    private Optional<TlsFailure> dane(TlsaRecord record, List<X509Certificate> chain) {
        return dane(Set.of(record), chain);
    }

    private Optional<TlsFailure> dane(Set<TlsaRecord> records, List<X509Certificate> chain) {
        assertThat(DaneRecords.usable(records)).isEqualTo(records);
        return check.violation(new PeerAuthentication.Dane(records, Set.of(HOST)), HOST, chain);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"})
    void dane_everySelectorAndMatchingTypeIsCompared(int selector, int matching) throws Exception {
        X509Certificate own = certificate(SOON, "mx.test");
        X509Certificate other = certificate(SOON, "mx.test");
        assertThat(dane(record(3, selector, matching, own), chain(own))).isEmpty();
        assertThat(dane(record(3, selector, matching, other), chain(own))).isPresent();
        assertThat(dane(record(2, selector, matching, AUTHORITY.authority()), chain(own)))
                .isEmpty();
        assertThat(dane(record(2, selector, matching, TestCertificates.create().authority()), chain(own)))
                .isPresent();
    }

    /** RFC 7672 §3.1.1. */
    @Test
    void dane_anEeRecordChecksNeitherNameNorDate() throws Exception {
        X509Certificate own = certificate(PAST, "elsewhere.test");
        assertThat(dane(record(3, 1, 1, own), List.of(own))).isEmpty();
    }

    /** RFC 7672 §3.1.2. */
    @Test
    void dane_aTaRecordChecksNameAndDate() throws Exception {
        TlsaRecord authority = record(2, 1, 1, AUTHORITY.authority());
        TlsFailure elsewhere =
                dane(authority, chain(certificate(SOON, "elsewhere.test"))).orElseThrow();
        assertThat(elsewhere.type()).isEqualTo(Type.CERTIFICATE_HOST_MISMATCH);
        assertThat(elsewhere.detail()).contains("elsewhere.test").contains("mx.test");
        assertThat(dane(authority, chain(certificate(PAST, "mx.test"))))
                .map(TlsFailure::type)
                .contains(Type.CERTIFICATE_EXPIRED);
        assertThat(dane(authority, chain(certificate(SOON, "*.test"))))
                .isPresent(); // a wildcard must be followed by two labels
    }

    @Test
    void dane_anyReferenceNameIsAccepted() throws Exception {
        PeerAuthentication proof = new PeerAuthentication.Dane(
                Set.of(record(2, 0, 1, AUTHORITY.authority())), Set.of(HOST, HostName.parse("example.test")));
        assertThat(check.violation(proof, HOST, chain(certificate(SOON, "example.test"))))
                .isEmpty();
    }

    @Test
    void dane_theAuthorityMustBeInTheChainOrInTheRecord() throws Exception {
        X509Certificate own = certificate(SOON, "mx.test");
        assertThat(dane(record(2, 0, 1, AUTHORITY.authority()), List.of(own))).isPresent();
        assertThat(dane(record(2, 0, 0, AUTHORITY.authority()), List.of(own))).isEmpty();
    }

    /** The CA's certificate in a chain proves nothing if it did not sign the server's certificate. */
    @Test
    void dane_anAuthorityThatDidNotSignIsRefused() throws Exception {
        X509Certificate strangers =
                TestCertificates.create().server(SOON, "mx.test").certificate();
        assertThat(dane(record(2, 0, 1, AUTHORITY.authority()), chain(strangers)))
                .isPresent();
    }

    /** The server's own certificate is not a CA, even if a record designates it as one (RFC 7671 §5.2). */
    @Test
    void dane_theServersOwnCertificateIsNotAnAuthority() throws Exception {
        X509Certificate own = certificate(SOON, "mx.test");
        assertThat(dane(record(2, 0, 1, own), chain(own)).map(TlsFailure::detail))
                .hasValueSatisfying(detail -> assertThat(detail).contains("no CA certificate in the chain"));
    }

    @Test
    void dane_datesAreComparedWithTheClock() throws Exception {
        PeerCheck later = new PeerCheck(
                (X509TrustManager) AUTHORITY.trustManagers()[0], InstantSource.fixed(SOON.plusSeconds(1)));
        PeerAuthentication proof =
                new PeerAuthentication.Dane(Set.of(record(2, 0, 1, AUTHORITY.authority())), Set.of(HOST));
        List<X509Certificate> chain = chain(certificate(SOON, "mx.test"));
        assertThat(check.violation(proof, HOST, chain)).isEmpty();
        assertThat(later.violation(proof, HOST, chain).map(TlsFailure::type)).contains(Type.CERTIFICATE_EXPIRED);
    }

    /** Records are unordered, but the text about them is always the same. */
    @Test
    void dane_theFailuresOfSeveralRecordsHaveAFixedOrder() throws Exception {
        X509Certificate elsewhere = certificate(SOON, "elsewhere.test");
        TlsaRecord authority = record(2, 0, 1, AUTHORITY.authority());
        TlsaRecord strangers = record(2, 0, 1, TestCertificates.create().authority());
        Set<TlsFailure> said = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            TlsaRecord own = new TlsaRecord(3, 1, 1, "%064x".formatted(i));
            said.add(dane(Set.of(authority, strangers, own), chain(elsewhere)).orElseThrow());
        }
        assertThat(said)
                .singleElement()
                .satisfies(failure -> assertThat(failure.detail())
                        .containsSubsequence(
                                "no TLSA record matches: ", "elsewhere.test", "; the certificate matches no"));
    }

    @Test
    void dane_oneRecordOfTwoIsEnough() throws Exception {
        X509Certificate today = certificate(SOON, "mx.test");
        X509Certificate tomorrow = certificate(SOON, "mx.test");
        Set<TlsaRecord> rollover = Set.of(record(3, 1, 1, today), record(3, 1, 1, tomorrow));
        assertThat(dane(rollover, chain(today))).isEmpty();
        assertThat(dane(rollover, chain(tomorrow))).isEmpty();
        assertThat(dane(rollover, chain(certificate(SOON, "mx.test")))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 1, 32",
        "1, 1, 1, 32",
        "4, 1, 1, 32",
        "255, 1, 1, 32", // usages not used by SMTP
        "3, 2, 1, 32",
        "3, 1, 3, 32",
        "3, 1, 255, 32", // unknown selectors and matching types
        "3, 1, 1, 31",
        "3, 1, 1, 33",
        "3, 1, 1, 0",
        "3, 1, 2, 32",
        "2, 0, 2, 63", // lengths
        "3, 1, 0, 0",
        "3, 0, 0, 5",
        "2, 0, 0, 0" // not a certificate
    })
    void dane_aRecordThatCannotBeCheckedIsUnusable(int usage, int selector, int matching, int octets) {
        assertThat(DaneRecords.usable(List.of(new TlsaRecord(usage, selector, matching, "ab".repeat(octets)))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mx.test, true",
        "MX.test, true",
        "a.mx.test, false",
        "other.test, false",
        "*.test, false",
        "m*.test, false",
        "mx.test\0.evil.example, false",
        "'', false"
    })
    void sts_theCertificateMustNameTheHost(String name, boolean good) {
        Optional<TlsFailure> objection =
                check.violation(new PeerAuthentication.Certificate(), HOST, chain(certificate(SOON, name)));
        assertThat(objection.map(TlsFailure::type))
                .isEqualTo(good ? Optional.empty() : Optional.of(Type.CERTIFICATE_HOST_MISMATCH));
    }

    @ParameterizedTest
    @CsvSource({
        "*.mx.test, a.mx.test, true",
        "*.mx.test, mx.test, false",
        "*.mx.test, b.a.mx.test, false",
        "*.*.test, a.b.test, false"
    })
    void sts_aStarIsOneLabel(String name, String host, boolean good) {
        Optional<TlsFailure> objection = check.violation(
                new PeerAuthentication.Certificate(), HostName.parse(host), chain(certificate(SOON, name)));
        assertThat(objection.map(TlsFailure::type))
                .isEqualTo(good ? Optional.empty() : Optional.of(Type.CERTIFICATE_HOST_MISMATCH));
    }

    @Test
    void sts_untrustedAndExpiredCertificatesAreRefused() {
        X509Certificate strangers =
                TestCertificates.create().server(SOON, "mx.test").certificate();
        Map.of(strangers, Type.CERTIFICATE_NOT_TRUSTED, certificate(PAST, "mx.test"), Type.CERTIFICATE_EXPIRED)
                .forEach((bad, type) -> {
                    TlsFailure failure = check.violation(new PeerAuthentication.Certificate(), HOST, List.of(bad))
                            .orElseThrow();
                    assertThat(failure.type()).isEqualTo(type);
                    assertThat(failure.detail()).contains("not trusted");
                });
    }

    @Test
    void relay_onlyThePinnedCertificateIsAccepted() throws Exception {
        X509Certificate own = certificate(PAST, "elsewhere.test");
        String shown =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(own.getEncoded()));
        String other = "ab".repeat(32);
        assertThat(check.violation(new PeerAuthentication.Pinned(shown), HOST, List.of(own)))
                .isEmpty();
        assertThat(check.violation(new PeerAuthentication.Pinned(other), HOST, List.of(own)))
                .contains(new TlsFailure(
                        Type.CERTIFICATE_NOT_TRUSTED,
                        "its certificate has the fingerprint " + shown + ", not " + other));
    }

    @Test
    void sts_aTestingPolicyIsCheckedLikeAnEnforcedOne() {
        List<X509Certificate> good = chain(certificate(SOON, "mx.test"));
        assertThat(check.violation(new PeerAuthentication.TestingOnly(true), HOST, good))
                .isEmpty();
        assertThat(check.violation(
                                new PeerAuthentication.TestingOnly(true), HOST, chain(certificate(SOON, "other.test")))
                        .map(TlsFailure::type))
                .contains(Type.CERTIFICATE_HOST_MISMATCH);
        assertThat(check.violation(new PeerAuthentication.TestingOnly(false), HOST, good))
                .contains(new TlsFailure(Type.VALIDATION_FAILURE, "the policy does not list this host"));
    }

    @Test
    void tls_theLongestAllowedChainIsChecked() throws Exception {
        X509Certificate own = certificate(SOON, "mx.test");
        assertThat(dane(record(3, 1, 1, own), Collections.nCopies(PeerCheck.MAX_CHAIN, own)))
                .isEmpty();
    }

    @Test
    void tls_aLongerChainIsRefused() {
        X509Certificate own = certificate(SOON, "mx.test");
        for (List<X509Certificate> chain :
                List.of(Collections.nCopies(PeerCheck.MAX_CHAIN + 1, own), List.<X509Certificate>of())) {
            assertThat(check.violation(new PeerAuthentication.Certificate(), HOST, chain))
                    .isPresent();
            assertThat(check.violation(PeerAuthentication.NOTHING, HOST, chain)).isEmpty();
        }
    }
}
