// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;

/**
 * Parses a {@code resolv.conf(5)} as glibc does: the {@code nameserver} lines, and those {@code options} that change how a stub resolver
 * queries. The search path and its options are ignored, since names are always absolute.
 *
 * <p>A file without {@code nameserver} lines stands for the server on this host, as in glibc and musl. A file whose {@code nameserver}
 * lines are all invalid does not: there are no servers then.
 */
final class ResolvConfText {

    /** Limits of glibc (RES_MAXRETRANS, RES_MAXRETRY): the longest try in seconds, and the maximum number of rounds. */
    private static final int MAX_SECONDS = 30;

    private static final int MAX_ATTEMPTS = 5;

    private static final int DNS_PORT = 53;

    /**
     * Options that change nothing here: absolute names have no search path, EDNS is always used, and each query has its own socket. The
     * others are obsolete or for debugging.
     */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "debug",
            "edns0",
            "inet6",
            "insecure1",
            "insecure2",
            "ip6-bytestring",
            "ip6-dotint",
            "no-check-names",
            "no-ip6-dotint",
            "no-tld-query",
            "single-request",
            "single-request-reopen");

    private final List<InetSocketAddress> servers = new ArrayList<>();
    private final List<String> strange = new ArrayList<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private ServerList.Options options = ServerList.Options.NONE;

    private ResolvConfText() {}

    /** The servers and options, and warnings about entries without effect. */
    record Parsed(ServerList list, List<String> warnings) {}

    static Parsed parse(String text, Path path) {
        ResolvConfText read = new ResolvConfText();
        text.lines().forEach(read::line);
        return new Parsed(read.list(path), List.copyOf(read.warnings));
    }

    /** Returns the server on this host, for a file that lists none. */
    static ServerList loopback(Path path, String why, ServerList.Options options) {
        InetAddress ownHost = IpAddress.parse("127.0.0.1").toInetAddress();
        return new ServerList(
                List.of(new InetSocketAddress(ownHost, DNS_PORT)),
                "no nameserver in " + path + ": " + why + ", so the server on this host is used",
                options);
    }

    static ServerList none(Path path, String why) {
        return new ServerList(List.of(), "no nameserver in " + path + ": " + why);
    }

    private ServerList list(Path path) {
        if (!servers.isEmpty()) {
            return new ServerList(servers, "", options);
        }
        return strange.isEmpty()
                ? loopback(path, "the file lists none", options)
                : none(path, "not understood: " + String.join(", ", strange));
    }

    /** As in glibc, a keyword counts only at the beginning of a line, so comments need no special treatment. */
    private void line(String line) {
        String[] words = line.split("[ \t]+");
        switch (words.length == 0 ? "" : words[0]) { // a line of spaces has no words
            case "nameserver" -> nameserver(line, words);
            case "options" -> {
                for (int i = 1; i < words.length; i++) {
                    option(words[i]);
                }
            }
            case "sortlist" ->
                warnings.add("sortlist has no effect: the order of addresses is that of RFC 6724, or of addressorder");
            default -> {
                // A comment, the search path, or a line that glibc ignores as well.
            }
        }
    }

    private void nameserver(String line, String[] words) {
        if (servers.size() == DnsSettings.MAX_SERVERS) {
            return;
        }
        Optional<InetAddress> address = words.length < 2 ? Optional.empty() : address(words[1]);
        address.ifPresentOrElse(
                known -> servers.add(new InetSocketAddress(known, DNS_PORT)), () -> strange.add(Printable.quote(line)));
    }

    private void option(String word) {
        int colon = word.indexOf(':');
        switch (colon < 0 ? word : word.substring(0, colon + 1)) {
            case "trust-ad" -> options = options.withTrustAd();
            case "use-vc" -> options = options.withTcp();
            case "rotate" -> options = options.withRotate();
            case "timeout:" ->
                number(word, MAX_SECONDS)
                        .ifPresent(seconds -> options = options.withTryTimeout(Duration.ofSeconds(seconds)));
            case "attempts:" -> number(word, MAX_ATTEMPTS).ifPresent(number -> options = options.withRounds(number));
            case "ndots:" -> {
                // Belongs to the search path.
            }
            case "no-aaaa" ->
                warnings.add(
                        "options no-aaaa has no effect: both families are queried, so that a host without addresses can be"
                                + " distinguished from one that cannot be reached; families=ipv4 sends over IPv4 only");
            case "no-reload" ->
                warnings.add("options no-reload has no effect: the file is read again when it has changed");
            default -> {
                if (!WITHOUT_EFFECT.contains(word)) {
                    warnings.add("options " + Printable.quote(word) + " is not known");
                }
            }
        }
    }

    /** Returns a number from 1 to the maximum. Larger numbers are reduced to it, as in glibc. */
    private OptionalInt number(String word, int most) {
        String digits = word.substring(word.indexOf(':') + 1);
        boolean isNumber = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber) {
            warnings.add("options " + Printable.quote(word) + " is not understood: a number from 1 to " + most
                    + " is expected");
            return OptionalInt.empty();
        }
        int value = digits.length() > 9 ? most : Integer.parseInt(digits);
        return OptionalInt.of(Math.max(1, Math.min(value, most)));
    }

    /** Parses an IP address, optionally with a scope ({@code fe80::1%eth0}, RFC 4007 §11). Host names are not resolved. */
    private static Optional<InetAddress> address(String text) {
        int percent = text.indexOf('%');
        Optional<IpAddress> address = IpAddress.tryParse(percent < 0 ? text : text.substring(0, percent));
        if (address.isEmpty() || percent < 0) {
            return address.map(IpAddress::toInetAddress);
        }
        return address.filter(scoped -> scoped.family() == Family.IPV6)
                .flatMap(scoped -> withScope(scoped, text.substring(percent + 1)));
    }

    private static Optional<InetAddress> withScope(IpAddress address, String scope) {
        try {
            boolean numeric =
                    !scope.isEmpty() && scope.length() < 10 && scope.chars().allMatch(c -> c >= '0' && c <= '9');
            NetworkInterface named = numeric ? null : NetworkInterface.getByName(scope);
            if (numeric) {
                return Optional.of(Inet6Address.getByAddress(null, address.octets(), Integer.parseInt(scope)));
            }
            return named == null
                    ? Optional.empty()
                    : Optional.of(Inet6Address.getByAddress(null, address.octets(), named));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
