// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustAnchorsTest {

    private static final String KSK_2017 =
            ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";
    private static final String KSK_2024 =
            ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16";

    @TempDir
    Path directory;

    @Test
    void dnssec_bothAnchorsOfTheInternetAreShipped() {
        assertThat(TrustAnchors.shipped()).isEqualTo(TrustAnchors.parse(KSK_2017 + "\n" + KSK_2024));
        assertThat(TrustAnchors.shipped().records()).hasSize(2);
    }

    @Test
    void dnssec_aFileMayHoldCommentsTtlsAndAnchorsOfOtherNames() throws IOException {
        Path file = Files.writeString(
                directory.resolve("anchors"),
                "; ours\n. 3600 IN DS (\n 20326 8 2\n"
                        + " E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D )\n"
                        + "corp.internal. IN DS 1 13 2 " + "0F".repeat(32));
        assertThat(TrustAnchors.ofFile(file.toString()).records())
                .extracting(record -> record.getName().toString() + record.getFootprint())
                .containsExactly(".20326", "corp.internal.1");
    }

    /** Unbound and others keep the key itself. */
    @Test
    void dnssec_aKeyIsAsGoodAsItsDigest() {
        SignedZone root = SignedZone.signed(".", "");
        assertThat(TrustAnchors.parse(root.key().toString()).records())
                .extracting(record -> List.of(record.getFootprint(), record.getAlgorithm(), record.getDigestID()))
                .containsExactly(List.of(root.key().getFootprint(), 13, 2));
        assertThat(TrustAnchors.parse(root.key().toString()).records().get(0).getDigest())
                .isEqualTo(root.digest().orElseThrow().getDigest());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "; nothing",
                "corp.internal. IN DS 1 13 2 00",
                ". CH DS 20326 8 2 00",
                ". IN A 192.0.2.1",
                ". IN DS 20326 8 2 XYZ",
                ". IN DS 20326",
                "$INCLUDE /etc/passwd",
                "<xml>"
            })
    void dnssec_whatIsNoAnchorIsAnError(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TrustAnchors.parse(text));
    }

    @Test
    void dnssec_aFileThatIsMissingOrNoFileIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> TrustAnchors.ofFile(directory.resolve("missing").toString()))
                .withMessageContaining("cannot be read");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustAnchors.ofFile(directory.toString()))
                .withMessageContaining("cannot be read");
    }

    @Test
    void dnssec_aFileOfThisSizeIsReadALargerOneIsNot() throws IOException {
        Path file = directory.resolve("anchors");
        String most = KSK_2017 + "\n" + ";".repeat(TrustAnchors.MAX_OCTETS - KSK_2017.length() - 1);
        Files.writeString(file, most);
        assertThat(TrustAnchors.ofFile(file.toString()).records()).hasSize(1);
        Files.writeString(file, most + ";");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrustAnchors.ofFile(file.toString()))
                .withMessageContaining("more than " + TrustAnchors.MAX_OCTETS + " octets");
    }
}
