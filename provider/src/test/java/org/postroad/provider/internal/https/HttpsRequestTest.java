// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.HostName;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.https.HttpsRequest.HttpsTarget;

/** The octets of a request, and the targets that are refused. */
class HttpsRequestTest {

    private static final HostName HOST = HostName.parse("web.test");

    private static String octets(HttpsRequest request) {
        return new String(request.octets(), StandardCharsets.US_ASCII);
    }

    @Test
    void web_aRequestHasTargetAndHostAndClosesTheConnection() {
        assertThat(octets(HttpsRequest.get(
                        RemoteMta.Role.POLICY_HOST, new HttpsTarget(HOST, HttpsRequest.PORT, "/a?b"), "text/plain")))
                .isEqualTo("GET /a?b HTTP/1.1\r\nHost: web.test\r\nUser-Agent: Postroad\r\nAccept: text/plain\r\n"
                        + "Accept-Encoding: identity\r\nConnection: close\r\n\r\n");
    }

    @Test
    void web_theBodyFollowsItsTypeAndLength() {
        byte[] body = "body".getBytes(StandardCharsets.US_ASCII);
        assertThat(octets(HttpsRequest.post(
                        RemoteMta.Role.REPORT_HOST, new HttpsTarget(HOST, 8443, "/"), "text/x", body)))
                .isEqualTo("POST / HTTP/1.1\r\nHost: web.test:8443\r\nUser-Agent: Postroad\r\nContent-Type: text/x\r\n"
                        + "Content-Length: 4\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\nbody");
    }

    @Test
    void web_aTargetIsShownAsAUrl() {
        assertThat(new HttpsTarget(HOST, HttpsRequest.PORT, "/a?b")).hasToString("https://web.test/a?b");
        assertThat(new HttpsTarget(HOST, 8443, "/")).hasToString("https://web.test:8443/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/a b", "/a\r\nHost: other.test", "/\u00e9", "/\u007f", "/\u0000"})
    void web_anInvalidPathIsRefused(String path) {
        assertThatThrownBy(() -> new HttpsTarget(HOST, HttpsRequest.PORT, path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path");
    }
}
