// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

/** The stream that collects single octets into blocks and repeats failures. */
final class SourceOutputTest {

    @Test
    void message_octetsArriveInTheirOrder() throws IOException {
        ByteArrayOutputStream next = new ByteArrayOutputStream();
        SourceOutput out = new SourceOutput(next);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            out.write('a' + i % 26);
            out.write(Samples.octets("\r" + i));
            expected.append((char) ('a' + i % 26)).append('\r').append(i);
        }
        out.finish();
        assertThat(Samples.text(next.toByteArray())).isEqualTo(expected.toString());
    }

    @Test
    void message_singleOctetsReachTheNextStageInLargeBlocks() throws IOException {
        int[] calls = new int[1];
        SourceOutput out = new SourceOutput(new OutputStream() {
            @Override
            public void write(int octet) {
                throw new AssertionError("octet by octet");
            }

            @Override
            public void write(byte[] octets, int offset, int length) {
                calls[0]++;
            }
        });
        for (int i = 0; i < 100_000; i++) {
            out.write('x');
        }
        out.finish();
        assertThat(calls[0]).isLessThan(20);
    }

    @Test
    void message_failureIsRepeatedSoThatNoGapIsUnnoticed() {
        IOException full = new IOException("full");
        int[] room = {1};
        SourceOutput out = new SourceOutput(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw full;
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                if (room[0]-- == 1) {
                    throw full;
                }
            }
        });
        assertThatThrownBy(() -> out.write(new byte[10_000])).isSameAs(full);
        assertThatThrownBy(out::finish).isSameAs(full);
    }
}
