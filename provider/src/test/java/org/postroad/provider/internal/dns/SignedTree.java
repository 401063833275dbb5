// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postroad.api.DnsAnswer;
import org.xbill.DNS.DSRecord;

/** Serves a signed root and zones below it, with settings to query them. */
final class SignedTree implements AutoCloseable {

    private static final Instant LAST_YEAR = Instant.now().minus(Duration.ofDays(365));

    static final String SECURE = """
            @ 120 MX 10 mx
            @ TXT "v=STSv1; id=1"
            mx A 192.0.2.1
            mx AAAA 2001:db8::1
            mx2 A 192.0.2.2
            _25._tcp.mx TLSA 3 1 1 00FF
            alias CNAME mx
            over CNAME mx.second.test.
            away CNAME mx.plain.test.
            lost CNAME none
            astray CNAME none.plain.test.
            tree DNAME second.test.
            """;

    final SignedZone root = SignedZone.signed(".", "");
    final SigningServer server = SigningServer.start(
            root,
            SignedZone.signed("test.", "a.b A 192.0.2.9"),
            SignedZone.signed("secure.test.", SECURE),
            SignedZone.signed("second.test.", "mx A 192.0.2.7\nback CNAME mx.secure.test."),
            SignedZone.unsigned("plain.test.", "mx A 192.0.2.8\n@ MX 10 mx\nback CNAME mx.secure.test."),
            SignedZone.signed("old.test.", LAST_YEAR, LAST_YEAR.plus(Duration.ofDays(30)), "mx A 192.0.2.3"));

    DSRecord anchor() {
        return root.digest().orElseThrow();
    }

    /** Returns settings with ample time for answers. */
    DnsSettings settings() {
        return DnsSettings.DEFAULTS
                .withServers(List.of(server.address()))
                .withTimeouts(DnsTesting.PATIENCE, DnsTesting.PATIENCE)
                .withAnchors(Optional.of(new TrustAnchors(List.of(anchor()))));
    }

    /** Returns the outcome and its security, without TTL and detail. */
    static String verdict(DnsAnswer<?> answer) {
        return outcome(answer);
    }

    private static <R> String outcome(DnsAnswer<R> answer) {
        return answer.fold(
                found -> "found " + found.records() + " " + found.security(),
                noData -> "no data " + noData.security(),
                noSuchName -> "no such name " + noSuchName.security(),
                failed -> "failed " + failed.cause());
    }

    @Override
    public void close() {
        server.close();
    }
}
