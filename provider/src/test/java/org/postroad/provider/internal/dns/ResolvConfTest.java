// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.LogTap;

/** Reading of {@code resolv.conf}. */
class ResolvConfTest {

    private static final Path PATH = Path.of("resolv.conf");

    private static final InetSocketAddress OWN_HOST = DnsTesting.server("127.0.0.1");

    @TempDir
    private Path directory;

    @Test
    void resolvConf_nameserverLinesAreRead() {
        ServerList list = parse("""
                # nameserver 192.0.2.99
                ; nameserver 192.0.2.98
                search example.test
                nameserver 192.0.2.1
                nameserver\t2001:db8::53   # the second
                nameserverx 192.0.2.97
                """);
        assertThat(list.servers()).containsExactly(DnsTesting.server("192.0.2.1"), DnsTesting.server("2001:db8::53"));
        assertThat(list.problem()).isEmpty();
    }

    @Test
    void resolvConf_invalidLinesAreIgnored() {
        assertThat(parse("nameserver\nnameserver localhost\nnameserver fe80::1%gone\nnameserver 192.0.2.1%1\n"
                                + "nameserver 192.0.2.1.5\nnameserver 192.0.2.2\n \t \n\u0000\n")
                        .servers())
                .containsExactly(DnsTesting.server("192.0.2.2"));
    }

    @Test
    void resolvConf_aFileWithOnlyInvalidLinesIsNamed() {
        ServerList list = parse("nameserver\nnameserver localhost\n");
        assertThat(list.servers()).isEmpty();
        assertThat(list.problem())
                .isEqualTo("no nameserver in resolv.conf: not understood: \"nameserver\", \"nameserver localhost\"");
    }

    @Test
    void resolvConf_scopesAreKept() throws IOException {
        NetworkInterface loopback = NetworkInterface.networkInterfaces()
                .filter(each -> each.getIndex() > 0)
                .findFirst()
                .orElseThrow();
        for (String scope : List.of(loopback.getName(), Integer.toString(loopback.getIndex()))) {
            InetSocketAddress server =
                    parse("nameserver fe80::1%" + scope).servers().get(0);
            assertThat(((Inet6Address) server.getAddress()).getScopeId()).isEqualTo(loopback.getIndex());
        }
    }

    @Test
    void resolvConf_listsHaveLimits() {
        for (int count = DnsSettings.MAX_SERVERS - 1; count <= DnsSettings.MAX_SERVERS + 1; count++) {
            String text = IntStream.range(1, count + 1)
                    .mapToObj(i -> "nameserver 192.0.2." + i)
                    .collect(Collectors.joining("\n"));
            assertThat(parse(text).servers()).hasSize(Math.min(count, DnsSettings.MAX_SERVERS));
        }
    }

    /** In a file that is too long, a truncated line is ignored: a truncated address could be a different, valid one. */
    @Test
    void resolvConf_aLongFileIsReadUpToALineEnd() throws IOException {
        Path file = directory.resolve("resolv.conf");
        VirtualClock clock = new VirtualClock();
        String first = "nameserver 192.0.2.100\n";
        int shortOfAll = 2;
        String before = "#".repeat(ResolvConf.MAX_FILE - first.length() + shortOfAll - 1) + "\n";
        Files.writeString(file, before + first);
        ServerList list = new ResolvConf(file, clock).servers();
        assertThat(list.servers()).extracting(ServerList::show).doesNotContain("192.0.2.10:53");
        Files.writeString(file, before.substring(shortOfAll) + first);
        assertThat(new ResolvConf(file, clock).servers().servers())
                .extracting(ServerList::show)
                .containsExactly("192.0.2.100:53");
    }

    @Test
    void resolvConf_isReadAgainAfterAChangeAndCheckedAtIntervals() throws IOException {
        Path file = directory.resolve("resolv.conf");
        VirtualClock clock = new VirtualClock();
        ResolvConf conf = new ResolvConf(file, clock);
        assertThat(conf.servers()).isEqualTo(ownHost(file, "the file does not exist"));

        Files.writeString(file, "nameserver 192.0.2.1\n");
        clock.advance(ResolvConf.CHECK_INTERVAL.minusNanos(1));
        assertThat(conf.servers().servers()).as("not due").containsExactly(OWN_HOST);
        clock.advance(Duration.ofNanos(1));
        assertThat(conf.servers().servers()).containsExactly(DnsTesting.server("192.0.2.1"));

        Files.writeString(file, "nameserver 192.0.2.12\n");
        clock.advance(ResolvConf.CHECK_INTERVAL);
        assertThat(conf.servers().servers()).containsExactly(DnsTesting.server("192.0.2.12"));

        Files.writeString(file, "");
        clock.advance(ResolvConf.CHECK_INTERVAL);
        assertThat(conf.servers()).isEqualTo(ownHost(file, "the file lists none"));
    }

