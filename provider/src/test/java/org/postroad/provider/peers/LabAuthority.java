// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The lab's certification authority. Only clients with {@link #trustStore()} trust the lab's servers. */
final class LabAuthority {

    static final String TRUST_STORE_PASSWORD = "postroad";

    static final int VALID_DAYS = 2;

    /** Validity, in days, of an expired certificate. */
    static final int OVER = -1;

    private final Path directory;

    LabAuthority(Path directory) {
        this.directory = directory;
        Command.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                authorityKey(),
                "-out",
                authorityCertificate(),
                "-days",
                Integer.toString(VALID_DAYS),
                "-subj",
                "/CN=Postroad lab");
        writeTrustStore();
    }

    /** Writes {@code server.key} and {@code server.pem} for a host. */
    void issue(LabHost host, Path target) {
        issue(target.resolve("server"), VALID_DAYS, host.name() + ".example");
    }

    /** Writes {@code target.key} and {@code target.pem}. The authority's certificate follows the server's. */
    void issue(Path target, int days, String... names) {
        String alternatives = Stream.of(names).map(name -> "DNS:" + name).collect(Collectors.joining(","));
        Command.run(
                "openssl",
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-subj",
                "/CN=" + names[0],
                "-addext",
                "subjectAltName=" + alternatives,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-keyout",
                target + ".key",
                "-out",
                target + ".csr");
        Command.run(
                "openssl",
                "x509",
                "-req",
                "-in",
                target + ".csr",
                "-copy_extensions",
                "copy",
                "-CA",
                authorityCertificate(),
                "-CAkey",
                authorityKey(),
                "-days",
                Integer.toString(days),
                "-out",
                target + ".pem");
        try {
            Files.writeString(
                    Path.of(target + ".pem"),
                    Files.readString(Path.of(authorityCertificate())),
                    StandardOpenOption.APPEND);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** Returns the data of a TLSA record for the key of the certificate with this name: DANE-EE, SHA-256 (RFC 6698 §2.1). */
    static String own(Path issued) {
        return "3 1 1 " + sha256(certificate(issued + ".pem").getPublicKey().getEncoded());
    }

    /** Returns the data of a TLSA record for the authority's whole certificate: DANE-TA, SHA-256. */
    String anchor() {
        try {
            return "2 0 1 " + sha256(certificate(authorityCertificate()).getEncoded());
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private static String sha256(byte[] octets) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** Returns the first certificate of the file. */
    private static Certificate certificate(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    Path trustStore() {
        return directory.resolve("trust.p12");
    }

    private void writeTrustStore() {
        try (OutputStream out = Files.newOutputStream(trustStore())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("lab", certificate(authorityCertificate()));
            store.store(out, TRUST_STORE_PASSWORD.toCharArray());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        } catch (GeneralSecurityException problem) {
            throw new IllegalStateException(problem);
        }
    }

    private String authorityKey() {
        return directory.resolve("authority.key").toString();
    }

    private String authorityCertificate() {
        return directory.resolve("authority.pem").toString();
    }
}
