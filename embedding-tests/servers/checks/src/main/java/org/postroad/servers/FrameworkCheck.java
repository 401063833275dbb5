// SPDX-License-Identifier: Apache-2.0
package org.postroad.servers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is checked in each framework: start its application, send directly and through the queue, commit and roll back where there are
 * transactions, stop it as an administrator does. It then logs no error.
 *
 * @param directory of the process
 * @param ready a text in the line that the framework writes when it has started
 * @param prefix in front of the names of settings
 * @param transactions whether the framework has JTA transactions
 */
public record FrameworkCheck(Path directory, String ready, String prefix, boolean transactions) {

    /**
     * Runs the check.
     *
     * @param port the port that the arguments contain
     * @param arguments of {@code java}; the settings of Postroad are added in front, as system properties
     */
    public ServerCheck.Result check(SmallInternet internet, int port, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        internet.settings().forEach((name, value) -> all.add("-D" + prefix + name + "=" + value));
        all.addAll(arguments);
        ServerCheck check = new ServerCheck(internet, transactions, true, Optional.empty());
        ServerProcess process = ServerProcess.start(directory, Map.of(), all);
        try (process) {
            process.await(ready);
            check.send(URI.create("http://127.0.0.1:" + port), "");
        }
        assertThat(process.linesWith("ERROR")).isEmpty();
        assertThat(process.linesWith("Exception")).isEmpty();
        return check.result("stopped without an error");
    }
}
