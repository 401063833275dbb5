// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures are faults of the class path, and which cure their message names. */
class BrokenClassPathExceptionTest {

    @Test
    void classPath_aLinkageErrorIsFoundBehindOtherExceptions() {
        LinkageError error = new NoClassDefFoundError("org/xbill/DNS/Message");
        BrokenClassPathException found = BrokenClassPathException.causeOf(
                        new ExecutionException(new IllegalStateException(error)))
                .orElseThrow();
        assertThat(found).hasCause(error);
        assertThat(BrokenClassPathException.causeOf(new IOException(found))).containsSame(found);
    }

    @Test
    void classPath_otherFailuresAreNot() {
        Throwable circular = new IllegalStateException("a");
        circular.initCause(new IllegalStateException("b", circular));
        assertThat(BrokenClassPathException.causeOf(circular)).isEmpty();
        assertThat(BrokenClassPathException.causeOf(new OutOfMemoryError())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "org/xbill/DNS/Message, add dnsjava:dnsjava",
        "org/slf4j/LoggerFactory, add org.slf4j:slf4j-api",
        "org/eclipse/angus/activation/X, add org.eclipse.angus:angus-activation",
        "com/example/X, fix the class path of the application"
    })
    void classPath_theCureOfAMissingClassIsItsLibrary(String missing, String cure) {
        assertThat(BrokenClassPathException.of(new NoClassDefFoundError(missing)))
                .hasMessageEndingWith("; " + cure)
                .hasMessageContaining(missing);
    }

    /** The class that is missing counts, and not the one that needs it. */
    @Test
    void classPath_theLastCauseIsShown() {
        LinkageError error = new NoClassDefFoundError("org/xbill/DNS/Message");
        error.initCause(new ClassNotFoundException("org.slf4j.Logger"));
        assertThat(BrokenClassPathException.of(error))
                .hasMessageContaining("ClassNotFoundException: org.slf4j.Logger;")
                .hasMessageEndingWith("add org.slf4j:slf4j-api");
    }

    @Test
    void classPath_circularCausesEnd() {
        LinkageError error = new NoClassDefFoundError("org/xbill/DNS/Message");
        error.initCause(new IllegalStateException("b", error));
        assertThat(BrokenClassPathException.causeOf(error).orElseThrow()).hasMessageContaining("dnsjava:dnsjava");
    }

    /** A class whose initialisation failed before: the JVM gives the first error as text. */
    @Test
    void classPath_aClassThatCouldNotBeInitialisedLacksALibraryToo() {
        LinkageError error = new ExceptionInInitializerError("java.lang.NoClassDefFoundError: org/slf4j/Logger");
        assertThat(BrokenClassPathException.of(error)).hasMessageEndingWith("add org.slf4j:slf4j-api");
    }

    @Test
    void classPath_theCureOfAMissingMethodIsAnotherVersion() {
        LinkageError error = new NoSuchMethodError("'void com.github.kagkarlsson.scheduler.Scheduler.close()'");
        assertThat(BrokenClassPathException.of(error))
                .hasMessageEndingWith("use the version of com.github.kagkarlsson:db-scheduler that Postroad was built"
                        + " with, or a later one");
    }
}
