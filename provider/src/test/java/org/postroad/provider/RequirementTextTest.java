// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ServiceLoader;
import net.jqwik.api.lifecycle.LifecycleHook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.Extension;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import org.postroad.tck.catalogue.Catalogue;

/** The console names the requirement that a failed test is about. */
class RequirementTextTest {

    private static final String TEXT =
            Catalogue.CURRENT.row("TRY-09").orElseThrow().text();

    @Test
    void everyTest_isCovered() {
        assertThat(ServiceLoader.load(Extension.class)).hasAtLeastOneElementOfType(RequirementText.OfTests.class);
        assertThat(ServiceLoader.load(LifecycleHook.class))
                .hasAtLeastOneElementOfType(RequirementText.OfProperties.class);
        assertThat(Path.of("src/test/resources/junit-platform.properties"))
                .content()
                .contains("junit.jupiter.extensions.autodetection.enabled=true");
    }

    @Test
    void failure_startsWithIdAndTextOfTheRequirement() {
        AssertionFailedError unequal = new AssertionFailedError("not equal", 1, 2);
        Throwable shown = RequirementText.withRequirement("TRY_09_anything", unequal);
        assertThat(shown).hasMessage("TRY-09 (MUST): " + TEXT + "\nnot equal");
        assertThat(shown.getStackTrace()).isEqualTo(unequal.getStackTrace());
        assertThat(((AssertionFailedError) shown).getExpected().getValue()).isEqualTo(1);
    }

    @Test
    void exception_isTheCause() {
        IOException broken = new IOException("broken");
        assertThat(RequirementText.withRequirement("TRY_09_anything", broken))
                .hasMessage("TRY-09 (MUST): " + TEXT + "\njava.io.IOException: broken")
                .hasCause(broken);
    }

    @Test
    void otherTestsAndSkippedOnes_keepTheirs() {
        AssertionError failure = new AssertionError("not equal");
        assertThat(RequirementText.withRequirement("send_isRefused", failure)).isSameAs(failure);
        TestAbortedException skip = new TestAbortedException("no IPv6");
        assertThat(RequirementText.withRequirement("TRY_09_anything", skip)).isSameAs(skip);
    }
}
