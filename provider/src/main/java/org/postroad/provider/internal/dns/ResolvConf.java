// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.Printable;

/**
 * The name servers of a {@code resolv.conf(5)}. Only the {@code nameserver} lines count: names are always absolute, so there is
 * no search path, and times come from {@link DnsSettings}. The file is looked at again every few seconds, and read again when it
 * has changed. Where it names no server there is none: nobody is asked that nobody named.
 */
final class ResolvConf implements ServerList.Source {

    /** How long the file is believed to be unchanged. */
    static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /** As much of the file is read. */
    static final int MAX_FILE = 65536;

    private static final int DNS_PORT = 53;

    private final Path path;
    private final InstantSource clock;
    private volatile Snapshot current;

    ResolvConf(Path path, InstantSource clock) {
        this.path = path;
        this.clock = clock;
        this.current = new Snapshot(Optional.empty(), none(path, "not looked at yet"), Instant.MIN);
    }

    @Override
    public ServerList servers() {
        Snapshot known = current;
        Instant now = clock.instant();
        if (now.isBefore(known.nextCheck())) {
            return known.list();
        }
        Snapshot fresh = look(known, now.plus(CHECK_INTERVAL));
        current = fresh;
        return fresh.list();
    }

    /** By which a change is noticed. */
    private record Stamp(FileTime modified, long size, Optional<Object> fileKey) {}

    private record Snapshot(Optional<Stamp> stamp, ServerList list, Instant nextCheck) {}

    private Snapshot look(Snapshot known, Instant nextCheck) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            Optional<Stamp> stamp = Optional.of(new Stamp(
                    attributes.lastModifiedTime(), attributes.size(), Optional.ofNullable(attributes.fileKey())));
            if (known.stamp().equals(stamp)) {
                return new Snapshot(stamp, known.list(), nextCheck);
            }
            try (InputStream in = Files.newInputStream(path)) {
                String text = new String(in.readNBytes(MAX_FILE), StandardCharsets.ISO_8859_1);
                return new Snapshot(stamp, parse(text, path), nextCheck);
            }
        } catch (NoSuchFileException e) {
            return new Snapshot(Optional.empty(), none(path, "the file does not exist"), nextCheck);
        } catch (IOException e) {
            return new Snapshot(
                    Optional.empty(), none(path, "the file cannot be read: " + Printable.describe(e)), nextCheck);
        }
    }

    /** Lines that cannot be understood are left out; they are named only where they leave us without any server. */
    static ServerList parse(String text, Path path) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> strange = new ArrayList<>();
        for (String line : text.split("\\R")) {
            String[] words = line.split("[ \t]+");
            if (!words[0].equals("nameserver") || servers.size() == DnsSettings.MAX_SERVERS) {
                continue;
            }
            Optional<InetAddress> address = words.length < 2 ? Optional.empty() : address(words[1]);
            address.ifPresentOrElse(
                    known -> servers.add(new InetSocketAddress(known, DNS_PORT)),
                    () -> strange.add(Printable.quote(line)));
        }
        if (!servers.isEmpty()) {
            return new ServerList(servers, "");
        }
        return none(path, strange.isEmpty() ? "the file names none" : "not understood: " + String.join(", ", strange));
    }

    private static ServerList none(Path path, String why) {
        return new ServerList(List.of(), "no nameserver in " + path + ": " + why);
    }

    /** An address, with a scope where it needs one ({@code fe80::1%eth0}, RFC 4007 §11); no name is looked up. */
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
