// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.api.Deadline;
import org.xbill.DNS.Message;

/**
 * Octets over UDP and TCP: opens the tries of a question ({@link PendingTries}), and ends them all when it is closed.
 *
 * <p>Waiting is done in a selector, which an interrupt and {@link #close()} end at once.
 */
final class DnsExchange implements AutoCloseable {

    private static final int HEADER = 12;

    /** RFC 1035 §4.1.1: QR and OPCODE, in the third octet. In answers to other operations, records mean other things. */
    private static final int RESPONSE_AND_OPERATION = 0xf8;

    private static final int RESPONSE_TO_QUERY = 0x80;

    /** TC, in the same octet. */
    private static final int TRUNCATED = 0x02;

    private final Set<Selector> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** This was closed before an answer came. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** What came was no answer to the question, or could not be read. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /** For one question, by one thread. */
    PendingTries open() throws IOException {
        Selector selector = Selector.open();
        waiting.add(selector);
        return new PendingTries(selector, () -> closed, waiting::remove);
    }

    /** One message to one server, which has until then for its answer. */
    Message ask(Message query, InetSocketAddress server, boolean overTcp, Deadline deadline)
            throws IOException, InterruptedException {
        try (PendingTries pending = open()) {
            pending.send(query, server, overTcp);
            PendingTries.Result result = pending.await(deadline).orElseThrow(SocketTimeoutException::new);
            if (result instanceof PendingTries.Result.Answered answered) {
                return answered.answer();
            }
            throw ((PendingTries.Result.Broken) result).why();
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(Selector::wakeup);
    }

    /**
     * Whether these octets answer the question: a response to a query, with its id, that repeats it, names compared without case.
     * Servers that do not understand a question may leave it out.
     */
    static boolean isAnswer(byte[] question, byte[] answer) {
        if (answer.length < HEADER
                || answer[0] != question[0]
                || answer[1] != question[1]
                || (answer[2] & RESPONSE_AND_OPERATION) != RESPONSE_TO_QUERY) {
            return false;
        }
        int questions = (answer[4] & 0xff) << 8 | (answer[5] & 0xff);
        int responseCode = answer[3] & 0x0f;
        if (questions == 0) {
            return responseCode != 0 && responseCode != 3;
        }
        int end = endOfQuestion(question);
        if (questions != 1 || answer.length < end) {
            return false;
        }
        for (int i = HEADER; i < end; i++) {
            boolean inName = i < end - 4;
            if (answer[i] != question[i] && !(inName && lower(answer[i]) == lower(question[i]))) {
                return false;
            }
        }
        return true;
    }

    private static int endOfQuestion(byte[] question) {
        int at = HEADER;
        while (question[at] != 0) {
            at += 1 + question[at];
        }
        return at + 1 + 4;
    }

    private static int lower(byte octet) {
        return octet >= 'A' && octet <= 'Z' ? octet + ('a' - 'A') : octet;
    }

    /** Whether it must be asked for again, over TCP. */
    static boolean isTruncated(byte[] answer) {
        return (answer[2] & TRUNCATED) != 0;
    }
}
