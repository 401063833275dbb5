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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postroad.fixtures.VirtualClock;

class ResolvConfTest {

    private static final Path PATH = Path.of("resolv.conf");

    @TempDir
    private Path directory;

    @Test
    void resolvConf_nameserverLinesCount() {
        ServerList list = ResolvConf.parse("""
                # nameserver 192.0.2.99
                ; nameserver 192.0.2.98
                search example.test
                nameserver 192.0.2.1
                nameserver\t2001:db8::53   # the second
                options timeout:1 attempts:9 rotate
                nameserverx 192.0.2.97
                """, PATH);
        assertThat(list.servers()).containsExactly(DnsTesting.server("192.0.2.1"), DnsTesting.server("2001:db8::53"));
        assertThat(list.problem()).isEmpty();
    }

    @Test
    void resolvConf_junkIsLeftOut() {
        assertThat(ResolvConf.parse(
                                "nameserver\nnameserver localhost\nnameserver fe80::1%gone\nnameserver 192.0.2.1%1\n"
                                        + "nameserver 192.0.2.1.5\nnameserver 192.0.2.2\n\u0000\n",
                                PATH)
                        .servers())
                .containsExactly(DnsTesting.server("192.0.2.2"));
    }

    @Test
    void resolvConf_onlyJunkIsNamed() {
        ServerList list = ResolvConf.parse("nameserver\nnameserver localhost\n", PATH);
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
            InetSocketAddress server = ResolvConf.parse("nameserver fe80::1%" + scope, PATH)
                    .servers()
                    .get(0);
            assertThat(((Inet6Address) server.getAddress()).getScopeId()).isEqualTo(loopback.getIndex());
        }
    }

    @Test
    void resolvConf_listsAreBounded() {
        for (int count = DnsSettings.MAX_SERVERS - 1; count <= DnsSettings.MAX_SERVERS + 1; count++) {
            String text = IntStream.range(1, count + 1)
                    .mapToObj(i -> "nameserver 192.0.2." + i)
                    .collect(Collectors.joining("\n"));
            assertThat(ResolvConf.parse(text, PATH).servers()).hasSize(Math.min(count, DnsSettings.MAX_SERVERS));
        }
    }

    @Test
    void resolvConf_isReadAgainWhenItChangesButNotLookedAtAllTheTime() throws IOException {
        Path file = directory.resolve("resolv.conf");
        VirtualClock clock = new VirtualClock();
        ResolvConf conf = new ResolvConf(file, clock);
        assertThat(conf.servers().problem()).isEqualTo("no nameserver in " + file + ": the file does not exist");

        Files.writeString(file, "nameserver 192.0.2.1\n");
        clock.advance(ResolvConf.CHECK_INTERVAL.minusNanos(1));
        assertThat(conf.servers().servers()).as("not due").isEmpty();
        clock.advance(Duration.ofNanos(1));
        assertThat(conf.servers().servers()).containsExactly(DnsTesting.server("192.0.2.1"));

        Files.writeString(file, "nameserver 192.0.2.12\n");
        clock.advance(ResolvConf.CHECK_INTERVAL);
        assertThat(conf.servers().servers()).containsExactly(DnsTesting.server("192.0.2.12"));

        Files.writeString(file, "");
        clock.advance(ResolvConf.CHECK_INTERVAL);
        assertThat(conf.servers().servers()).isEmpty();
        assertThat(conf.servers().problem()).isEqualTo("no nameserver in " + file + ": the file names none");
    }
}
