// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Dot-stuffs 64 KiB of lines as long as base64 lines; one in eight starts with a dot. */
@NullMarked
@State(Scope.Thread)
public class DotStuffingBenchmark {

    private static final int LINE = 64;
    private static final int OCTETS = 65_536;

    private final byte[] octets =
            (line('.') + line('a').repeat(7)).repeat(OCTETS / LINE / 8).getBytes(StandardCharsets.US_ASCII);

    private static String line(char first) {
        return first + "b".repeat(LINE - 3) + "\r\n";
    }

    @Benchmark
    @OperationsPerInvocation(OCTETS)
    public void stuff() throws IOException {
        DotStuffing stuffing = new DotStuffing(OutputStream.nullOutputStream());
        stuffing.write(octets, 0, octets.length);
        stuffing.end();
    }
}
