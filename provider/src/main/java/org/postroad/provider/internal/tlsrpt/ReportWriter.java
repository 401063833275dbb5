// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.io.StringWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.postroad.api.HostName;
import org.postroad.api.TlsReport;
import org.postroad.api.TlsResult;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes reports as JSON (RFC 8460 §4.4). Thread-safe.
 *
 * @param reporter who reports
 * @param id of this process among all that report for the same
 */
public record ReportWriter(Reporter reporter, String id) {

    private static final JsonFactory JSON = new JsonFactory();

    /** @param policies at least one */
    TlsReport report(HostName domain, LocalDate day, Map<TlsResult.Policy, Tally> policies) {
        String reportId =
                day + "." + domain + "." + id + "@" + reporter.contact().domain();
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeStringProperty("organization-name", reporter.organization());
            json.writeObjectPropertyStart("date-range");
            json.writeStringProperty("start-datetime", day + "T00:00:00Z");
            json.writeStringProperty("end-datetime", day + "T23:59:59Z");
            json.writeEndObject();
            json.writeStringProperty("contact-info", reporter.contact().toString());
            json.writeStringProperty("report-id", reportId);
            json.writeArrayPropertyStart("policies");
            policies.forEach((policy, tally) -> write(json, policy, tally));
            json.writeEndArray();
            json.writeEndObject();
        }
        return new TlsReport(domain, day, reportId, text.toString());
    }

    private static void write(JsonGenerator json, TlsResult.Policy policy, Tally tally) {
        json.writeStartObject();
        json.writeObjectPropertyStart("policy");
        json.writeStringProperty("policy-type", policy.type().toString());
        write(json, "policy-string", policy.lines());
        json.writeStringProperty("policy-domain", policy.domain().text());
        write(json, "mx-host", policy.mx());
        json.writeEndObject();
        json.writeObjectPropertyStart("summary");
        json.writeNumberProperty("total-successful-session-count", tally.successes());
        json.writeNumberProperty("total-failure-session-count", tally.failures());
        json.writeEndObject();
        if (tally.failures() > 0) {
            json.writeArrayPropertyStart("failure-details");
            tally.kinds().forEach((kind, count) -> write(json, kind, count));
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, String name, List<String> texts) {
        if (!texts.isEmpty()) {
            json.writeArrayPropertyStart(name);
            texts.forEach(json::writeString);
            json.writeEndArray();
        }
    }

    private static void write(JsonGenerator json, Tally.Kind kind, long count) {
        json.writeStartObject();
        json.writeStringProperty("result-type", kind.failure().type().toString());
        kind.source().ifPresent(source -> json.writeStringProperty("sending-mta-ip", source.toString()));
        json.writeStringProperty("receiving-mx-hostname", kind.remote().host().toString());
        json.writeStringProperty("receiving-ip", kind.remote().address().toString());
        json.writeNumberProperty("failed-session-count", count);
        json.writeStringProperty("failure-reason-code", kind.failure().detail());
        json.writeEndObject();
    }
}
