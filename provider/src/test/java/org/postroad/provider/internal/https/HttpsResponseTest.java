// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses are accepted, and their limits. */
class HttpsResponseTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    private static final int LIMIT = 65_536;

    private static HttpsResponse response(String response) throws IOException {
        return HttpsResponse.read(new ByteArrayInputStream(response.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private static String body(String response) throws IOException {
        return new String(response(response).body(LIMIT), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK + "Content-Length: 6\r\n\r\npolicy",
                OK + "Content-Length: 6\r\n\r\npolicy and more",
                OK + "X: \u0000\r\nContent-Length: 6\r\n\r\npolicy",
                OK + "content-length:6\r\nContent-Length: 6 \r\n\r\npolicy",
                "HTTP/1.0 200 OK\nContent-Type: text/plain\nContent-Length: 6\n\npolicy",
                "HTTP/1.1 200\r\nContent-Length: 6\r\nCONTENT-TYPE: Text/Plain ; charset=utf-8; x=y\r\n\r\npolicy",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK
                        + "Content-Length: 6\r\n\r\npolicy",
                OK + "Content-Encoding: identity\r\nContent-Length: 6\r\n\r\npolicy",
                CHUNKED + "6\r\npolicy\r\n0\r\n\r\n",
                CHUNKED + "2;x=y\r\npo\r\n0004 \r\nlicy\r\n000\r\nTrailer: x\r\n\r\n",
                OK + "Transfer-Encoding: Chunked\r\nContent-Length: 3\r\n\r\n6\npolicy\n0\n\n"
            })
    void web_aCompleteResponseIsAccepted(String response) throws IOException {
        assertThat(body(response)).isEqualTo("policy");
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 301, 404, 599})
    void web_theStatusIsThatOfTheFinalResponse(int status) throws IOException {
        assertThat(response("HTTP/1.1 199 Wait\r\n\r\nHTTP/1.1 " + status + "\r\n\r\n")
                        .status())
                .isEqualTo(status);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("", "ended too early"),
                arguments("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", "ended too early"),
                arguments("SSH-2.0-x\r\n\r\n", "\"SSH-2.0-x\" is not an HTTP/1.1 status line"),
                arguments("HTTP/2 200\r\n\r\n", "not an HTTP/1.1 status line"),
                arguments("HTTP/1.1 2000 OK\r\n\r\n", "not an HTTP/1.1 status line"),
                arguments(OK + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "Content-Encoding \"gzip\""),
                arguments(OK + "\r\npolicy", "neither Content-Length nor chunked"),
                arguments(OK + "Content-Length: 7\r\n\r\npolicy", "ended too early"),
                arguments(OK + "Content-Length: -1\r\n\r\npolicy", "Content-Length \"-1\""),
                arguments(OK + "Content-Length: 6\r\nContent-Length: 5\r\n\r\npolicy", "more than one Content-Length"),
                arguments(OK + "Content-Length: 65537\r\n\r\n", "more than 65536 octets"),
                arguments(OK + "Content-Length: 999999999999999999\r\n\r\n", "more than 65536 octets"),
                arguments(OK + "Transfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding \"gzip, chunked\""),
                arguments(CHUNKED + "6\r\npolicy\r\n", "ended too early"),
                arguments(CHUNKED + "6\r\npolicy\r\n0\r\n", "ended too early"),
                arguments(CHUNKED + "5\r\npolicy\r\n0\r\n\r\n", "longer than its stated size"),
                arguments(CHUNKED + "-1\r\n", "\"-1\" is not a chunk size"),
                arguments(CHUNKED + "\r\n", "not a chunk size"),
                arguments(CHUNKED + "10001\r\n", "more than 65536 octets"),
                arguments(CHUNKED + "ffffffff\r\n", "more than 65536 octets"),
                arguments(CHUNKED + "1\r\nx\r\n10000\r\n", "more than 65536 octets"),
                arguments("HTTP/1.1 200 OK\r\nno field\r\n\r\n", "\"no field\" is not a header field"),
                arguments("HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n", "\" folded\" is not a header field"),
                arguments("HTTP/1.1 100 Continue\r\n\r\n".repeat(2000), "more than 32768 octets beside the body"),
                arguments(CHUNKED + "1\r\nx\r\n".repeat(20_000), "more than 32768 octets beside the body"));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void web_otherResponsesAreRefusedWithTheReason(String response, String why) {
        assertThatIOException().isThrownBy(() -> body(response)).withMessageContaining(why);
    }

    @Test
    void web_theLimitOfTheBodyIsExact() throws IOException {
        String most = "x".repeat(LIMIT);
        assertThat(body(OK + "Content-Length: 65536\r\n\r\n" + most)).isEqualTo(most);
        assertThat(body(CHUNKED + "10000\r\n" + most + "\r\n0\r\n\r\n")).isEqualTo(most);
    }

    @Test
    void web_theOctetsBesideTheBodyHaveALimit() throws IOException {
        String start = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nX: ";
        int room = HttpsResponse.MAX_OVERHEAD - start.length() - "\r\n\r\n".length();
        assertThat(body(start + "x".repeat(room) + "\r\n\r\np")).isEqualTo("p");
        assertThatIOException().isThrownBy(() -> body(start + "x".repeat(room + 1) + "\r\n\r\np"));
    }
}
