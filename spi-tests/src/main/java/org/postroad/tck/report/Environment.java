// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck.report;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postroad.tck.Options;
import org.postroad.tck.catalogue.Catalogue;

/** The environment of a run. */
final class Environment {

    private Environment() {}

    /** Returns names and values. */
    static Map<String, String> current() {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put(
                "Tests",
                "postroad-spi-tests " + version(Options.class, "(not packaged)") + ", catalogue "
                        + Catalogue.CURRENT.hash());
        lines.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        lines.put(
                "Operating system",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        lines.put("Families", Options.ipv6Absent() ? "IPv4; IPv6 is declared absent" : "IPv4 and IPv6");
        lines.put("JUnit", version(Test.class, "unknown"));
        return lines;
    }

    private static String version(Class<?> type, String otherwise) {
        return Optional.ofNullable(type.getModule().getDescriptor())
                .flatMap(java.lang.module.ModuleDescriptor::rawVersion)
                .or(() -> Optional.ofNullable(type.getPackage().getImplementationVersion()))
                .orElse(otherwise);
    }
}
