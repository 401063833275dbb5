// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Parsing the text form gives an equal value. */
class RoundTripTest {

    @Property
    void name_isReadBackUnchanged(@ForAll("names") String text) {
        HostName name = HostName.parse(text);
        assertThat(HostName.parse(name.toString())).isEqualTo(name);
        assertThat(HostName.parse(text.toUpperCase(Locale.ROOT) + ".")).isEqualTo(name);
        assertThat(new DnsName(text).hostName()).contains(name);
    }

    @Property
    void mailbox_isReadBackUnchanged(@ForAll("localParts") String localPart, @ForAll("names") String domain) {
        Mailbox mailbox = new Mailbox(localPart, Domain.parse(domain));
        assertThat(Mailbox.parse(mailbox.toString())).isEqualTo(mailbox);
    }

    @Property
    void address_v4IsReadBackUnchanged(@ForAll("v4") byte[] octets) {
        IpAddress address = IpAddress.of(Family.IPV4, octets);
        assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
        assertThat(IpAddress.parseLiteral(address.literal())).isEqualTo(address);
        assertThat(IpAddress.of(address.toInetAddress())).isEqualTo(address);
    }

    @Property(tries = 5000)
    void address_v6IsReadBackUnchanged(@ForAll("v6") byte[] octets) throws UnknownHostException {
        IpAddress address = IpAddress.of(Family.IPV6, octets);
        String text = address.toString();
        assertThat(IpAddress.parse(text)).isEqualTo(address);
        assertThat(IpAddress.parse(text.toUpperCase(Locale.ROOT))).isEqualTo(address);
        assertThat(IpAddress.parseLiteral(address.literal())).isEqualTo(address);
        assertThat(address.toInetAddress()).isInstanceOf(Inet6Address.class);
        assertThat(IpAddress.of(address.toInetAddress())).isEqualTo(address);
        // The JDK writes all groups in full, and must parse our text.
        InetAddress jdk = Inet6Address.getByAddress(null, octets, -1);
        assertThat(IpAddress.parse(jdk.getHostAddress())).isEqualTo(address);
        if (!text.startsWith("::ffff:") || text.indexOf('.') < 0) {
            assertThat(InetAddress.getByName(text)).isEqualTo(jdk);
        }
    }

    /** RFC 5952 §4: shortest groups, the first of the longest zero runs compressed, no run of one group. */
    @Property(tries = 5000)
    void address_v6IsWrittenInTheCanonicalForm(@ForAll("v6") byte[] octets) {
        String text = IpAddress.of(Family.IPV6, octets).toString();
        assertThat(text).doesNotContainPattern("[A-Z]").doesNotContainPattern("(^|:)0[0-9a-f]");
        assertThat(text.indexOf("::")).isEqualTo(text.lastIndexOf("::"));
        int gap = text.indexOf("::");
        String before = gap < 0 ? text : text.substring(0, gap);
        String after = gap < 0 ? "" : text.substring(gap + 2);
        int shortened = 8 - groups(before) - groups(after);
        assertThat(longestZeroRun(after)).isLessThanOrEqualTo(Math.max(1, shortened));
        assertThat(longestZeroRun(before)).isLessThan(Math.max(2, shortened));
        assertThat(gap >= 0 && shortened < 2).as("%s shortens one group", text).isFalse();
    }

    @Property
    void status_isReadBackUnchanged(
            @ForAll("classes") int statusClass,
            @ForAll @IntRange(max = 999) int subject,
            @ForAll @IntRange(max = 999) int detail) {
        EnhancedStatus status = new EnhancedStatus(statusClass, subject, detail);
        assertThat(EnhancedStatus.tryParse(status.toString())).contains(status);
        assertThat(status.isSuccess()).isEqualTo(statusClass == 2);
        assertThat(status.isTransient()).isEqualTo(statusClass == 4);
        assertThat(status.isPermanent()).isEqualTo(statusClass == 5);
    }

    @Property
    void printable_isOneLineAndIsNotEscapedAgain(@ForAll String text) {
        String shown = Printable.clean(text);
        assertThat(shown.chars().noneMatch(Character::isISOControl)).isTrue();
        if (shown.length() <= Printable.MAX_SHOWN) {
            assertThat(Printable.clean(shown)).isEqualTo(shown);
        }
    }

    @Provide
    Arbitrary<Integer> classes() {
        return Arbitraries.of(2, 4, 5);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> label = Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .withChars("-_")
                .ofMinLength(1)
                .ofMaxLength(15);
        return label.list().ofMinSize(1).ofMaxSize(6).map(labels -> String.join(".", labels));
    }

    @Provide
    Arbitrary<String> localParts() {
        Arbitrary<String> atom = Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("!#$%&'*+-/=?^_`{|}~\u00fc\u010a\u4f8b")
                .ofMinLength(1)
                .ofMaxLength(10);
        Arbitrary<String> dotted = atom.list().ofMinSize(1).ofMaxSize(3).map(atoms -> String.join(".", atoms));
        Arbitrary<String> quoted = Arbitraries.strings()
                .withCharRange(' ', '~')
                .ofMaxLength(20)
                .map(text -> '"' + text.replaceAll("([\"\\\\])", "\\\\$1") + '"');
        return Arbitraries.oneOf(dotted, quoted);
    }

    @Provide
    Arbitrary<byte[]> v4() {
        return Arbitraries.bytes().array(byte[].class).ofSize(4);
    }

    /** Half of the groups are zero, so that zero runs are common; some addresses are IPv4-mapped. */
    @Provide
    Arbitrary<byte[]> v6() {
        Arbitrary<Integer> group = Arbitraries.oneOf(
                Arbitraries.just(0),
                Arbitraries.integers().between(0, 15),
                Arbitraries.just(0),
                Arbitraries.integers().between(0, 0xffff));
        Arbitrary<byte[]> anyAddress = group.list().ofSize(8).map(groups -> {
            byte[] octets = new byte[16];
            for (int i = 0; i < 8; i++) {
                octets[2 * i] = (byte) (groups.get(i) >> 8);
                octets[2 * i + 1] = (byte) (int) groups.get(i);
            }
            return octets;
        });
        Arbitrary<byte[]> mapped = v4().map(v4 -> {
            byte[] octets = new byte[16];
            octets[10] = -1;
            octets[11] = -1;
            System.arraycopy(v4, 0, octets, 12, 4);
            return octets;
        });
        return Arbitraries.frequencyOf(Tuple.of(9, anyAddress), Tuple.of(1, mapped));
    }

    private static int groups(String text) {
        int count = text.isEmpty() ? 0 : text.split(":").length;
        return text.indexOf('.') >= 0 ? count + 1 : count;
    }

    private static int longestZeroRun(String text) {
        int longest = 0;
        int run = 0;
        for (String group : text.split(":")) {
            run = group.equals("0") ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
