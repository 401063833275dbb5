// SPDX-License-Identifier: Apache-2.0
/** Fixtures and conformance tests for implementations of the Postroad interfaces. */
module org.postroad.spi.tests {
    requires transitive org.postroad.api;
    requires transitive org.junit.jupiter.api;
    requires static org.junit.platform.launcher;
    requires static jakarta.mail;
    requires java.xml;
    requires static org.jspecify;

    exports org.postroad.fixtures;
    exports org.postroad.tck;
    exports org.postroad.tck.catalogue;

    provides org.junit.platform.launcher.TestExecutionListener with
            org.postroad.tck.report.ConformanceListener;

    opens org.postroad.tck to
            org.junit.platform.commons;
}
