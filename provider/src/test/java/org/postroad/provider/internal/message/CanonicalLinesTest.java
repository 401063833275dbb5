// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class CanonicalLinesTest {

    /** The rule in one line: a CR that no LF follows and an LF that no CR precedes are line ends too. */
    private static String reference(String text) {
        String canonical = text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        return canonical.isEmpty() || canonical.endsWith("\r\n") ? canonical : canonical + "\r\n";
    }

    @Property
    void message_anyOctetsInAnyChunksEqualTheReference(@ForAll("chunks") List<byte[]> chunks) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        assertThat(canonical(chunks)).isEqualTo(reference(Samples.text(all.toByteArray())));
    }

    @Property
    void message_singleOctetWritesEqualOneWrite(@ForAll("chunk") byte[] octets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CanonicalLines lines = new CanonicalLines(out);
        for (byte octet : octets) {
            lines.write(octet);
        }
        lines.finish();
        assertThat(Samples.text(out.toByteArray())).isEqualTo(canonical(List.of(octets)));
    }

    @Property
    void message_canonicalTextStaysAsItIs(@ForAll("chunk") byte[] octets) {
        String once = canonical(List.of(octets));
        assertThat(canonical(List.of(Samples.octets(once)))).isEqualTo(once);
    }

    @Example
    void message_linesAcrossTheBufferBorderStayWhole() {
        for (int length = 8189; length <= 8195; length++) {
            for (String end : List.of("\r", "\n", "\r\n", "\r\r", "\n\r", "")) {
                String text = "x".repeat(length) + end + "y";
                assertThat(canonical(List.of(Samples.octets(text)))).isEqualTo(reference(text));
            }
        }
    }

    @Example
    void message_singleOctetsReachTheNextStageInBigPieces() throws IOException {
        int[] calls = new int[1];
        CanonicalLines lines = new CanonicalLines(new OutputStream() {
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
            lines.write('x');
        }
        lines.finish();
        assertThat(calls[0]).isLessThan(20);
    }

    @Example
    void message_aFailureThatTheSourceSwallowedIsThrownAtTheEnd() throws IOException {
        IOException full = new IOException("full");
        int[] room = {1};
        CanonicalLines lines = new CanonicalLines(new OutputStream() {
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
        assertThatThrownBy(() -> lines.write(new byte[10_000])).isSameAs(full);
        assertThatThrownBy(lines::finish).isSameAs(full);
    }

    private static String canonical(List<byte[]> chunks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CanonicalLines lines = new CanonicalLines(out);
        try {
            for (byte[] chunk : chunks) {
                lines.write(chunk);
            }
            lines.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Samples.text(out.toByteArray());
    }

    @Provide
    Arbitrary<byte[]> chunk() {
        Arbitrary<Byte> octet = Arbitraries.oneOf(
                Arbitraries.of((byte) '\r', (byte) '\n', (byte) 'x', (byte) 0, (byte) 0xe9), Arbitraries.bytes());
        return octet.array(byte[].class).ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<byte[]>> chunks() {
        return chunk().list().ofMaxSize(12);
    }
}
