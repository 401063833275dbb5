// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs posttls-finger: Postfix's view of a domain, through the validating resolver.
 *
 * @param host the host on which it runs
 * @param directory contains its main.cf
 */
record PostTlsFinger(LabHost host, Path directory) {

    /** The protection by DANE of mail to the domain's mail exchanger. */
    enum Verdict {
        VERIFIED,
        NOT_VERIFIED,
        /** The lookup of TLSA records failed. */
        NOT_KNOWN,
        /** There are no TLSA records proved by DNSSEC, or none that can be checked. */
        NOTHING_TO_VERIFY
    }

    static PostTlsFinger on(LabHost host, Path directory) {
        LabFiles.write(directory.resolve("main.cf"), List.of("postfix-finger.cf"), Map.of());
        return new PostTlsFinger(host, directory);
    }

    Verdict look(String domain) {
        ProcessBuilder finger =
                host.command(List.of("posttls-finger", "-c", "-l", "dane", "-L", "summary,verbose", domain));
        finger.environment().put("MAIL_CONFIG", directory.toString());
        String said = Command.run(finger);
        if (said.contains("Verified TLS connection established")) {
            return Verdict.VERIFIED;
        } else if (said.contains("TLSA lookup error")) {
            return Verdict.NOT_KNOWN;
        }
        return said.contains("DNSSEC-signed TLSA record") ? Verdict.NOT_VERIFIED : Verdict.NOTHING_TO_VERIFY;
    }
}
