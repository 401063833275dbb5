// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.BounceClass;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Printable;
import org.postroad.api.Stage;
import org.postroad.samples.cli.Story.Part;
import org.postroad.samples.cli.Story.Step;
import org.postroad.samples.cli.TextOutput.Look;

/** Reads the JSON of a {@link DeliveryReport} (REPORT.md) as parts of a story. Fields and values that it does not know are left out. */
final class ReportReader {

    /** Maximum number of recipients that are named at a step. */
    private static final int MAX_NAMED = 3;

    private ReportReader() {}

    /**
     * Returns one part for each domain of a report.
     *
     * @param source names the report in errors
     * @param attempt follows the domain in the heading of each part; may be empty
     * @throws CliException if it is not such a report
     */
    static List<Part> parts(String json, String source, String attempt) {
        JsonObject report = parse(json, source);
        try {
            List<Part> parts = new ArrayList<>();
            for (JsonObject domain : objects(report, "domains")) {
                parts.add(new Part(text(domain, "domain") + attempt, steps(domain)));
            }
            List<Step> rest = new ArrayList<>();
            objects(report, "invalidRecipients").forEach(invalid -> rest.addAll(result(invalid, "address")));
            objects(report, "warnings")
                    .forEach(warning -> rest.add(
                            Step.of("warning", text(warning, "about") + ": " + text(warning, "text"), Look.TEMPORARY)));
            if (!rest.isEmpty()) {
                parts.add(new Part("the message", rest));
            }
            return parts;
        } catch (ClassCastException | IllegalArgumentException | DateTimeParseException e) {
            throw notAReport(source, Printable.describe(e), e);
        }
    }

    private static JsonObject parse(String json, String source) {
        JsonObject report;
        try (JsonReader reader = Json.createReader(new StringReader(json))) {
            report = reader.readObject();
        } catch (JsonException e) {
            throw notAReport(source, Printable.clean(String.valueOf(e.getMessage())), e);
        }
        if (!(report.get("version") instanceof JsonNumber version) || !(report.get("domains") instanceof JsonArray)) {
            throw new CliException(
                    ExitCode.USAGE,
                    source
                            + " is not the JSON of a report, as DeliveryReport.toJson and postroad send --json write it: it"
                            + " has no version or no domains");
        }
        if (version.intValue() != DeliveryReport.JSON_VERSION) {
            throw new CliException(
                    ExitCode.USAGE,
                    source + " is a report of version " + version + "; this program reads version "
                            + DeliveryReport.JSON_VERSION);
        }
        return report;
    }

    private static CliException notAReport(String source, String why, Exception cause) {
        return new CliException(
                ExitCode.USAGE,
                source + " is not the JSON of a report, as DeliveryReport.toJson and postroad send --json write it: "
                        + why,
                cause);
    }

    private static List<Step> steps(JsonObject domain) {
        List<Step> steps = new ArrayList<>();
        objects(domain, "lookups").forEach(lookup -> steps.add(lookup(lookup)));
        object(domain, "mtaSts")
                .ifPresent(policy -> steps.add(
                        Step.of("MTA-STS", lower(text(policy, "kind")) + ": " + text(policy, "detail"), Look.MINOR)));
        objects(domain, "refusedAddresses")
                .forEach(refused -> steps.add(Step.of(
                        "passed over",
                        text(refused, "host") + " " + text(refused, "address") + ": " + text(refused, "reason"),
                        Look.MINOR)));
        objects(domain, "attempts").forEach(contact -> steps.addAll(contact(contact)));
        objects(domain, "recipients").forEach(recipient -> steps.addAll(result(recipient, "recipient")));
        return steps;
    }

    private static Step lookup(JsonObject lookup) {
        String question = text(lookup, "name") + " " + text(lookup, "type") + ": ";
        return switch (text(lookup, "answer")) {
            case "FOUND" -> Step.of("DNS", question + records(lookup) + security(lookup), Look.MINOR);
            case "NO_DATA" -> Step.of("DNS", question + "no data" + security(lookup), Look.MINOR);
            case "NO_SUCH_NAME" -> Step.of("DNS", question + "no such name" + security(lookup), Look.PERMANENT);
            default ->
                Step.of("DNS", question + lower(text(lookup, "cause")) + ", " + text(lookup, "detail"), Look.TEMPORARY);
        };
    }

    private static String records(JsonObject lookup) {
        JsonArray records = lookup.getJsonArray("records");
        return records == null ? "" : records.stream().map(ReportReader::record).collect(Collectors.joining(", "));
    }

    private static String record(JsonValue value) {
        if (value instanceof JsonObject mx && mx.containsKey("exchange")) {
            return number(mx, "preference") + " " + text(mx, "exchange");
        } else if (value instanceof JsonObject tlsa) {
            return number(tlsa, "usage") + " " + number(tlsa, "selector") + " " + number(tlsa, "matchingType") + " "
                    + text(tlsa, "data");
        }
        return Printable.clean(((JsonString) value).getString());
    }

    private static String security(JsonObject lookup) {
        return "SECURE".equals(text(lookup, "security")) ? " (secure)" : "";
    }

