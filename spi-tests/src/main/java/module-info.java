// SPDX-License-Identifier: Apache-2.0
/** Fixtures, and the conformance tests, for implementations of the Postroad interfaces. */
module org.postroad.spi.tests {
    requires transitive org.postroad.api;
    requires static org.jspecify;

    exports org.postroad.fixtures;
}
