// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The suites on JUnit 5.10, the oldest supported version. */
@Timeout(300)
class OldestJUnitTest {

    @TempDir
    Path folder;

    private Console run(String... selectors) throws Exception {
        return Console.run(List.of("-D" + Options.REPORT + "=" + folder), selectors);
    }

    @Test
    void junit510_theReferencesPassAndAreReported() throws Exception {
        Console ended =
                run("--select-package=org.postroad.tck", "--include-classname=org\\.postroad\\.tck\\.Reference.*Test");
        assertThat(ended.said()).contains("0 tests failed");
        assertThat(ended.status()).as(ended.said()).isZero();
        assertThat(ended.verdicts()).hasSameSizeAs(Gallery.all()).noneMatch(line -> line.contains("partial"));
    }

    @Test
    void junit510_aBrokenImplementationFailsWithAllDetails() throws Exception {
        Console ended = run("--select-class=" + AddressOrderGallery.NamesOneTwice.class.getName());
        assertThat(ended.status()).isNotZero();
        assertThat(ended.said())
                .contains("SORT-01 (MUST)", "expected:", "observed:", "postroad-tck: 3/4 MUST")
                .doesNotContain("NoSuchMethodError", "NoClassDefFoundError");
    }
}
