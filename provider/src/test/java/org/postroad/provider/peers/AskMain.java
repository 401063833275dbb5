// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.RecordType;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.provider.internal.dns.TrustAnchors;

/**
 * Queries DNS for the addresses and texts of names: {@code AskMain server anchors name...}. If anchors is a file, it validates; if it is
 * {@code -}, it trusts the server. Prints a line {@code name type kind security} for each query.
 */
final class AskMain {

    private static final int PORT = 53;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private AskMain() {}

    public static void main(String[] arguments) throws Exception {
        InetAddress server = InetAddress.getByName(arguments[0]);
        DnsSettings settings = DnsSettings.DEFAULTS.withServers(List.of(new InetSocketAddress(server, PORT)));
        boolean believing = arguments[1].equals("-");
        try (DnsjavaMailDns dns = new DnsjavaMailDns(
                believing
                        ? settings.withTrustAd(List.of(server))
                        : settings.withAnchors(Optional.of(TrustAnchors.ofFile(arguments[1]))))) {
            for (String name : List.of(arguments).subList(2, arguments.length)) {
                for (RecordType<?> type : List.of(RecordType.A, RecordType.TXT)) {
                    DnsAnswer<?> answer = dns.query(HostName.parse(name), type, Deadline.after(LIMIT));
                    System.out.println(name + " " + type + " " + describe(answer));
                }
            }
        }
    }

    private static String describe(DnsAnswer<?> answer) {
        return answer.fold(
                found -> "found " + found.security(),
                noData -> "no data " + noData.security(),
                noSuchName -> "no such name " + noSuchName.security(),
                failed -> "failed");
    }
}
