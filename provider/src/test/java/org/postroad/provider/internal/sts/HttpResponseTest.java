// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

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

class HttpResponseTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

    private static String policy(String response) throws IOException {
        byte[] octets = response.getBytes(StandardCharsets.ISO_8859_1);
        return new String(new HttpResponse(new ByteArrayInputStream(octets)).policy(), StandardCharsets.ISO_8859_1);
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
    void sts_aWholeResponseIsTaken(String response) throws IOException {
        assertThat(policy(response)).isEqualTo("policy");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("", "ended too early"),
                arguments("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n", "ended too early"),
                arguments("SSH-2.0-x\r\n\r\n", "\"SSH-2.0-x\" is no status line"),
                arguments("HTTP/2 200\r\n\r\n", "no status line"),
                arguments("HTTP/1.1 2000 OK\r\n\r\n", "no status line"),
                arguments("HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\n", "status 301, and redirects are not followed"),
                arguments("HTTP/1.1 304 Not Modified\r\n\r\n", "status 304"),
                arguments(
                        "HTTP/1.1 206 Partial\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx", "status 206"),
                arguments("HTTP/1.1 300 Choices\r\n\r\n", "status 300, and redirects are not followed"),
                arguments("HTTP/1.1 399 Odd\r\n\r\n", "status 399, and redirects are not followed"),
                arguments("HTTP/1.1 400 Bad\r\n\r\n", "status 400, and not 200"),
                arguments("HTTP/1.1 201 Created\r\n\r\n", "status 201, and not 200"),
                arguments("HTTP/1.1 404 Not Found\r\n\r\n", "status 404"),
                arguments("HTTP/1.1 500 \u001b\r\n\r\n", "status 500"),
                arguments("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "no Content-Type"),
                arguments(type("text/html"), "Content-Type \"text/html\""),
                arguments(type("text/plainer"), "Content-Type \"text/plainer\""),
                arguments(type("text/plain, text/html"), "Content-Type \"text/plain, text/html\""),
                arguments(OK + "Content-Type: text/html\r\nContent-Length: 1\r\n\r\nx", "more than one Content-Type"),
                arguments(OK + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "Content-Encoding \"gzip\""),
                arguments(OK + "\r\npolicy", "neither Content-Length nor chunks"),
                arguments(OK + "Content-Length: 7\r\n\r\npolicy", "ended too early"),
                arguments(OK + "Content-Length: -1\r\n\r\npolicy", "Content-Length \"-1\""),
                arguments(OK + "Content-Length: 6\r\nContent-Length: 5\r\n\r\npolicy", "more than one Content-Length"),
                arguments(OK + "Content-Length: 65537\r\n\r\n", "more than 65536 octets"),
                arguments(OK + "Content-Length: 999999999999999999\r\n\r\n", "more than 65536 octets"),
                arguments(OK + "Transfer-Encoding: gzip, chunked\r\n\r\n", "Transfer-Encoding \"gzip, chunked\""),
                arguments(CHUNKED + "6\r\npolicy\r\n", "ended too early"),
                arguments(CHUNKED + "6\r\npolicy\r\n0\r\n", "ended too early"),
                arguments(CHUNKED + "5\r\npolicy\r\n0\r\n\r\n", "longer than it said"),
                arguments(CHUNKED + "-1\r\n", "\"-1\" is no size of a chunk"),
                arguments(CHUNKED + "\r\n", "no size of a chunk"),
                arguments(CHUNKED + "10001\r\n", "more than 65536 octets"),
                arguments(CHUNKED + "ffffffff\r\n", "more than 65536 octets"),
                arguments(CHUNKED + "1\r\nx\r\n10000\r\n", "more than 65536 octets"),
                arguments("HTTP/1.1 200 OK\r\nno field\r\n\r\n", "\"no field\" is no header field"),
                arguments("HTTP/1.1 200 OK\r\nX: y\r\n folded\r\n\r\n", "\" folded\" is no header field"),
                arguments("HTTP/1.1 100 Continue\r\n\r\n".repeat(2000), "more than 32768 octets beside the policy"),
                arguments(CHUNKED + "1\r\nx\r\n".repeat(20_000), "more than 32768 octets beside the policy"));
    }

    private static String type(String type) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\nContent-Length: 1\r\n\r\nx";
    }

    @ParameterizedTest
    @MethodSource("refused")
    void sts_everyOtherResponseIsRefusedAndItIsSaidWhy(String response, String why) {
        assertThatIOException().isThrownBy(() -> policy(response)).withMessageContaining(why);
    }

    @Test
    void sts_thePolicyMayHaveSixtyFourKibibytes() throws IOException {
        String most = "x".repeat(StsPolicy.MAX_OCTETS);
        assertThat(policy(OK + "Content-Length: 65536\r\n\r\n" + most)).isEqualTo(most);
        assertThat(policy(CHUNKED + "10000\r\n" + most + "\r\n0\r\n\r\n")).isEqualTo(most);
    }

    @Test
    void sts_whatIsNotThePolicyIsBounded() throws IOException {
        String start = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\nX: ";
        int room = HttpResponse.MAX_OVERHEAD - start.length() - "\r\n\r\n".length();
        assertThat(policy(start + "x".repeat(room) + "\r\n\r\np")).isEqualTo("p");
        assertThatIOException().isThrownBy(() -> policy(start + "x".repeat(room + 1) + "\r\n\r\np"));
    }
}
