// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.provider.internal.https.HttpsResponse;

/** Requirements on the HTTPS response with a policy (RFC 8461 §3.3). */
class PolicyResponseTest {

    private static String policy(String status, String header) throws IOException {
        String response = "HTTP/1.1 " + status + "\r\n" + header + "Content-Length: 6\r\n\r\npolicy";
        byte[] octets = response.getBytes(StandardCharsets.ISO_8859_1);
        return new String(
                HttpsPolicySource.policy(HttpsResponse.read(new ByteArrayInputStream(octets))),
                StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Type: text/plain\r\n",
                "content-type:Text/Plain ; charset=utf-8; x=y\r\n",
                "Content-Type: text/plain\r\nContent-Type: text/plain\r\n",
            })
    void sts_textPlainIsAccepted(String header) throws IOException {
        assertThat(policy("200 OK", header)).isEqualTo("policy");
    }

    @ParameterizedTest
    @CsvSource({
        "201 Created, 'status 201, and not 200'",
        "206 Partial, 'status 206, and not 200'",
        "300 Choices, 'status 300, and redirects are not followed (RFC 8461 §3.3)'",
        "301 Moved, 'status 301, and redirects are not followed (RFC 8461 §3.3)'",
        "304 Not Modified, 'status 304, and redirects are not followed (RFC 8461 §3.3)'",
        "399 Odd, 'status 399, and redirects are not followed (RFC 8461 §3.3)'",
        "400 Bad, 'status 400, and not 200'",
        "404 Not Found, 'status 404, and not 200'",
        "500 \u001b, 'status 500, and not 200'",
    })
    void sts_anotherStatusIsAFailure(String status, String why) {
        assertThatIOException()
                .isThrownBy(() -> policy(status, "Content-Type: text/plain\r\n"))
                .withMessage(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "text/plainer", "text/plain, text/html"})
    void sts_anotherTypeIsAFailure(String type) {
        assertThatIOException()
                .isThrownBy(() -> policy("200 OK", "Content-Type: " + type + "\r\n"))
                .withMessage("Content-Type \"" + type + "\", and not text/plain");
    }

    @Test
    void sts_aMissingOrRepeatedTypeIsAFailure() {
        assertThatIOException()
                .isThrownBy(() -> policy("200 OK", ""))
                .withMessage("no Content-Type, and not text/plain");
        assertThatIOException()
                .isThrownBy(() -> policy("200 OK", "Content-Type: text/plain\r\nContent-Type: text/html\r\n"))
                .withMessage("more than one Content-Type");
    }
}
