// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.IpAddress;

/** Which addresses may be dialled (ADDR-05): special ranges, embedded IPv4 addresses and the allow list; and the syntax of ranges. */
class AddressGuardTest {

    private final AddressGuard guard = new AddressGuard(List.of(), List.of());

    /** Columns: the address before the range, its first and last address, the one after it; {@code -} means not tested here. */
    @ParameterizedTest
    @CsvSource({
        "unspecified,          -,                0.0.0.0,        0.0.0.0,          -",
        "this network,         -,                0.0.0.1,        0.255.255.255,    1.0.0.0",
        "private,              9.255.255.255,    10.0.0.0,       10.255.255.255,   11.0.0.0",
        "shared,               100.63.255.255,   100.64.0.0,     100.127.255.255,  100.128.0.0",
        "loopback,             126.255.255.255,  127.0.0.0,      127.255.255.255,  128.0.0.0",
        "link-local,           169.253.255.255,  169.254.0.0,    169.254.255.255,  169.255.0.0",
        "private,              172.15.255.255,   172.16.0.0,     172.31.255.255,   172.32.0.0",
        "protocol assignment,  191.255.255.255,  192.0.0.0,      192.0.0.255,      192.0.1.0",
        "documentation,        192.0.1.255,      192.0.2.0,      192.0.2.255,      192.0.3.0",
        "6to4 relay,           192.88.98.255,    192.88.99.0,    192.88.99.255,    192.88.100.0",
        "private,              192.167.255.255,  192.168.0.0,    192.168.255.255,  192.169.0.0",
        "benchmarking,         198.17.255.255,   198.18.0.0,     198.19.255.255,   198.20.0.0",
        "documentation,        198.51.99.255,    198.51.100.0,   198.51.100.255,   198.51.101.0",
        "documentation,        203.0.112.255,    203.0.113.0,    203.0.113.255,    203.0.114.0",
        "multicast,            223.255.255.255,  224.0.0.0,      239.255.255.255,  -",
        "reserved,             -,                240.0.0.0,      255.255.255.254,  -",
        "broadcast,            -,                255.255.255.255, 255.255.255.255, -",
        "unspecified,          -,                ::,             ::,               -",
        "loopback,             -,                ::1,            ::1,              -",
        "IPv4-compatible,      -,                ::8.8.8.8,      ::8.8.4.4,        -",
        "IPv4-mapped,          -,                ::ffff:8.8.8.8, ::ffff:8.8.4.4,   -",
        "IPv4-translated,      -,                ::ffff:0:8.8.8.8, ::ffff:0:8.8.4.4, -",
        "reserved,             -,                0:0:0:1::,      64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff, -",
        "local-use NAT64,      -,                64:ff9b:1::,    64:ff9b:1:ffff:ffff:ffff:ffff:ffff,    -",
        "discard,              -,                100::,          100::ffff:ffff:ffff:ffff,              -",
        "dummy,                -,                100:0:0:1::,    100::1:ffff:ffff:ffff:ffff,            -",
        "reserved,             -,                100:0:0:2::,    1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2000::",
        "protocol assignment,  2000:ffff::,      2001:1::,       2001:1:ffff::,    -",
        "benchmarking,         -,                2001:2::,       2001:2:0:ffff::,  -",
        "ORCHID,               -,                2001:10::,      2001:1f:ffff::,   -",
        "ORCHID,               -,                2001:20::,      2001:2f:ffff::,   -",
        "drone remote ID,      -,                2001:30::,      2001:3f:ffff::,   -",
        "protocol assignment,  -,                2001:40::,      2001:1ff:ffff::,  2001:200::",
        "documentation,        2001:db7:ffff::,  2001:db8::,     2001:db8:ffff::,  2001:db9::",
        "documentation,        3ffe:ffff::,      3fff::,         3fff:fff:ffff::,  3fff:1000::",
        "reserved,             3fff:ffff::,      4000::,         5eff:ffff::,      -",
        "segment routing,      -,                5f00::,         5f00:ffff::,      -",
        "reserved,             -,                5f01::,         fbff:ffff::,      -",
        "unique local,         -,                fc00::,         fdff:ffff::,      -",
        "reserved,             -,                fe00::,         fe7f:ffff::,      -",
        "link-local,           -,                fe80::,         febf:ffff::,      -",
        "site-local,           -,                fec0::,         feff:ffff::,      -",
        "multicast,            -,                ff00::,         ff0f:ffff::,      -",
    })
    void ADDR_05_specialRangesAreRefused(String kind, String before, String first, String last, String behind) {
        assertThat(guard.refusal(ip(first))).contains(kind);
        assertThat(guard.refusal(ip(last))).contains(kind);
        assertThat(Stream.of(before, behind).filter(text -> !text.equals("-")))
                .allSatisfy(
                        neighbour -> assertThat(guard.refusal(ip(neighbour))).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "loopback inside IPv4-mapped,      ::ffff:127.0.0.1",
        "private inside IPv4-mapped,       ::ffff:10.0.0.1",
        "loopback inside IPv4-compatible,  ::127.0.0.1",
        "private inside IPv4-translated,   ::ffff:0:10.0.0.1",
        "loopback inside NAT64,            64:ff9b::127.0.0.1",
        "link-local inside NAT64,          64:ff9b::169.254.169.254",
        "loopback inside 6to4,             2002:7f00:1::",
        "private inside 6to4,              2002:c0a8:101::1",
        "private inside Teredo,            2001:0:a00:1::",
        // 127.0.0.1 with all bits inverted
        "loopback inside Teredo,           2001:0:808:808::80ff:fffe",
        "private inside ISATAP,            2a00::5efe:10.0.0.1",
        "loopback inside ISATAP,           2a00::200:5efe:127.0.0.1",
        "private inside ISATAP,            2a00:1:2:3:0:5efe:c0a8:101",
    })
    void ADDR_05_embeddedAddressesAreFound(String why, String address) {
        assertThat(guard.refusal(ip(address))).contains(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "2a00::1",
                "2620:4f:8000::1",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
                "2001:0:808:808::f7f7:f7f7",
                "2a00::5efe:8.8.8.8",
                "2a00::1:5efe:10.0.0.1"
            })
    void ADDR_05_publicAddressesPassEmbeddedOrNot(String address) {
        assertThat(guard.refusal(ip(address))).isEmpty();
    }

