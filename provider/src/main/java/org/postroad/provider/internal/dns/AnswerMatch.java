// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

/** Decides whether the octets that a server sent are an answer to a query, before they are parsed (RFC 5452 §9.1). */
final class AnswerMatch {

    private static final int HEADER = 12;

    /** QR and OPCODE, in the third octet (RFC 1035 §4.1.1). In answers to operations other than QUERY, records have other meanings. */
    private static final int RESPONSE_AND_OPERATION = 0xf8;

    private static final int RESPONSE_TO_QUERY = 0x80;

    /** TC, in the same octet. */
    private static final int TRUNCATED = 0x02;

    private AnswerMatch() {}

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
