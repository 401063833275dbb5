// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Mailbox;
import org.postroad.api.RecordType;
import org.postroad.api.TlsFailure;
import org.postroad.api.TlsReport;
import org.postroad.api.TlsResult;
import org.postroad.fixtures.DnsFault;
import org.postroad.fixtures.Misbehaviour;
import org.postroad.fixtures.TestCertificates;
import org.postroad.provider.internal.https.WebServer;
import org.postroad.provider.internal.tlsrpt.TlsCounts;
import org.postroad.spi.DeliveryListener;

/** TLS reporting (RFC 8460), from the TLS session to the mailed report. */
class TlsReportsTest extends TransportTesting {

    private static final TestCertificates AUTHORITY = TestCertificates.create();
    private static final String ZONE = """
            v4.test.             MX 10 mx4.v4.test.
            mx4.v4.test.         A 192.0.2.4
            """;
    private static final String RECORD = "_smtp._tls.v4.test. TXT \"v=TLSRPTv1; rua=mailto:reports@v4.test\"\n";
    private static final String TLSA = "_25._tcp.mx4.v4.test. TLSA ";

    private final List<TlsResult> results = new CopyOnWriteArrayList<>();

    @BeforeEach
    void report() {
        dns.faultForAll(DnsFault.AUTHENTIC);
        properties.setProperty("mail.mx.tlsrpt.contact", "tls@client.test");
        properties.setProperty("mail.mx.tlsrpt.organization", "Client, Inc.");
        properties.put("mail.mx.listener", (DeliveryListener) event -> {
            if (event instanceof DeliveryEvent.TlsConcluded concluded) {
                results.add(concluded.result());
            }
        });
    }

    private TestCertificates.Server show(String name) {
        TestCertificates.Server server = AUTHORITY.server(Instant.now().plus(Duration.ofHours(1)), name);
        mx4.startTls(server.context());
        return server;
    }

    private void publish(String records) {
        dns.zone(ZONE + RECORD + records);
    }

    private void sendWhatMayFail() throws MessagingException {
        try {
            send(message("a@v4.test"));
        } catch (MxSendFailedException expected) {
            assertThat(expected.report().recipients()).hasSize(1);
        }
    }

    private String onlyResult() {
        assertThat(results).hasSize(1);
        TlsResult result = results.get(0);
        return result.policy() + ": "
                + result.failure().map(failure -> failure.type().toString()).orElse("success");
    }

    private TlsReports reports() throws MessagingException {
        return Postroad.tlsReports(Session.getInstance(properties));
    }

    private TlsReport onlyReport() throws MessagingException {
        List<TlsReport> reports = reports().of(LocalDate.now(ZoneOffset.UTC));
        assertThat(reports).hasSize(1);
        return reports.get(0);
    }

    @Test
    void tlsrpt_tlsWithoutAPolicyIsASuccess() throws Exception {
        publish("");
        show("elsewhere.test");
        send(message("a@v4.test"));
        assertThat(onlyResult()).isEqualTo("no-policy-found of v4.test: success");
        assertThat(results.get(0).source())
                .hasValueSatisfying(source -> assertThat(source).hasToString("127.0.0.1"));
    }

    @Test
    void tlsrpt_aKeptConnectionCountsOnce() throws Exception {
        publish("");
        show("mx4.v4.test");
        send(message("a@v4.test"));
        send(message("b@v4.test"));
        assertThat(mx4.received()).hasSize(2);
        assertThat(onlyResult()).endsWith("success");
    }

    /** The server requires a client certificate; with TLS 1.3 the client learns that only after the handshake. */
    @Test
    void TLS_02_aSessionThatIsLostAtEhloAfterTheHandshakeIsAFailure() throws Exception {
        publish("");
        show("mx4.v4.test");
        mx4.demandClientCertificate();
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(onlyResult()).endsWith("validation-failure");
    }

