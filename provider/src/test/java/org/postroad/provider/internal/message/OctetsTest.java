// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Operations on arrays of octets. */
final class OctetsTest {

    /** Long enough for every position among eight octets, before and after the last full eight. */
    private static final int MOST = 40;

    @Property
    void message_searchInBlocksOfEightEqualsTheReference(
            @ForAll("octets") byte[] octets,
            @ForAll @IntRange(max = MOST) int one,
            @ForAll @IntRange(max = MOST) int other) {
        int from = Math.min(Math.min(one, other), octets.length);
        int end = Math.min(Math.max(one, other), octets.length);
        byte[] looked = Arrays.copyOfRange(octets, from, end);
        assertThat(Octets.firstLineEnd(octets, from, end)).isEqualTo(from + firstLineEnd(looked));
        assertThat(Octets.haveNul(octets, from, end))
                .isEqualTo(Samples.text(looked).indexOf('\0') >= 0);
        assertThat(Octets.have8bit(octets, from, end))
                .isEqualTo(Samples.text(looked).chars().anyMatch(c -> c > 127));
        assertThat(Octets.areOrdinary(octets, from, end))
                .isEqualTo(Samples.text(looked).chars().allMatch(c -> c > 0 && c <= 127));
    }

    /** Tests each octet alone at each position, among neighbours that cause a borrow or a carry. */
    @Example
    void message_everyOctetIsDistinguishedFromEveryOther() {
        for (byte neighbour : new byte[] {0x01, 0x0b, 0x0c, 0x0e, 0x7f, (byte) 0x8d, (byte) 0x8a, (byte) 0xff}) {
            for (int place = 0; place < 16; place++) {
                for (int value = 0; value < 256; value++) {
                    byte[] octets = new byte[16];
                    Arrays.fill(octets, neighbour);
                    octets[place] = (byte) value;
                    assertThat(Octets.firstLineEnd(octets, 0, 16)).isEqualTo(firstLineEnd(octets));
                    assertThat(Octets.haveNul(octets, 0, 16)).isEqualTo(value == 0);
                    assertThat(Octets.areOrdinary(octets, 0, 16)).isEqualTo(neighbour > 0 && (byte) value > 0);
                }
            }
        }
    }

    private static int firstLineEnd(byte[] octets) {
        int i = 0;
        while (i < octets.length && octets[i] != '\r' && octets[i] != '\n') {
            i++;
        }
        return i;
    }

    @Provide
    Arbitrary<byte[]> octets() {
        Arbitrary<Byte> telling = Arbitraries.of(
                (byte) 0, (byte) 1, (byte) '\n', (byte) 0x0b, (byte) '\r', (byte) 0x0e, (byte) 0x7f, (byte) 0x80, (byte)
                        0x8d);
        return Arbitraries.frequencyOf(
                        Tuple.of(4, Arbitraries.bytes().between((byte) ' ', (byte) '~')), Tuple.of(1, telling))
                .array(byte[].class)
                .ofMaxSize(MOST);
    }
}
