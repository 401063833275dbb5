// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Conversion of line ends to CRLF. */
final class CanonicalLinesTest {

    /** The expected result: a CR without a following LF and an LF without a preceding CR are line ends too. */
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
    void message_singleOctetReadsEqualOneRead(@ForAll("chunk") byte[] octets) throws IOException {
        StringBuilder read = new StringBuilder();
        try (InputStream lines = new CanonicalLines(new ByteArrayInputStream(octets))) {
            for (int octet = lines.read(); octet >= 0; octet = lines.read()) {
                read.append((char) octet);
            }
        }
        assertThat(read.toString()).isEqualTo(canonical(List.of(octets)));
    }

    /** Also after a part was read. */
    @Property
    void message_transferredOctetsEqualOneRead(@ForAll("chunk") byte[] octets, @ForAll boolean afterARead)
            throws IOException {
        ByteArrayOutputStream transferred = new ByteArrayOutputStream();
        try (InputStream lines = new CanonicalLines(new ByteArrayInputStream(octets))) {
            int first = afterARead ? lines.read() : -1;
            if (first >= 0) {
                transferred.write(first);
            }
            assertThat(lines.transferTo(transferred)).isEqualTo(transferred.size() - (first >= 0 ? 1 : 0));
            assertThat(lines.read()).isEqualTo(-1);
        }
        assertThat(Samples.text(transferred.toByteArray())).isEqualTo(canonical(List.of(octets)));
    }

    @Property
    void message_theScannerCountsTheOctetsRead(@ForAll("chunks") List<byte[]> chunks) throws IOException {
        MimeScanner scanner = new MimeScanner(new FactsMeter());
        for (byte[] chunk : chunks) {
            scanner.take(chunk, 0, chunk.length);
        }
        scanner.finish();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        chunks.forEach(all::writeBytes);
        String canonical = canonical(chunks);
        assertThat(scanner.canonicalSize()).isEqualTo(canonical.length());
        assertThat(scanner.isCanonical()).isEqualTo(canonical.equals(Samples.text(all.toByteArray())));
    }

    @Property
    void message_canonicalTextIsNotChanged(@ForAll("chunk") byte[] octets) {
        String once = canonical(List.of(octets));
        assertThat(canonical(List.of(Samples.octets(once)))).isEqualTo(once);
    }

    @Example
    void message_linesAcrossTheBufferBorderAreNotSplit() {
        for (int length = 8189; length <= 8195; length++) {
            for (String end : List.of("\r", "\n", "\r\n", "\r\r", "\n\r", "")) {
                String text = "x".repeat(length) + end + "y";
                assertThat(canonical(List.of(Samples.octets(text)))).isEqualTo(reference(text));
            }
        }
    }

    /** Each read of the source returns one chunk. */
    @SuppressWarnings("JdkObsolete") // SequenceInputStream takes an Enumeration
    private static String canonical(List<byte[]> chunks) {
        Iterator<byte[]> rest = chunks.iterator();
        InputStream source = new SequenceInputStream(new Enumeration<>() {
            @Override
            public boolean hasMoreElements() {
                return rest.hasNext();
            }

            @Override
            public InputStream nextElement() {
                return new ByteArrayInputStream(rest.next());
            }
        });
        try (InputStream lines = new CanonicalLines(source)) {
            return Samples.text(lines.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
