// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.TrustAnchors;

/** Reads {@code dns.*}, except for {@code dns.a6} (routing) and {@code dns.resolver} (a plug-in). */
final class DnsReader {

    private static final int PORT = 53;
    private static final int MAX_PORT = 65535;

    private DnsReader() {}

    static DnsSettings read(PropertyReader in) {
        DnsSettings standard = DnsSettings.DEFAULTS;
        Duration timeout = in.timeOut("dns.timeout", standard.timeout());
        Optional<TrustAnchors> anchors = in.value("dns.trustanchors", TrustAnchors.ALLOWED, TrustAnchors::ofFile);
        return standard.withServers(servers(in))
                .withTimeouts(timeout, standard.tryTimeout())
                .withTrustAd(in.list(
                        "dns.trustad",
                        "IP addresses",
                        text -> IpAddress.parse(text).toInetAddress()))
                .withProbe(in.value(
                        "dns.probe",
                        "a host name below an unsigned domain, for which the resolver has a trust anchor that matches nothing",
                        HostName::parse))
                .withAnchors(
                        in.flag("dns.validate", false)
                                ? anchors.or(() -> Optional.of(TrustAnchors.shipped()))
                                : Optional.empty());
    }

    private static List<InetSocketAddress> servers(PropertyReader in) {
        String allowed = "up to " + DnsSettings.MAX_SERVERS + " addresses such as 127.0.0.1:53 or [::1]:53";
        List<InetSocketAddress> servers = in.list("dns.servers", allowed, DnsReader::server);
        return servers.size() > DnsSettings.MAX_SERVERS
                ? PropertyReader.reject("dns.servers", servers.size() + " addresses", allowed)
                : servers;
    }

    private static InetSocketAddress server(String text) {
        int close = text.lastIndexOf(']');
        boolean bareV6 = close < 0 && text.indexOf(':') != text.lastIndexOf(':');
        int colon = bareV6 ? -1 : text.indexOf(':', close + 1);
        Host host = Host.parse(colon < 0 ? text : text.substring(0, colon));
        int port = colon < 0 ? PORT : port(text.substring(colon + 1));
        return host.fold(
                name -> {
                    throw new IllegalArgumentException(
                            "a name server is given by its address, not by the name " + name);
                },
                address -> new InetSocketAddress(address.toInetAddress(), port));
    }

    private static int port(String text) {
        return PropertyReader.number(text, 1, MAX_PORT)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the port " + Printable.quote(text) + " is not a number from 1 to " + MAX_PORT));
    }
}
