// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Family;

/** Starts Exim, the second MTA. Its Debian package conflicts with Postfix's, so {@code .ci/run} only unpacks it. */
final class Exim {

    /** The user that the binary requires. */
    static final String USER = "Debian-exim";

    private static final Path UNPACKED = Path.of("/opt/postroad-lab/usr/sbin/exim4");
    private static final int SMTP_PORT = 25;

    private Exim() {}

    static Optional<Path> find() {
        return UNPACKED.toFile().canExecute() ? Optional.of(UNPACKED) : Command.find("exim4");
    }

    static MailServer startExchanger(LabHost host, Path directory) {
        Maildir mail = new Maildir(directory.resolve("inbox"), USER);
        Command.run("chown", USER, directory.toString());
        String program = find().orElseThrow().toString();
        Map<String, String> values = Map.of(
                "host", host.name(),
                "directory", directory.toString(),
                "program", program,
                "disable-ipv6", Boolean.toString(!host.has(Family.IPV6)));
        Path configuration = LabFiles.write(directory.resolve("exim.conf"), List.of("exim.conf"), values);
        LabProcess process = LabProcess.start(
                host, SMTP_PORT, directory.resolve("output"), List.of(program, "-C", configuration.toString(), "-bdf"));
        return new MailServer(host, mail, process);
    }
}
