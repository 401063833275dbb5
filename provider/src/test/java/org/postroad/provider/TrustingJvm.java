// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.fixtures.TestCertificates;

/** Separate JVM that trusts the authority of a test, because the trust store applies to a whole JVM. */
final class TrustingJvm {

    private static final String TRUST_STORE = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "not a secret";

    private TrustingJvm() {}

    /**
     * Runs a main program whose first step is {@link #trust}. Returns the outcome of each scenario, which it prints in lines of a name, a
     * colon and the outcome.
     */
    static Map<String, String> outcomes(Class<?> main, Path directory, String... options) throws Exception {
        String store = "-D" + TRUST_STORE + "=" + directory.resolve("trusted.p12");
        String[] all = Stream.concat(Stream.of(store), Stream.of(options)).toArray(String[]::new);
        Process process = new ProcessBuilder(ChildJvm.command(main, all))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    /** Called in that program before the trust store is first used. */
    static void trust(TestCertificates authority) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", authority.authority());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        try (OutputStream out = Files.newOutputStream(Path.of(System.getProperty(TRUST_STORE)))) {
            trusted.store(out, PASSWORD.toCharArray());
        }
    }
}