    private static List<Step> contact(JsonObject contact) {
        JsonObject remote = object(contact, "remote").orElse(JsonValue.EMPTY_JSON_OBJECT);
        Instant at = Instant.parse(contact.getString("startedAt"));
        List<Step> steps = new ArrayList<>();
        Optional<JsonObject> connection = object(contact, "connection");
        steps.add(new Step(
                Optional.of(at),
                Optional.empty(),
                "contact",
                server(remote) + ", " + lower(text(remote, "role"))
                        + connection.map(ReportReader::connection).orElse(""),
                Look.HEADING));
        Instant end = at;
        for (JsonObject stage : connection.map(use -> objects(use, "stages")).orElse(List.of())) {
            Duration took = Duration.ofMillis(number(stage, "durationMillis"));
            steps.add(Step.timed(end, took, stage(text(stage, "stage"))));
            end = end.plus(took);
        }
        if (connection.isEmpty()) {
            Duration took = Duration.ofMillis(number(contact, "durationMillis"));
            steps.add(Step.timed(at, took, Stage.CONNECT.toString()));
        } else {
            object(contact, "tls")
                    .ifPresent(tls -> steps.add(afterStartTls(steps), Step.of("TLS", tls(tls), Look.PLAIN)));
        }
        steps.addAll(outcomes(contact));
        return steps;
    }

    /** Returns the place of what TLS resulted in: after STARTTLS, or after the first step if the connection had TLS before. */
    private static int afterStartTls(List<Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).kind().equals(Stage.STARTTLS.toString())) {
                return i + 1;
            }
        }
        return 1;
    }

    private static String server(JsonObject remote) {
        String host = text(remote, "host");
        String address = text(remote, "address");
        return (host.equals(address) ? "" : host) + "[" + address + "]:" + number(remote, "port");
    }

    private static String connection(JsonObject use) {
        long earlier = number(use, "earlierTransactions");
        return ", connection " + number(use, "number")
                + (earlier == 0
                        ? ""
                        : ", which had carried " + earlier
                                + (earlier == 1 ? " transaction before" : " transactions before"));
    }

    private static String tls(JsonObject tls) {
        String parameters = object(tls, "handshake")
                .map(agreed -> " " + text(agreed, "protocol") + " " + text(agreed, "cipherSuite") + " "
                        + text(agreed, "group"))
                .orElse("");
        String level = text(tls, "level");
        return (level.equals("NONE") ? "" : lower(level).replace(' ', '-') + parameters.stripTrailing() + ": ")
                + text(tls, "detail");
    }

    /** Returns one step for the recipients with the same outcome. */
    private static List<Step> outcomes(JsonObject contact) {
        Map<Step, List<String>> byOutcome = new LinkedHashMap<>();
        for (JsonObject one : objects(contact, "outcomes")) {
            JsonObject outcome = object(one, "outcome").orElse(JsonValue.EMPTY_JSON_OBJECT);
            Step step = Step.of(stage(text(one, "stage")), outcome(outcome), look(outcome));
            byOutcome.computeIfAbsent(step, first -> new ArrayList<>()).add("<" + text(one, "recipient") + ">");
        }
        List<Step> steps = new ArrayList<>();
        byOutcome.forEach((step, recipients) ->
                steps.add(Step.of(step.kind(), names(recipients) + ": " + step.text(), step.look())));
        return steps;
    }

    private static String names(List<String> recipients) {
        String named = recipients.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
        return recipients.size() <= MAX_NAMED ? named : named + " and " + (recipients.size() - MAX_NAMED) + " more";
    }

    private static String outcome(JsonObject outcome) {
        Optional<JsonObject> reply = object(outcome, "reply");
        if (reply.isEmpty()) {
            return text(outcome, "detail");
        }
        JsonArray lines = reply.get().getJsonArray("lines");
        return number(reply.get(), "code") + " "
                + (lines == null ? "" : lines.stream().map(ReportReader::record).collect(Collectors.joining(" / ")));
    }

    private static Look look(JsonObject outcome) {
        if ("ACCEPTED".equals(text(outcome, "kind"))) {
            return Look.GOOD;
        }
        return object(outcome, "reply")
                        .filter(reply -> number(reply, "code") >= 500)
                        .isPresent()
                ? Look.PERMANENT
                : Look.TEMPORARY;
    }

    /** @param address the name of the field with the address of the recipient */
    private static List<Step> result(JsonObject recipient, String address) {
        String status = text(recipient, "status");
        Look look = status.startsWith("2") ? Look.GOOD : status.startsWith("5") ? Look.PERMANENT : Look.TEMPORARY;
        List<Step> steps = new ArrayList<>();
        steps.add(Step.of(
                "result",
                "<" + text(recipient, address) + "> " + (text(recipient, "verdict") + " " + status).strip() + " ("
                        + text(recipient, "rule") + "): " + text(recipient, "explanation"),
                look));
        bounceClass(text(recipient, "bounceClass"))
                .ifPresent(why -> steps.add(Step.of("", why.meaning() + " " + why.remedy(), Look.MINOR)));
        return steps;
    }

    private static Optional<BounceClass> bounceClass(String name) {
        for (BounceClass known : BounceClass.values()) {
            if (known.name().equals(name)) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    private static String stage(String name) {
        for (Stage known : Stage.values()) {
            if (known.name().equals(name)) {
                return known.toString();
            }
        }
        return lower(name);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Returns a text, cleaned; empty if there is none. */
    private static String text(JsonObject object, String name) {
        return Printable.clean(object.getString(name, ""));
    }

    private static long number(JsonObject object, String name) {
        return object.get(name) instanceof JsonNumber number ? number.longValue() : 0;
    }

    private static Optional<JsonObject> object(JsonObject object, String name) {
        return Optional.ofNullable(object.getJsonObject(name));
    }

    private static List<JsonObject> objects(JsonObject object, String name) {
        JsonArray array = object.getJsonArray(name);
        return array == null ? List.of() : array.getValuesAs(JsonObject.class);
    }
}
