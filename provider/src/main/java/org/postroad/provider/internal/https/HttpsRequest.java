// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.https;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.postroad.api.HostName;
import org.postroad.api.RemoteMta;

/** HTTP/1.1 request (RFC 9112) that asks the server to close the connection after the response. Immutable. */
public final class HttpsRequest {

    /** The default port of HTTPS. */
    public static final int PORT = 443;

    private final RemoteMta.Role role;
    private final HttpsTarget target;
    private final byte[] octets;

    private HttpsRequest(RemoteMta.Role role, HttpsTarget target, String head, byte[] body) {
        this.role = role;
        this.target = target;
        this.octets = octets(head, body);
    }

    /**
     * Server and path of a request.
     *
     * @param path the path and the query, if any, exactly as sent
     */
    public record HttpsTarget(HostName host, int port, String path) {

        /** @throws IllegalArgumentException if the path does not begin with a slash or has a character other than visible ASCII */
        public HttpsTarget {
            if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IllegalArgumentException("A path begins with a slash, and is of printable ASCII");
            }
        }

        private String requestLine(String method) {
            return method + " " + path + " HTTP/1.1\r\n"
                    + "Host: " + (port == PORT ? host.text() : host.text() + ":" + port) + "\r\n"
                    + "User-Agent: Postroad\r\n";
        }

        /** Returns the URL in its usual form. */
        @Override
        public String toString() {
            return "https://" + host + (port == PORT ? "" : ":" + port) + path;
        }
    }

    /** Creates a GET request that accepts the given media type. */
    public static HttpsRequest get(RemoteMta.Role role, HttpsTarget target, String type) {
        String head = target.requestLine("GET") + "Accept: " + type + "\r\n";
        return new HttpsRequest(role, target, head, new byte[0]);
    }

    /** Creates a POST request with a body of the given media type. */
    public static HttpsRequest post(RemoteMta.Role role, HttpsTarget target, String type, byte[] body) {
        String head =
                target.requestLine("POST") + "Content-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n";
        return new HttpsRequest(role, target, head, body);
    }

    private static byte[] octets(String head, byte[] body) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(
                (head + "Accept-Encoding: identity\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        octets.writeBytes(body);
        return octets.toByteArray();
    }

    RemoteMta.Role role() {
        return role;
    }

    HostName host() {
        return target.host();
    }

    int port() {
        return target.port();
    }

    byte[] octets() {
        return octets.clone();
    }
}
