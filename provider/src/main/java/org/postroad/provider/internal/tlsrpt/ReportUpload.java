// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.io.IOException;
import java.time.Duration;
import org.postroad.api.Deadline;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsReport;
import org.postroad.provider.internal.https.HttpsClient;
import org.postroad.provider.internal.https.HttpsRequest;
import org.postroad.provider.internal.https.HttpsResponse;

/** Uploads reports to web servers: a POST, of whose response only the status matters (RFC 8460 §3). */
public final class ReportUpload {

    /** Time limit of an upload, DNS included. */
    public static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    private ReportUpload() {}

    /**
     * Uploads a report.
     *
     * @throws IOException if the server cannot be reached or does not confirm receipt; the message is human-readable
     * @throws InterruptedException if the thread is interrupted; the server may have received the report
     */
    public static void upload(HttpsClient client, HttpsRequest.HttpsTarget target, TlsReport report)
            throws IOException, InterruptedException {
        HttpsRequest request = HttpsRequest.post(
                RemoteMta.Role.REPORT_HOST, target, ReportWriter.ZIPPED_TYPE, ReportWriter.zipped(report));
        client.exchange(request, ReportUpload::accepted, Deadline.after(TIME_LIMIT));
    }

    /** Checks the status; nothing else of the response is read. */
    private static int accepted(HttpsResponse response) throws IOException {
        int status = response.status();
        if (status >= 300) {
            throw new IOException("status " + status);
        }
        return status;
    }
}
