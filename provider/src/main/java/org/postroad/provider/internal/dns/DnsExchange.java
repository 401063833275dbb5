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
 * Exchanges DNS messages over UDP and TCP: creates the tries of a query ({@link PendingTries}), and cancels all of them when it is closed.
 *
 * <p>Threads wait in a selector, so an interrupt or {@link #close()} wakes them immediately.
 */
final class DnsExchange implements AutoCloseable {

    private static final int HEADER = 12;

    /** QR and OPCODE, in the third octet (RFC 1035 §4.1.1). In answers to operations other than QUERY, records have other meanings. */
    private static final int RESPONSE_AND_OPERATION = 0xf8;

    private static final int RESPONSE_TO_QUERY = 0x80;

    /** TC, in the same octet. */
    private static final int TRUNCATED = 0x02;

    private final Set<Selector> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** The exchange was closed before an answer arrived. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** The octets received are not an answer to the query, or cannot be parsed. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }
    }

    /** Opens the tries of one query, for use by one thread. */
    PendingTries open() throws IOException {
        Selector selector = Selector.open();
        waiting.add(selector);
        return new PendingTries(selector, () -> closed, waiting::remove);
    }

    /** Sends one message to one server and waits for the answer until the deadline. */
    Message ask(Message query, InetSocketAddress server, boolean overTcp, Deadline deadline)
            throws IOException, InterruptedException {
        try (PendingTries pending = open()) {
            pending.send(query, server, overTcp);
            PendingTries.TryResult result = pending.await(deadline).orElseThrow(SocketTimeoutException::new);
            if (result instanceof PendingTries.TryResult.Answered answered) {
                return answered.answer();
            }
            throw ((PendingTries.TryResult.Broken) result).why();
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(Selector::wakeup);
    }

    /**
     * Returns whether these octets answer the query: a response to a query, with the same id and the same question. Names are compared
     * ignoring case. Servers that do not understand a query may omit the question from an error response.
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

    /** Returns whether the answer is truncated, so that the query must be repeated over TCP. */
    static boolean isTruncated(byte[] answer) {
        return (answer[2] & TRUNCATED) != 0;
    }
}
