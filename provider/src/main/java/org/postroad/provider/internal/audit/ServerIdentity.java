// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.postroad.api.AddressProbe;
import org.postroad.api.ProbeStep;
import org.postroad.api.Stage;
import org.postroad.api.TlsSummary;

/**
 * What one connection tells of the host at its other end.
 *
 * @param greeting the name in the greeting, lower case
 * @param certificate the beginning of the fingerprint of its certificate; "none" without TLS
 * @param extensions the keywords that it announces; "none" if there are none
 */
record ServerIdentity(String greeting, String certificate, String extensions) {

    private static final int SHOWN_FINGERPRINT = 16;
    private static final String NONE = "none";

    static ServerIdentity of(AddressProbe probe) {
        return new ServerIdentity(
                probe.steps().stream()
                        .filter(step -> step.stage() == Stage.GREETING)
                        .map(ProbeStep::text)
                        .reduce((first, later) -> later)
                        .flatMap(ServerIdentity::name)
                        .orElse("(no name)"),
                probe.tls()
                        .handshake()
                        .map(TlsSummary.Handshake::fingerprint)
                        .map(hash -> hash.substring(0, Math.min(hash.length(), SHOWN_FINGERPRINT)))
                        .orElse(NONE),
                probe.extensions().isEmpty()
                        ? NONE
                        : String.join(" ", new TreeSet<>(probe.extensions().keySet())));
    }

    /** Returns the first word after the reply code: the name of the server (RFC 5321 §4.2). */
    private static Optional<String> name(String greeting) {
        String name = greeting.replaceFirst("^\\d{3}[ -]?", "").strip().split(" ", 2)[0];
        return name.isEmpty() ? Optional.empty() : Optional.of(name.toLowerCase(Locale.ROOT));
    }
}
