// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Host names, domains and mailboxes: what is one, what is none, and what the error says. */
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
    void name_anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> HostName.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host name");
    }

    @Test
    void name_limitsAre63And253() {
        assertThat(HostName.parse(label(63)).text()).hasSize(63);
        assertThatThrownBy(() -> HostName.parse(label(64))).hasMessageContaining("at most 63");
        String longest = (label(49) + ".").repeat(5) + label(3);
        assertThat(HostName.parse(longest).text()).hasSize(253);
        assertThatThrownBy(() -> HostName.parse(longest + "a")).hasMessageContaining("at most 253");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@example.org",
                "a.b+c@example.org",
                "\"odd name\"@example.org",
                "\"a\\\"b\"@example.org",
                "\"a@b\"@example.org",
                "u@[192.0.2.1]",
                "u@[IPv6:2001:db8::1]",
                "m\u00fcller@example.org",
                "\u010a@example.org"
            })
    void mailbox_isReadAndWrittenAsItStands(String text) {
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
                "\"a\n\"@example.org"
            })
    void mailbox_anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Mailbox.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mailbox_theLimitIs254Octets() {
        String domain = "@example.org";
        String longest = label(254 - domain.length());
        assertThat(Mailbox.parse(longest + domain).toString()).hasSize(254);
        assertThatThrownBy(() -> Mailbox.parse(longest + "a" + domain)).hasMessageContaining("at most 254");
        String beyondAscii = "\u00fc".repeat((254 - domain.length()) / 2);
        assertThat(Mailbox.parse(beyondAscii + domain).isAscii()).isFalse();
        assertThatThrownBy(() -> Mailbox.parse(beyondAscii + "\u00fc" + domain)).hasMessageContaining("at most 254");
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
                "192.0.2.1 "
            })
    void address_anythingElseIsNone(String text) {
        assertThat(IpAddress.tryParse(text)).isEmpty();
    }
}
