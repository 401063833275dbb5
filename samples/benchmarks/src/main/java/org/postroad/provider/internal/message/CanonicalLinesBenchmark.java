// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Canonicalises 64 KiB of lines; every other one ends in a bare LF. */
@NullMarked
@State(Scope.Thread)
public class CanonicalLinesBenchmark {

    private static final int PAIR = 128;
    private static final int OCTETS = 65_536;

    private final byte[] octets = ("a".repeat(63) + "\n" + "b".repeat(62) + "\r\n")
            .repeat(OCTETS / PAIR)
            .getBytes(StandardCharsets.US_ASCII);

    @Benchmark
    @OperationsPerInvocation(OCTETS)
    public void canonicalise() throws IOException {
        try (CanonicalLines lines = new CanonicalLines(new ByteArrayInputStream(octets))) {
            lines.transferTo(OutputStream.nullOutputStream());
        }
    }
}
