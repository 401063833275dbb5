// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

/** The lab's certification authority: whoever trusts {@link #trustStore()} trusts the lab's servers, nobody else does. */
final class LabAuthority {

    static final String TRUST_STORE_PASSWORD = "postroad";

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
                "2",
                "-subj",
                "/CN=Postroad lab");
        writeTrustStore();
    }

    /** Writes {@code server.key} and {@code server.pem} for that host. */
    void issue(LabHost host, Path target) {
        String name = host.name() + ".example";
        Command.run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-CA",
                authorityCertificate(),
                "-CAkey",
                authorityKey(),
                "-days",
                "2",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=DNS:" + name,
                "-addext",
                "basicConstraints=critical,CA:FALSE",
                "-keyout",
                target.resolve("server.key").toString(),
                "-out",
                target.resolve("server.pem").toString());
    }

    Path trustStore() {
        return directory.resolve("trust.p12");
    }

    private void writeTrustStore() {
        try (InputStream certificate = Files.newInputStream(Path.of(authorityCertificate()));
                OutputStream out = Files.newOutputStream(trustStore())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "lab", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
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