    @Test
    void ADDR_05_theAllowListExemptsOnlyItsRanges() {
        AddressGuard allowing = new AddressGuard(List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::1")), List.of());

        assertThat(allowing.refusal(ip("10.1.2.3"))).isEmpty();
        assertThat(allowing.refusal(ip("64:ff9b::10.1.2.3"))).isEmpty();
        assertThat(allowing.refusal(ip("fd00::1"))).isEmpty();
        assertThat(allowing.refusal(ip("fd00::2"))).contains("unique local");
        assertThat(allowing.refusal(ip("192.168.0.1"))).contains("private");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "0.0.0.0", "255.255.255.255", "::1", "::ffff:127.0.0.1", "2002:7f00:1::", "ff02::1"
            })
    void ADDR_05_allowingEverythingSwitchesTheGuardOff(String address) {
        AddressGuard off = new AddressGuard(List.of(Cidr.parse("0.0.0.0/0"), Cidr.parse("::/0")), List.of());
        assertThat(off.refusal(ip(address))).isEmpty();
    }

    @Test
    void ADDR_05_addressesWithinConfiguredNat64PrefixesAreChecked() {
        AddressGuard knowing = new AddressGuard(
                List.of(), List.of(Nat64Prefix.parse("2a00:64::/32"), Nat64Prefix.parse("64:ff9b:1::/96")));

        assertThat(knowing.refusal(Nat64Prefix.parse("2a00:64::/32").synthesize(ip("127.0.0.1"))))
                .contains("loopback inside NAT64");
        assertThat(knowing.refusal(ip("64:ff9b:1::8.8.8.8"))).isEmpty();
        assertThat(knowing.refusal(ip("64:ff9b:1::10.0.0.1"))).contains("private inside NAT64");
        assertThat(guard.refusal(ip("64:ff9b:1::8.8.8.8"))).contains("local-use NAT64");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
        "192.0.2.128/25, 192.0.2.127, 192.0.2.128, 192.0.2.255, 192.0.3.0",
        "192.0.2.4/31, 192.0.2.3, 192.0.2.4, 192.0.2.5, 192.0.2.6",
        "192.0.2.4, 192.0.2.3, 192.0.2.4, 192.0.2.4, 192.0.2.5",
        "2001:db8::/33, 2001:db7:ffff::, 2001:db8::, 2001:db8:7fff::, 2001:db8:8000::",
        "0.0.0.0/0, ::, 0.0.0.0, 255.255.255.255, ::ffff:0:0",
    })
    void connect_aCidrHoldsItsRange(String cidr, String before, String first, String last, String behind) {
        Cidr range = Cidr.parse(cidr);
        assertThat(Stream.of(before, first, last, behind)
                        .map(AddressGuardTest::ip)
                        .map(range::contains))
                .containsExactly(false, true, true, false);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/8, write 10.0.0.0/8",
        "10.0.0.0/33, not between 0 and 32",
        "2001:db8::/129, not between 0 and 128",
        "10.0.0.0/-1, is not an address range",
        "10.0.0.0/, is not an address range",
        "10/8, is not an address range",
        "localhost, is not an address range",
        "'', is not an address range",
    })
    void connect_aCidrThatCannotBeReadIsRefusedWithTheReason(String cidr, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(cidr)).withMessageContaining(reason);
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }
}
