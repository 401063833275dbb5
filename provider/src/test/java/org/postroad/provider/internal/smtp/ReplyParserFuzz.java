// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import static org.postroad.provider.fuzz.Fuzzing.check;
import static org.postroad.provider.fuzz.Fuzzing.checkShowable;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.postroad.api.Reply;
import org.postroad.provider.fuzz.Fuzzing;

/** Fuzzes the octets that a server sends. */
class ReplyParserFuzz {

    /** The result of an input: the replies, and why parsing stopped; empty if the input ended. */
    private record Parsed(List<Reply> replies, Optional<String> broken, boolean withinReply) {}

    @FuzzTest
    void replies(byte[] input) {
        Fuzzing.linear(input, () -> checkReplies(input));
    }

    private void checkReplies(byte[] input) {
        Parsed parsed = parse(input, input.length);
        parsed.replies().forEach(ReplyParserFuzz::checkReply);
        parsed.broken().ifPresent(complaint -> checkShowable(complaint));
        check(parsed.equals(parse(input, 1)), () -> "octet by octet it is something else than " + parsed);
        int pieces = 1 + new Random(Arrays.hashCode(input)).nextInt(1 + input.length);
        check(parsed.equals(parse(input, pieces)), () -> "in pieces of " + pieces + " it is not " + parsed);
        if (parsed.replies().isEmpty() && parsed.broken().isEmpty() && input.length > 0) {
            checkEndless(input);
        }
    }

    private static Parsed parse(byte[] input, int pieces) {
        ReplyParser parser = new ReplyParser();
        List<Reply> replies = new ArrayList<>();
        try {
            for (int at = 0; at < input.length; at += pieces) {
                ByteBuffer piece = ByteBuffer.wrap(input, at, Math.min(pieces, input.length - at));
                for (Optional<Reply> reply = parser.feed(piece); reply.isPresent(); reply = parser.feed(piece)) {
                    replies.add(reply.get());
                }
            }
            return new Parsed(replies, Optional.empty(), parser.isWithinReply());
        } catch (BadReplyException e) {
            return new Parsed(replies, Optional.of(String.valueOf(e.getMessage())), true);
        }
    }

    private static void checkReply(Reply reply) {
        check(reply.lines().size() <= ReplyParser.MAX_LINES, () -> "too many lines");
        for (String line : reply.lines()) {
            check(line.chars().noneMatch(c -> c == 0 || c == '\r' || c == '\n'), () -> "NUL, CR or LF in " + reply);
            check(
                    line.getBytes(StandardCharsets.UTF_8).length < ReplyParser.MAX_LINE_OCTETS * 3,
                    () -> "a line longer than one can be with every octet replaced");
        }
        checkShowable(reply.toString());
        check(reply.status().statusClass() == (reply.isIntermediate() ? 2 : reply.code() / 100), () -> "odd " + reply);
    }

    /** Checks that a server that repeats this input forever reaches the end of a reply or a limit. */
    private static void checkEndless(byte[] input) {
        ReplyParser parser = new ReplyParser();
        int octets = 0;
        try {
            while (parser.feed(ByteBuffer.wrap(input)).isEmpty()) {
                octets += input.length;
                check(octets <= ReplyParser.MAX_REPLY_OCTETS, () -> "a reply without end");
            }
        } catch (BadReplyException e) {
            checkShowable(String.valueOf(e.getMessage()));
        }
    }
}
