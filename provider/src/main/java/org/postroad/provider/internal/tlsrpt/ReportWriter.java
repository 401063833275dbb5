// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import jakarta.json.JsonException;
import jakarta.json.spi.JsonProvider;
import jakarta.json.stream.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.postroad.api.HostName;
import org.postroad.api.TlsReport;
import org.postroad.api.TlsResult;

/**
 * Writes reports as JSON (RFC 8460 §4.4). Thread-safe.
 *
 * @param reporter the reporting organization
 * @param id distinguishes this process from others that report for the same organization
 */
public record ReportWriter(ReportingOrganization reporter, String id) {

    /** The media type of a compressed report (RFC 8460 §6.5). */
    public static final String ZIPPED_TYPE = "application/tlsrpt+gzip";

    /**
     * Checks that JSON can be written.
     *
     * @throws IllegalStateException if there is no implementation of {@code jakarta.json}
     * @throws LinkageError if its API is missing
     */
    public static void requireJson() {
        try {
            JsonProvider.provider();
        } catch (JsonException e) {
            throw new IllegalStateException("No implementation of jakarta.json", e);
        }
    }

    /** @param policies at least one */
    TlsReport report(HostName domain, LocalDate day, Map<TlsResult.Policy, SessionCounts> policies) {
        String reportId =
                day + "." + domain + "." + id + "@" + reporter.contact().domain();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonProvider.provider().createGenerator(text)) {
            json.writeStartObject();
            json.write("organization-name", reporter.organization());
            json.writeStartObject("date-range");
            json.write("start-datetime", day + "T00:00:00Z");
            json.write("end-datetime", day + "T23:59:59Z");
            json.writeEnd();
            json.write("contact-info", reporter.contact().toString());
            json.write("report-id", reportId);
            json.writeStartArray("policies");
            policies.forEach((policy, counts) -> write(json, policy, counts));
            json.writeEnd();
            json.writeEnd();
        }
        return new TlsReport(domain, day, reportId, text.toString());
    }

    /** Compresses a report for transport (RFC 8460 §5.2). */
    public static byte[] zipped(TlsReport report) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(octets)) {
            zip.write(report.json().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory failed", e);
        }
        return octets.toByteArray();
    }

    private static void write(JsonGenerator json, TlsResult.Policy policy, SessionCounts counts) {
        json.writeStartObject();
        json.writeStartObject("policy");
        json.write("policy-type", policy.type().toString());
        write(json, "policy-string", policy.lines());
        json.write("policy-domain", policy.domain().text());
        write(json, "mx-host", policy.mx());
        json.writeEnd();
        json.writeStartObject("summary");
        json.write("total-successful-session-count", counts.successes());
        json.write("total-failure-session-count", counts.failures());
        json.writeEnd();
        if (counts.failures() > 0) {
            json.writeStartArray("failure-details");
            counts.kinds().forEach((kind, count) -> write(json, kind, count));
            json.writeEnd();
        }
        json.writeEnd();
    }

    private static void write(JsonGenerator json, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            json.writeStartArray(name);
            texts.forEach(json::write);
            json.writeEnd();
        }
    }

    private static void write(JsonGenerator json, SessionCounts.FailureKind kind, long count) {
        json.writeStartObject();
        json.write("result-type", kind.failure().type().toString());
        kind.source().ifPresent(source -> json.write("sending-mta-ip", source.toString()));
        json.write("receiving-mx-hostname", kind.remote().host().toString());
        json.write("receiving-ip", kind.remote().address().toString());
        json.write("failed-session-count", count);
        json.write("failure-reason-code", kind.failure().detail());
        json.writeEnd();
    }
}
