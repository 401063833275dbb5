// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.io.IOException;
import java.time.Duration;
import org.postroad.api.Deadline;
import org.postroad.api.HostName;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.HttpsRequest;
import org.postroad.provider.internal.https.HttpsResponse;
import org.postroad.provider.internal.https.WhiteSpace;

/** Fetches policies at {@code https://mta-sts.<domain>/.well-known/mta-sts.txt} (RFC 8461 §3.3). Thread-safe. */
public final class HttpsPolicySource implements PolicySource {

    /** Limit for a fetch, DNS included, as suggested by RFC 8461 §3.3. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    private static final String HOST_LABEL = "mta-sts";
    private static final String PATH = "/.well-known/mta-sts.txt";
    private static final String TYPE = "text/plain";

    private final HttpsClient client;
    private final int port;

    /** @param client verifies certificates as for any web server */
    public HttpsPolicySource(HttpsClient client) {
        this(client, HttpsRequest.PORT);
    }

    HttpsPolicySource(HttpsClient client, int port) {
        this.client = client;
        this.port = port;
    }

    @Override
    public byte[] fetch(HostName domain, Deadline deadline) throws IOException, InterruptedException {
        HttpsRequest.HttpsTarget target = new HttpsRequest.HttpsTarget(domain.prefixedWith(HOST_LABEL), port, PATH);
        HttpsRequest request = HttpsRequest.get(RemoteMta.Role.POLICY_HOST, target, TYPE);
        return client.exchange(request, HttpsPolicySource::policy, deadline.atMost(TIME_LIMIT));
    }

    /**
     * Returns the policy contained in a response.
     *
     * @throws IOException if the response violates RFC 8461 §3.3; the message gives the reason, such as "status 404"
     */
    static byte[] policy(HttpsResponse response) throws IOException {
        int status = response.status();
        if (status >= 300 && status < 400) {
            throw new IOException("status " + status + ", and redirects are not followed (RFC 8461 §3.3)");
        }
        if (status != 200) {
            throw new IOException("status " + status + ", and not 200");
        }
        checkType(response);
        return response.body(StsPolicy.MAX_OCTETS);
    }

    /** Parameters of the media type are ignored (RFC 8461 §3.2). */
    private static void checkType(HttpsResponse response) throws IOException {
        String type =
                response.field("Content-Type").orElseThrow(() -> new IOException("no Content-Type, and not " + TYPE));
        if (!WhiteSpace.strip(type.split(";", 2)[0]).equalsIgnoreCase(TYPE)) {
            throw new IOException("Content-Type " + Printable.quote(type) + ", and not " + TYPE);
        }
    }
}