    /** As in glibc and musl. */
    @Test
    void resolvConf_withoutNameserverLineTheLocalServerIsUsed() {
        assertThat(parse("search example.test\noptions use-vc\n"))
                .isEqualTo(new ServerList(
                        List.of(OWN_HOST),
                        "no nameserver in resolv.conf: the file lists none, so the server on this host is used",
                        ServerList.Options.NONE.withTcp()));
        assertThat(parse("")).isEqualTo(ownHost(PATH, "the file lists none"));
    }

    @Test
    void resolvConf_anUnreadableFileHasNoServer() throws IOException {
        ServerList list = new ResolvConf(Files.createDirectory(directory.resolve("d")), new VirtualClock()).servers();
        assertThat(list.servers()).isEmpty();
        assertThat(list.problem()).contains("the file cannot be read");
    }

    @Test
    void resolvConf_optionsAreRead() {
        assertThat(parse("options use-vc rotate\noptions\ttrust-ad timeout:3 attempts:4\nnameserver 192.0.2.1")
                        .options())
                .isEqualTo(
                        new ServerList.Options(true, true, true, Optional.of(Duration.ofSeconds(3)), Optional.of(4)));
        assertThat(parse("options timeout:99999999999 attempts:6").options())
                .as("the most that glibc takes")
                .isEqualTo(ServerList.Options.NONE
                        .withTryTimeout(Duration.ofSeconds(30))
                        .withRounds(5));
        assertThat(parse("options timeout:0 attempts:0").options())
                .isEqualTo(ServerList.Options.NONE
                        .withTryTimeout(Duration.ofSeconds(1))
                        .withRounds(1));
        assertThat(parse("; options use-vc\n options use-vc\noptionsx use-vc\n").options())
                .isEqualTo(ServerList.Options.NONE);
    }

    /** The file that systemd-resolved writes. */
    @Test
    void resolvConf_theStubOfSystemdIsAServerWhoseAdBitCounts() {
        ServerList list = parse("nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch .\n");
        assertThat(list.servers()).containsExactly(DnsTesting.server("127.0.0.53"));
        assertThat(list.options()).isEqualTo(ServerList.Options.NONE.withTrustAd());
    }

    @Test
    void resolvConf_optionsWithoutEffectAreLoggedWithTheReason() throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), """
                nameserver 192.0.2.1
                sortlist 192.0.2.0
                options no-aaaa no-reload timeout: attempts:two blink
                options edns0 single-request single-request-reopen inet6 debug no-tld-query no-check-names ndots:2
                domain example.test
                """);
        try (LogTap log = LogTap.of(ResolvConf.class)) {
            VirtualClock clock = new VirtualClock();
            ResolvConf conf = new ResolvConf(file, clock);
            for (int i = 0; i < 3; i++) {
                assertThat(conf.servers().servers()).hasSize(1);
                clock.advance(ResolvConf.CHECK_INTERVAL);
            }
            assertThat(log.problems())
                    .as("once")
                    .containsExactly(
                            "WARNING " + file
                                    + ": sortlist has no effect: the order of addresses is that of RFC 6724, or of addressorder",
                            "WARNING " + file
                                    + ": options no-aaaa has no effect: both families are queried, so that a host without"
                                    + " addresses can be distinguished from one that cannot be reached; families=ipv4 sends over"
                                    + " IPv4 only",
                            "WARNING " + file
                                    + ": options no-reload has no effect: the file is read again when it has changed",
                            "WARNING " + file
                                    + ": options \"timeout:\" is not understood: a number from 1 to 30 is expected",
                            "WARNING " + file
                                    + ": options \"attempts:two\" is not understood: a number from 1 to 5 is expected",
                            "WARNING " + file + ": options \"blink\" is not known");
        }
    }

    private static ServerList parse(String text) {
        return ResolvConfText.parse(text, PATH).list();
    }

    private static ServerList ownHost(Path file, String why) {
        return new ServerList(
                List.of(OWN_HOST), "no nameserver in " + file + ": " + why + ", so the server on this host is used");
    }
}
