// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A trust store that cannot be opened or is empty: mail without verification is sent; other mail fails with the cause and the fix. */
@Timeout(180)
class TrustStoreTest {

    private static final String PASSWORD = "not a secret";

    @TempDir
    Path directory;

    private Path store() throws Exception {
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        Path file = directory.resolve("trusted.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            empty.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static Map<String, String> outcomes(String... options) throws Exception {
        Process process = new ProcessBuilder(ChildJvm.command(TrustStoreScenarios.class, options))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines()
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }

    private static void assertOnlyWhatVerifiesFails(Map<String, String> outcomes, String cause) {
        assertThat(outcomes.get("opportunistic")).isEqualTo("sent, encrypted true");
        assertThat(outcomes.get("dane")).isEqualTo("sent, encrypted true");
        assertThat(outcomes.get("policy")).as("cannot be fetched").isEqualTo("sent, encrypted true");
        for (String verifying : List.of("requiretls", "relay")) {
            assertThat(outcomes.get(verifying))
                    .as(verifying)
                    .startsWith("MxSendFailedException: ")
                    .contains("the trust store of this JVM", cause, "set javax.net.ssl.trustStore")
                    .contains("4.7.5")
                    .doesNotContain("RuntimeException");
        }
    }

    @Test
    void tls_aTrustStoreThatCannotBeOpenedAffectsOnlyMailThatNeedsIt() throws Exception {
        Path file = store();
        assertOnlyWhatVerifiesFails(
                outcomes(
                        "-Djavax.net.ssl.trustStore=" + file,
                        "-Djavax.net.ssl.trustStoreType=PKCS12",
                        "-Djavax.net.ssl.trustStorePassword=another"),
                "cannot be");
    }

    @Test
    void tls_anEmptyTrustStoreAffectsOnlyMailThatNeedsIt() throws Exception {
        assertOnlyWhatVerifiesFails(
                outcomes(
                        "-Djavax.net.ssl.trustStore=" + store(),
                        "-Djavax.net.ssl.trustStoreType=PKCS12",
                        "-Djavax.net.ssl.trustStorePassword=" + PASSWORD),
                "is empty");
    }
}