    /** The result of the TLS session stays; the failure is that of the plaintext connection that replaces it. */
    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "RCPT", "DATA"})
    void TLS_02_aConnectionInPlaintextInsteadOfOneThatWasLostUnderTlsIsAFailure(String command) throws Exception {
        publish("");
        show("mx4.v4.test");
        mx4.onCommandOverTls(command, Misbehaviour.CLOSE);
        sendWhatMayFail();
        assertThat(mx4.received())
                .singleElement()
                .satisfies(message -> assertThat(message.encrypted()).isFalse());
        assertThat(results).hasSize(2);
        assertThat(results.get(0).failure()).isEmpty();
        assertThat(results.get(1).failure()).hasValueSatisfying(failure -> {
            assertThat(failure.type()).isEqualTo(TlsFailure.Type.VALIDATION_FAILURE);
            assertThat(failure.detail()).contains(command);
        });
        assertThat(onlyReport().json())
                .contains("\"total-successful-session-count\":1,\"total-failure-session-count\":1");
    }

    @Test
    void TRY_10_aRefusalOfEhloAfterTheHandshakeIsNotATlsFailure() throws Exception {
        publish("");
        show("mx4.v4.test");
        mx4.onCommandOverTls("EHLO", "450 4.7.0 later");
        sendWhatMayFail();
        assertThat(onlyResult()).endsWith("success");
    }

    @Test
    void tlsrpt_aMissingStartTlsIsAFailure() throws Exception {
        publish("");
        send(message("a@v4.test"));
        assertThat(onlyResult()).isEqualTo("no-policy-found of v4.test: starttls-not-supported");
    }

    @Test
    void tlsrpt_aRefusalOfStartTlsIsAFailure() throws Exception {
        publish("");
        show("mx4.v4.test");
        mx4.onCommand("STARTTLS", "454 4.7.0 not today");
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(onlyResult()).isEqualTo("no-policy-found of v4.test: starttls-not-supported");
    }

    /** A reply over TLS is not a result of TLS. */
    @Test
    void tlsrpt_aSessionThatFailsOverTlsIsASuccess() throws Exception {
        publish("");
        show("mx4.v4.test");
        mx4.onCommand("EHLO", "250-mx4\r\n250 STARTTLS", 1).onCommand("EHLO", "421 4.3.2 closing");
        sendWhatMayFail();
        assertThat(mx4.received()).isEmpty();
        assertThat(onlyResult()).isEqualTo("no-policy-found of v4.test: success");
    }

    /** The second session is in plaintext from the start and is not counted. */
    @Test
    void tlsrpt_aFailedHandshakeIsReportedAlthoughTheMailIsDelivered() throws Exception {
        publish("");
        show("mx4.v4.test");
        mx4.onCommand("STARTTLS", Misbehaviour.BAD_TLS_HANDSHAKE, 1);
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(onlyResult()).isEqualTo("no-policy-found of v4.test: validation-failure");
    }

    @Test
    void tlsrpt_aDanePolicyIsReported() throws Exception {
        String matching = show("mx4.v4.test").tlsa();
        publish(TLSA + matching);
        send(message("a@v4.test"));
        assertThat(onlyResult()).isEqualTo("tlsa of mx4.v4.test: success");
        assertThat(results.get(0).policy().lines()).containsExactly(matching);
    }

    @Test
    void tlsrpt_aCertificateThatMatchesNoRecordIsAFailure() throws Exception {
        publish(TLSA + AUTHORITY.server(Instant.now(), "mx4.v4.test").tlsa());
        show("mx4.v4.test");
        sendWhatMayFail();
        assertThat(mx4.received()).isEmpty();
        assertThat(onlyResult()).isEqualTo("tlsa of mx4.v4.test: certificate-not-trusted");
    }

    @Test
    void tlsrpt_unusableRecordsAreAFailure() throws Exception {
        publish(TLSA + "0 1 1 " + "00".repeat(32));
        show("mx4.v4.test");
        send(message("a@v4.test"));
        assertThat(onlyResult()).isEqualTo("tlsa of mx4.v4.test: tlsa-invalid");
    }

    @Test
    void tlsrpt_aFailedTlsaLookupIsAFailure() throws Exception {
        publish("");
        dns.fault("_25._tcp.mx4.v4.test", RecordType.TLSA, DnsFault.SERVFAIL);
        show("mx4.v4.test");
        sendWhatMayFail();
        assertThat(mx4.connections()).isZero();
        assertThat(onlyResult()).isEqualTo("tlsa of mx4.v4.test: dnssec-invalid");
        assertThat(results.get(0).source()).isEmpty();
    }

    /** The authority is not in the trust store of the JVM, so the policy cannot be fetched. */
    @Test
    void tlsrpt_anUntrustedPolicyHostIsAFailure() throws Exception {
        publish("""
                _mta-sts.v4.test. TXT "v=STSv1; id=1;"
                mta-sts.v4.test.  A 192.0.2.80
                """);
        show("mx4.v4.test");
        try (WebServer web = WebServer.answering(AUTHORITY.serverContext("mta-sts.v4.test"), "")) {
            connector.map("192.0.2.80", 443, new InetSocketAddress("127.0.0.1", web.port()));
            send(message("a@v4.test"));
        }
        assertThat(mx4.received()).hasSize(1);
        assertThat(onlyResult()).isEqualTo("sts of v4.test: sts-webpki-invalid");
    }

    @Test
    void tlsrpt_aMessageWithTlsRequiredNoIsNotCounted() throws Exception {
        publish(TLSA + AUTHORITY.server(Instant.now(), "mx4.v4.test").tlsa());
        MimeMessage message = message("a@v4.test");
        message.setHeader("TLS-Required", "No");
        send(message);
        assertThat(results).isEmpty();
    }

    /** The report arrives although the reported failure persists, and is not counted in the next report. */
    @Test
    void tlsrpt_theReportIsMailedDespiteTheFailuresInIt() throws Exception {
        publish(TLSA + AUTHORITY.server(Instant.now(), "mx4.v4.test").tlsa());
        show("mx4.v4.test");
        sendWhatMayFail();
        TlsReport report = onlyReport();
        assertThat(reports().send(report))
                .isEqualTo(new TlsReports.Dispatch(
                        report, List.of(Mailbox.parse("reports@v4.test")), List.of(), List.of()));
        assertThat(onlyReport()).isEqualTo(report);

        assertThat(mx4.received()).hasSize(1);
        MimeMessage mail = new MimeMessage(
                Session.getInstance(properties),
                new ByteArrayInputStream(mx4.received().get(0).content()));
        assertThat(mail.getSubject())
                .isEqualTo("Report Domain: v4.test Submitter: client.test Report-ID: <" + report.id() + ">");
        assertThat(mail.getMessageID()).isEqualTo("<" + report.id() + ">");
        assertThat(mail.getHeader("TLS-Report-Domain")).containsExactly("v4.test");
        assertThat(mail.getHeader("TLS-Report-Submitter")).containsExactly("client.test");
        assertThat(mail.getContentType()).startsWith("multipart/report;").contains("report-type=tlsrpt");
        MimeMultipart parts = new MimeMultipart(
                mail.getDataHandler().getDataSource()); // its DataContentHandler may parse any report as a DSN
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(parts.getBodyPart(0).getHeader("Content-Type")).containsExactly("text/plain; charset=us-ascii");
        assertThat(parts.getBodyPart(1).isMimeType("application/tlsrpt+gzip")).isTrue();
        long midnight = report.day().atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        assertThat(parts.getBodyPart(1).getFileName())
                .isEqualTo("client.test!v4.test!" + midnight + "!" + (midnight + 86_399) + ".json.gz");
        try (GZIPInputStream json = new GZIPInputStream(parts.getBodyPart(1).getInputStream())) {
            assertThat(new String(json.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(report.json())
                    .contains("\"organization-name\":\"Client, Inc.\"", "\"result-type\":\"certificate-not-trusted\"");
        }
    }

    @Test
    void tlsrpt_queuedSendsAreReportedToo(@TempDir Path directory) throws Exception {
        properties.setProperty("mail.transport.protocol.rfc822", "mxqueue");
        properties.setProperty("mail.mx.queue.url", "jdbc:sqlite:" + directory.resolve("queue.db"));
        publish("");
        try (MailQueue queue = MailQueue.open(Session.getInstance(properties))) {
            send(message("a@v4.test"));
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
            assertThat(onlyResult()).isEqualTo("no-policy-found of v4.test: starttls-not-supported");
            assertThat(reports().send(onlyReport()).problems()).isEmpty();
            assertThat(queue.drain(Duration.ofSeconds(60))).isTrue();
        }
        assertThat(mx4.received())
                .extracting(mail -> mail.recipients().get(0))
                .containsExactly("<a@v4.test>", "<reports@v4.test>");
        assertThat(results).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "https://example.org:8443/v1, 'https://example.org:8443/v1 is not used: only mailto and https on port 443 are supported'",
    })
    void tlsrpt_withoutAMailtoTargetNothingIsMailed(String address, String problem) throws Exception {
        dns.zone(ZONE + (address.isEmpty() ? "" : "_smtp._tls.v4.test. TXT \"v=TLSRPTv1; rua=" + address + "\"\n"));
        send(message("a@v4.test"));
        TlsReport report = onlyReport();
        assertThat(reports().send(report))
                .isEqualTo(new TlsReports.Dispatch(
                        report, List.of(), List.of(), problem.isEmpty() ? List.of() : List.of(problem)));
        assertThat(reports().message(report)).isEmpty();
        assertThat(mx4.received()).hasSize(1);
    }

    @Test
    void tlsrpt_theReportIsUploadedToAnHttpsTarget(@TempDir Path directory) throws Exception {
        String posted = "POST /v1/tlsrpt?key=1 HTTP/1.1, the report, ";
        String taken = posted + "[https://web.test/v1/tlsrpt?key=1] [], 1 connections";
        String refused = posted
                + "[] [Upload to https://web.test/v1/tlsrpt?key=1 failed: response from web.test[192.0.2.80]:443: "
                + "status %s], 1 connections";
        assertThat(TrustingJvm.outcomes(TlsReportScenarios.class, directory))
                .containsOnly(
                        Map.entry("200 OK", taken),
                        Map.entry("201 Created", taken),
                        Map.entry("202 Accepted", taken),
                        Map.entry("204 No Content", taken),
                        Map.entry("301 Moved", refused.formatted("301")),
                        Map.entry("500 Error", refused.formatted("500")));
    }

    /** The authority is not in the trust store of the JVM; a receiver of mail still gets the report. */
    @Test
    void tlsrpt_theReportIsNotUploadedToAnUntrustedServer() throws Exception {
        dns.zone(ZONE + """
                _smtp._tls.v4.test. TXT "v=TLSRPTv1; rua=https://web.test/tlsrpt,mailto:reports@v4.test"
                web.test. A 192.0.2.80
                """);
        send(message("a@v4.test"));
        try (WebServer web = WebServer.answering(AUTHORITY.serverContext("web.test"), "HTTP/1.1 200 OK\r\n\r\n")) {
            connector.map("192.0.2.80", 443, new InetSocketAddress("127.0.0.1", web.port()));
            assertThat(reports().send(onlyReport())).satisfies(sent -> {
                assertThat(sent.mailed()).containsExactly(Mailbox.parse("reports@v4.test"));
                assertThat(sent.uploaded()).isEmpty();
                assertThat(sent.problems())
                        .singleElement()
                        .asString()
                        .startsWith(
                                "Upload to https://web.test/tlsrpt failed: TLS handshake with web.test[192.0.2.80]:443: ");
            });
        }
    }

    /** A domain can name a foreign mailbox, with any tag and in any case. */
    @Test
    void tlsrpt_theReportsToOneMailboxPerDayAreLimited() throws Exception {
        properties.setProperty("mail.mx.maxmessagesperconnection", "1"); // a session counts for one domain
        StringBuilder zone = new StringBuilder(ZONE + RECORD);
        for (int i = 0; i <= TlsCounts.MAX_MAILS_A_DAY; i++) {
            zone.append("d%d.test. MX 10 mx4.v4.test.%n_smtp._tls.d%d.test. TXT \"v=TLSRPTv1; rua=mailto:%s@v4.test\"%n"
                    .formatted(i, i, List.of("a", "A", "a+" + i).get(i % 3)));
        }
        dns.zone(zone.toString());
        for (int i = 0; i <= TlsCounts.MAX_MAILS_A_DAY; i++) {
            send(message("x@d" + i + ".test"));
        }
        List<TlsReport> all = reports().of(LocalDate.now(ZoneOffset.UTC));
        assertThat(all).hasSize(TlsCounts.MAX_MAILS_A_DAY + 1);
        for (TlsReport report : all.subList(0, TlsCounts.MAX_MAILS_A_DAY)) {
            TlsReports.Dispatch sent = reports().send(report);
            assertThat(sent.problems()).isEmpty();
            assertThat(sent.mailed()).hasSize(1);
        }
        TlsReport last = all.get(TlsCounts.MAX_MAILS_A_DAY);
        assertThat(reports().send(last)).satisfies(sent -> {
            assertThat(sent.mailed()).isEmpty();
            assertThat(sent.problems())
                    .containsExactly("Not mailed to A@v4.test: it already got 100 reports today, the daily limit");
        });
        try (LogTap log = LogTap.of(TlsReports.class)) {
            assertThat(reports().message(last)).isEmpty();
            assertThat(log.problems()).singleElement().asString().contains("A@v4.test");
        }
        assertThat(mx4.received()).hasSize(2 * TlsCounts.MAX_MAILS_A_DAY + 1);
    }

    @Test
    void ADDR_05_nothingIsUploadedToARefusedAddress() throws Exception {
        dns.zone(ZONE + """
                _smtp._tls.v4.test. TXT "v=TLSRPTv1; rua=https://web.test/"
                web.test. A 10.0.0.1
                """);
        send(message("a@v4.test"));
        assertThat(reports().send(onlyReport()).problems())
                .singleElement()
                .asString()
                .startsWith(
                        "Upload to https://web.test/ failed: web.test has no address that may be contacted: 10.0.0.1 is refused (");
    }

    @Test
    void tlsrpt_aDnsFailureIsReported() throws Exception {
        publish("");
        send(message("a@v4.test"));
        dns.fault("_smtp._tls.v4.test", RecordType.TXT, DnsFault.SERVFAIL);
        assertThat(reports().send(onlyReport()).problems())
                .singleElement()
                .asString()
                .contains("_smtp._tls.v4.test", "SERVFAIL");
    }

    @Test
    void tlsrpt_aFailedUploadIsReported() throws Exception {
        dns.zone(ZONE + """
                _smtp._tls.v4.test. TXT "v=TLSRPTv1; rua=mailto:a@v4.test,mailto:b@null.test"
                null.test. MX 0 .
                """);
        send(message("a@v4.test"));
        assertThat(reports().send(onlyReport())).satisfies(sent -> {
            assertThat(sent.mailed()).containsExactly(Mailbox.parse("a@v4.test"));
            assertThat(sent.problems()).singleElement().asString().contains("null.test");
        });
    }

    @Test
    void tlsrpt_aDayIsSentAfterItsEnd() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(reports().send(today.minusDays(1))).isEmpty();
        assertThatThrownBy(() -> reports().send(today.plusDays(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not over");
    }

    @Test
    void tlsrpt_isOffByDefault() {
        properties.remove("mail.mx.tlsrpt.contact");
        properties.remove("mail.mx.tlsrpt.organization");
        assertThatThrownBy(this::reports)
                .isInstanceOf(MessagingException.class)
                .hasMessageContaining("mail.mx.tlsrpt.contact");
    }

    @ParameterizedTest
    @CsvSource({
        "mail.mx.tlsrpt.contact, nobody, a mailbox such as postmaster@example.org",
        "mail.mx.tlsrpt.contact, tls@[192.0.2.1], a mailbox such as postmaster@example.org",
        "mail.mx.tlsrpt.organization, a\u0007bell, 1 to 200 characters",
    })
    void tlsrpt_settingsThatCannotBeRead(String name, String value, String allowed) throws Exception {
        assertUnreadable(name, value, allowed);
    }

    @Test
    void tlsrpt_theNameOfTheOrganizationHasALimit() throws Exception {
        assertUnreadable("mail.mx.tlsrpt.organization", "x".repeat(201), "1 to 200 characters");
    }

    @Test
    void tlsrpt_anOrganizationWithoutContactIsRefused() throws Exception {
        properties.remove("mail.mx.tlsrpt.contact");
        assertUnreadable("mail.mx.tlsrpt.organization", "Client, Inc.", "only together with mail.mx.tlsrpt.contact");
    }
}
