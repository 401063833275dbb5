// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host names, domains and mailboxes: valid and invalid ones, and error messages. */
class NamesTest {

    private static String label(int length) {
        return "a".repeat(length);
    }

    @ParameterizedTest
    @CsvSource({"mx.example.org, mx.example.org", "MX.Example.ORG., mx.example.org", "_25._tcp.a, _25._tcp.a", "x, x"})
    void name_isReadInLowerCaseWithoutItsFinalDot(String text, String name) {
        assertThat(HostName.parse(text).text()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a..b", ".a", "a b", "a\u0000b", "m\u00fcller.test", "a,b", "a@b", "a..", "[a]"})
    void name_otherTextIsRefused(String text) {
        assertThatThrownBy(() -> HostName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host name");
    }

    /** Unicode's lower case of the Kelvin sign is an ASCII k, which would make it another name. */
    @ParameterizedTest
    @ValueSource(strings = {"\u212aelvin.test", "ban\u212a.test", "\u0130.test", "\uff41.test"})
    void name_noOtherCharacterBecomesALetter(String text) {
        assertThatThrownBy(() -> HostName.parse(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Mailbox.parse("user@" + text)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new DnsName(text).hostName()).isEmpty();
    }

    @Test
    void name_limitsAre63And253() {
        assertThat(HostName.parse(label(62)).text()).hasSize(62);
        assertThat(HostName.parse(label(63)).text()).hasSize(63);
        assertThatThrownBy(() -> HostName.parse(label(64))).hasMessageContaining("at most 63");
        String longest = (label(49) + ".").repeat(5) + label(3);
        assertThat(HostName.parse(longest.substring(1)).text()).hasSize(252);
        assertThat(HostName.parse(longest).text()).hasSize(253);
        assertThat(HostName.parse(longest + ".").text()).hasSize(253);
        assertThatThrownBy(() -> HostName.parse(longest + "a")).hasMessageContaining("at most 253");
    }

    @Test
    void name_aPrefixCountsTowardsTheLimit() {
        HostName host = HostName.parse((label(49) + ".").repeat(4) + label(44));
        assertThat(host.text()).hasSize(244);
        assertThat(host.hasRoomFor("_25._tcp")).isTrue();
        assertThat(host.hasRoomFor("_25._tcp1")).isFalse();
        assertThat(host.prefixedWith("_25._tcp")).hasToString("_25._tcp." + host);
        assertThatThrownBy(() -> host.prefixedWith("_25._tcp1")).hasMessageContaining("at most 253");
    }

    @ParameterizedTest
    @CsvSource({
        "., ., ''",
        "MX.Example., mx.example, mx.example",
        "mx.example.., mx.example., ''",
        "a\\.b.test, a\\.b.test, ''",
        "'a\\.', 'a\\.', ''",
        "'a\\\\.', 'a\\\\', ''",
        "'a\\\\\\.', 'a\\\\\\.', ''",
        "a\\032b.test, a\\032b.test, ''"
    })
    void dnsName_losesItsFinalDotUnlessThatIsEscaped(String text, String kept, String host) {
        DnsName name = new DnsName(text);
        assertThat(name.text()).isEqualTo(kept);
        assertThat(name.hostName().map(HostName::text).orElse("")).isEqualTo(host);
        assertThat(name.isRoot()).isEqualTo(text.equals("."));
    }

    @Test
    void dnsName_isNeverEmptyAndSafeToShow() {
        assertThatThrownBy(() -> new DnsName("")).hasMessageContaining("root");
        assertThat(new DnsName("a\r\nb")).hasToString("a\\u000d\\u000ab");
        assertThat(DnsName.ROOT.isRoot()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Example.ORG., example.org",
        "[192.0.2.1], [192.0.2.1]",
        "[ipv6:2001:DB8::1], [IPv6:2001:db8::1]",
        "[2001:db8::1], [IPv6:2001:db8::1]"
    })
    void domain_isANameOrALiteral(String text, String written) {
        assertThat(Domain.parse(text)).hasToString(written);
        assertThat(Domain.parse(written)).isEqualTo(Domain.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[",
                "[192.0.2.1",
                "192.0.2.1]",
                "[IPv6:192.0.2.1]",
                "[IPv6:]",
                "[ 192.0.2.1]",
                "[example.org]",
                "[IPv6:fe80::1%eth0]",
                "[x-tag:1]"
            })
    void domain_aBrokenLiteralIsRefused(String text) {
        assertThatThrownBy(() -> Domain.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "mx.example.org, true",
        "mx.example.org., true",
        "192.0.2.1, false",
        "192.0.2.1., false",
        "2001:db8::1, false",
        "[192.0.2.1], false",
        "[IPv6:2001:db8::1], false"
    })
    void host_isANameUnlessItIsAnAddress(String text, boolean isName) {
        assertThat(Host.parse(text).name().isPresent()).isEqualTo(isName);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@example.org",
                "a.b+c@example.org",
                "\"odd name\"@example.org",
                "\"a\\\"b\"@example.org",
                "\"a@b\"@example.org",
                "\"\"@example.org",
                "\"a\\\\\"@example.org",
                "\ud83d\ude00@example.org",
                "A@example.org",
                "u@[192.0.2.1]",
                "u@[IPv6:2001:db8::1]",
                "m\u00fcller@example.org",
                "\u010a@example.org"
            })
    void mailbox_isReadAndWrittenUnchanged(String text) {
        assertThat(Mailbox.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nobody",
                "@example.org",
                "a@",
                "a b@example.org",
                "a\r\n@example.org",
                "a\u0000@example.org",
                "a\u0085@example.org",
                "a..b@example.org",
                ".a@example.org",
                "a.@example.org",
                "a@b@example.org",
                "\"a\"b\"@example.org",
                "<a>@example.org",
                "a@[192.0.2.256]",
                "a@[x]",
                "\ud800@example.org",
                "\"a\n\"@example.org",
                "\"a\\\"@example.org",
                "\"a\\\r\"@example.org",
                "\"\u0085\"@example.org",
                "\"@example.org",
                "a\"b\"@example.org",
                "a\u007f@example.org",
                "\ude00\ud83d@example.org",
                "",
                "@"
            })
    void mailbox_otherTextIsRefused(String text) {
        assertThatThrownBy(() -> Mailbox.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mailbox_theLimitIs254Octets() {
        String domain = "@example.org";
        String longest = label(254 - domain.length());
        assertThat(Mailbox.parse(longest.substring(1) + domain).toString()).hasSize(253);
        assertThat(Mailbox.parse(longest + domain).toString()).hasSize(254);
        assertThatThrownBy(() -> Mailbox.parse(longest + "a" + domain)).hasMessageContaining("at most 254");
        String beyondAscii = "\u00fc".repeat((254 - domain.length()) / 2);
        assertThat(Mailbox.parse(beyondAscii + domain).isAscii()).isFalse();
        assertThatThrownBy(() -> Mailbox.parse(beyondAscii + "\u00fc" + domain)).hasMessageContaining("at most 254");
    }

    @Test
    void mailbox_onlyTheLocalPartIsCaseSensitive() {
        assertThat(Mailbox.parse("A@Example.ORG")).isEqualTo(Mailbox.parse("A@example.org"));
        assertThat(Mailbox.parse("A@example.org")).isNotEqualTo(Mailbox.parse("a@example.org"));
    }

    @Test
    void mailbox_anErrorShowsNoControlCharacter() {
        assertThatThrownBy(() -> Mailbox.parse("a\r\nb@example.org"))
                .message()
                .doesNotContain("\r")
                .doesNotContain("\n")
                .contains("\\u000d");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, IPV4, [192.0.2.1]",
        "2001:DB8:0:0:0:0:0:1, IPV6, [IPv6:2001:db8::1]",
        "::ffff:192.0.2.1, IPV6, [IPv6:::ffff:192.0.2.1]",
        "::, IPV6, [IPv6:::]"
    })
    void address_keepsItsFamilyAndIsWrittenAsALiteral(String text, Family family, String literal) {
        IpAddress address = IpAddress.parse(text);
        assertThat(address.family()).isEqualTo(family);
        assertThat(address.literal()).isEqualTo(literal);
        assertThat(IpAddress.parseLiteral(literal)).isEqualTo(address);
    }

    /** RFC 1035 §3.5, RFC 3596 §2.5. An IPv4-mapped address stays IPv6. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 1.2.0.192.in-addr.arpa",
        "255.0.10.200, 200.10.0.255.in-addr.arpa",
        "2001:db8::567:89ab, b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        "::ffff:192.0.2.1, 1.0.2.0.0.0.0.c.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa"
    })
    void address_itsNamesAreAtItsReverseName(String text, String name) {
        assertThat(IpAddress.parse(text).reverseName()).isEqualTo(new HostName(name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "192.0.2",
                "192.0.2.01",
                "192.0.2.256",
                "0x7f.1",
                "1:2:3:4:5:6:7",
                "1::2::3",
                "fe80::1%eth0",
                "::g",
                "12345::",
                "1:2:3:4:5:6:7:8:9",
                "192.0.2.1 ",
                "1.2.3.4.5",
                ".1.2.3",
                "1.2.3.",
                "-1.2.3.4",
                "\u0661.2.3.4",
                ":",
                ":::",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "::1.2.3",
                "::ffff:1.2.3.256",
                "1:2:3:4:5:6:7:\uff11",
                "1:",
                ":1"
            })
    void address_otherTextIsRefused(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
    }
}
