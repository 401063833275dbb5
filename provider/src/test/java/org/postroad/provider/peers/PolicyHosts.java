// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The policy hosts of MTA-STS, served by one nginx. */
final class PolicyHosts {

    private static final int HTTPS_PORT = 443;

    /** The policies by domain below {@code signed.test}. */
    private static final Map<String, String> POLICIES = Map.of(
            "sts", policy("enforce", "mx.sts.signed.test"),
            "sts-other-host", policy("enforce", "*.elsewhere.test"),
            "sts-other-name", policy("enforce", "mx.sts-other-name.signed.test"),
            "sts-testing", policy("testing", "mx.sts-other-name.signed.test"),
            "sts-stripped", policy("enforce", "*.sts-stripped.signed.test", "mx.sts-stripped.signed.test"));

    private PolicyHosts() {}

    static LabProcess start(LabHost host, Path directory, LabAuthority authority) {
        String[] names = POLICIES.keySet().stream().map(PolicyHosts::name).toArray(String[]::new);
        authority.issue(directory.resolve("server"), LabAuthority.VALID_DAYS, names);
        POLICIES.forEach(
                (domain, policy) -> write(directory.resolve(name(domain)).resolve(".well-known/mta-sts.txt"), policy));
        Path configuration = LabFiles.write(
                directory.resolve("nginx.conf"), List.of("nginx.conf"), Map.of("directory", directory.toString()));
        return LabProcess.start(
                host, HTTPS_PORT, directory.resolve("output"), List.of("nginx", "-c", configuration.toString()));
    }

    private static String name(String domain) {
        return "mta-sts." + domain + ".signed.test";
    }

    private static String policy(String mode, String... exchangers) {
        StringBuilder policy = new StringBuilder("version: STSv1\r\nmode: " + mode + "\r\n");
        for (String exchanger : exchangers) {
            policy.append("mx: ").append(exchanger).append("\r\n");
        }
        return policy.append("max_age: 86400\r\n").toString();
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
