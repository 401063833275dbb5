// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.mail.Session;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.zip.GZIPInputStream;
import org.postroad.api.TlsReport;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.https.WebServer;

/**
 * A domain whose TLS reports are uploaded to a real web server, in a {@link TrustingJvm}. Prints a line for each scenario: the response of
 * the server and the result of the report.
 */
final class TlsReportScenarios extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();

    private TlsReportScenarios() {}

    /** Runs all scenarios. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.logNoDeliveries();
        TrustingJvm.trust(AUTHORITY);
        for (String status :
                new String[] {"200 OK", "201 Created", "202 Accepted", "204 No Content", "301 Moved", "500 Error"}) {
            TlsReportScenarios scenario = new TlsReportScenarios();
            scenario.start();
            try {
                System.out.println(status + ": " + scenario.outcome(status));
            } finally {
                scenario.stop();
            }
        }
    }

    private String outcome(String status) throws Exception {
        properties.setProperty("mail.mx.tlsrpt.contact", "tls@client.test");
        dns.zone("""
                v4.test.             MX 10 mx4.v4.test.
                mx4.v4.test.         A 192.0.2.4
                _smtp._tls.v4.test.  TXT "v=TLSRPTv1; rua=https://web.test/v1/tlsrpt?key=1"
                web.test.            A 192.0.2.80
                """);
        try (WebServer web = WebServer.answering(
                AUTHORITY.serverContext("web.test"), "HTTP/1.1 " + status + "\r\nLocation: /other\r\n\r\n")) {
            connector.map("192.0.2.80", 443, new InetSocketAddress("127.0.0.1", web.port()));
            send(message("a@v4.test"));
            TlsReports reports = Postroad.tlsReports(Session.getInstance(properties));
            TlsReport report = reports.of(LocalDate.now(ZoneOffset.UTC)).get(0);
            TlsReports.Dispatch sent = reports.send(report);
            return web.request().get(0) + ", " + (isTheReport(web.body(), report) ? "the report" : "something else")
                    + ", " + sent.uploaded() + " " + sent.problems() + ", " + web.connections() + " connections";
        }
    }

    private static boolean isTheReport(byte[] octets, TlsReport report) throws Exception {
        try (GZIPInputStream json = new GZIPInputStream(new ByteArrayInputStream(octets))) {
            return new String(json.readAllBytes(), StandardCharsets.UTF_8).equals(report.json());
        }
    }
}
