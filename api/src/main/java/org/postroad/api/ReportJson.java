// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The JSON form of the parts of a report, documented in {@code provider/REPORT.md}. Fields have the names of the accessors, with the unit
 * at the end if there is one. A value that does not exist is a field that does not exist.
 */
final class ReportJson {

    private ReportJson() {}

    static JsonObject of(DomainReport report) {
        return new JsonObject()
                .with("domain", report.domain().toString())
                .with("lookups", report.lookups().stream().map(ReportJson::of).toList())
                .with("mtaSts", report.mtaSts().map(ReportJson::of))
                .with(
                        "refusedAddresses",
                        report.refusedAddresses().stream().map(ReportJson::of).toList())
                .with("attempts", report.attempts().stream().map(ReportJson::of).toList())
                .with(
                        "recipients",
                        report.recipients().stream().map(ReportJson::of).toList());
    }

    static JsonObject of(InvalidRecipient invalid) {
        return new JsonObject()
                .with("address", invalid.address())
                .with("status", invalid.status().toString())
                .with("rule", invalid.decision().rule())
                .with("explanation", invalid.decision().explanation())
                .with("bounceClass", invalid.bounceClass());
    }

    static JsonObject of(MessageWarning warning) {
        return new JsonObject().with("about", warning.about()).with("text", warning.text());
    }

    static JsonObject of(Lookup<?> lookup) {
        JsonObject json = new JsonObject()
                .with("name", lookup.name().text())
                .with("type", lookup.type().toString());
        return with(json, lookup.answer());
    }

    private static <R> JsonObject with(JsonObject json, DnsAnswer<R> answer) {
        return answer.fold(
                found -> json.with("answer", "FOUND")
                        .with(
                                "records",
                                found.records().stream().map(ReportJson::record).toList())
                        .with("canonicalName", found.canonicalName().text())
                        .with("ttlSeconds", found.ttl().toSeconds())
                        .with("security", found.security())
                        .with("aliases", aliases(found)),
                noData -> json.with("answer", "NO_DATA")
                        .with("ttlSeconds", noData.ttl().toSeconds())
                        .with("security", noData.security())
                        .with("aliases", aliases(noData)),
                noSuchName -> json.with("answer", "NO_SUCH_NAME")
                        .with("ttlSeconds", noSuchName.ttl().toSeconds())
                        .with("security", noSuchName.security())
                        .with("aliases", aliases(noSuchName)),
                failed -> json.with("answer", "FAILED")
                        .with("cause", failed.cause())
                        .with("detail", failed.detail()));
    }

    private static Object record(Object record) {
        if (record instanceof MxRecord mx) {
            return new JsonObject()
                    .with("preference", mx.preference())
                    .with("exchange", mx.exchange().text());
        } else if (record instanceof TlsaRecord tlsa) {
            return new JsonObject()
                    .with("usage", tlsa.usage())
                    .with("selector", tlsa.selector())
                    .with("matchingType", tlsa.matchingType())
                    .with("data", tlsa.data());
        } else if (record instanceof DnsName name) {
            return name.text();
        }
        return record.toString();
    }

    private static List<JsonObject> aliases(DnsAnswer<?> answer) {
        return answer.aliases().stream()
                .map(alias -> new JsonObject()
                        .with("owner", alias.owner().text())
                        .with("target", alias.target().text())
                        .with("security", alias.security()))
                .toList();
    }

    static JsonObject of(MtaStsResult result) {
        return new JsonObject().with("kind", result.kind()).with("detail", result.detail());
    }

    private static JsonObject of(RefusedAddress refused) {
        return new JsonObject()
                .with("host", refused.host().toString())
                .with("address", refused.address().toString())
                .with("reason", refused.reason());
    }

    private static JsonObject of(Attempt attempt) {
        return new JsonObject()
                .with("remote", of(attempt.remote()))
                .with(
                        "startedAt",
                        attempt.startedAt().truncatedTo(ChronoUnit.MILLIS).toString())
                .with("durationMillis", attempt.duration().toMillis())
                .with("connection", attempt.connection().map(ReportJson::of))
                .with("tls", of(attempt.tls()))
                .with("superseded", attempt.superseded())
                .with(
                        "outcomes",
                        attempt.outcomes().stream().map(ReportJson::of).toList());
    }

    private static JsonObject of(ConnectionUse connection) {
        return new JsonObject()
                .with("number", connection.number())
                .with("earlierTransactions", connection.earlierTransactions())
                .with(
                        "stages",
                        connection.stages().entrySet().stream()
                                .map(each -> new JsonObject()
                                        .with("stage", each.getKey())
                                        .with("durationMillis", each.getValue().toMillis()))
                                .toList());
    }

    static JsonObject of(RemoteMta remote) {
        return new JsonObject()
                .with("role", remote.role())
                .with("host", remote.host().toString())
                .with("address", remote.address().toString())
                .with("family", remote.family())
                .with("port", remote.port());
    }

    static JsonObject of(TlsSummary tls) {
        return new JsonObject()
                .with("level", tls.level())
                .with("handshake", tls.handshake().map(ReportJson::of))
                .with("detail", tls.detail());
    }

    private static JsonObject of(TlsSummary.Handshake handshake) {
        return new JsonObject()
                .with("protocol", handshake.protocol())
                .with("cipherSuite", handshake.cipherSuite())
                .with("group", handshake.group())
                .with("names", handshake.names())
                .with("fingerprint", handshake.fingerprint());
    }

    static JsonObject of(RecipientOutcome outcome) {
        return new JsonObject()
                .with("recipient", outcome.recipient().toString())
                .with("stage", outcome.stage())
                .with("outcome", of(outcome.outcome()))
                .with("bounceClass", outcome.bounceClass());
    }

    static JsonObject of(Outcome outcome) {
        return outcome.fold(
                accepted -> new JsonObject()
                        .with("kind", "ACCEPTED")
                        .with("reply", of(accepted.reply()))
                        .with("dsn", accepted.dsn()),
                refused -> new JsonObject().with("kind", "REFUSED").with("reply", of(refused.reply())),
                noAnswer -> new JsonObject().with("kind", "NO_ANSWER").with("detail", noAnswer.detail()),
                bad -> new JsonObject().with("kind", "BAD_CONNECTION").with("detail", bad.detail()),
                inDoubt -> new JsonObject().with("kind", "IN_DOUBT").with("detail", inDoubt.detail()),
                unsuitable -> new JsonObject()
                        .with("kind", "HOST_UNSUITABLE")
                        .with("status", unsuitable.status().toString())
                        .with("detail", unsuitable.detail()));
    }

    private static JsonObject of(Reply reply) {
        return new JsonObject()
                .with("code", reply.code())
                .with("enhancedStatus", reply.enhancedStatus().map(EnhancedStatus::toString))
                .with("lines", reply.lines());
    }

    static JsonObject of(RecipientReport report) {
        return new JsonObject()
                .with("recipient", report.recipient().toString())
                .with("verdict", report.verdict())
                .with("status", report.status().toString())
                .with("rule", report.decision().rule())
                .with("explanation", report.decision().explanation())
                .with("bounceClass", report.bounceClass())
                .with("decidedBy", report.decidedBy().map(ReportJson::of));
    }

    private static JsonObject of(RecipientReport.DecidedBy by) {
        return new JsonObject()
                .with("remote", of(by.remote()))
                .with("stage", by.stage())
                .with("outcome", of(by.outcome()))
                .with("tls", of(by.tls()));
    }
}
