// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Missing IPv6 is an error of the machine, unless the run declares it absent; then the report shows that. */
@Timeout(300)
class MissingIpv6Test {

    private static final Class<?> SUBJECT = ReferenceConnectorTest.class;

    @TempDir
    Path folder;

    private Console withoutIpv6(String... more) throws Exception {
        List<String> options =
                new ArrayList<>(List.of("-Djava.net.preferIPv4Stack=true", "-D" + Options.REPORT + "=" + folder));
        options.addAll(List.of(more));
        return Console.run(options, "--select-class=" + SUBJECT.getName());
    }

    private String page() throws Exception {
        return Files.readString(folder.resolve(SUBJECT.getName()).resolve("report.md"));
    }

    @Test
    void ipv6_missingIsAFailure() throws Exception {
        Console ended = withoutIpv6();
        assertThat(ended.status()).isNotZero();
        assertThat(ended.said()).contains("java.net.preferIPv4Stack=true", "-D" + Options.IPV6 + "=absent");
    }

    @Test
    void ipv6_declaredAbsentIsSkippedAndReported() throws Exception {
        Console ended = withoutIpv6("-D" + Options.IPV6 + "=absent");
        assertThat(ended.status()).as(ended.said()).isZero();
        assertThat(page()).contains("IPv6 is declared absent", "This machine has no IPv6");
    }
}
