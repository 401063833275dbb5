// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Parses the replies to the pipelined commands of a message with 50 recipients. */
@NullMarked
@State(Scope.Thread)
public class ReplyParserBenchmark {

    private static final int REPLIES = 52;

    private final byte[] octets = ("250 2.1.0 sender taken\r\n" + "250 2.1.5 recipient taken\r\n".repeat(REPLIES - 2)
                    + "250 2.0.0 taken as 4XyZ\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final ReplyParser parser = new ReplyParser();

    @Benchmark
    @OperationsPerInvocation(REPLIES)
    public void parse(Blackhole blackhole) throws BadReplyException {
        ByteBuffer input = ByteBuffer.wrap(octets);
        while (input.hasRemaining()) {
            blackhole.consume(parser.feed(input));
        }
    }
}
