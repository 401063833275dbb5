// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.report;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.postroad.provider.report.ReportPageTest.parse;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postroad.api.Attempt;
import org.postroad.api.ConnectionUse;
import org.postroad.api.DeliveryReport;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsName;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.Mailbox;
import org.postroad.api.MessageWarning;
import org.postroad.api.MtaStsResult;
import org.postroad.api.MxRecord;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RecordType;
import org.postroad.api.RefusedAddress;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.api.TlsSummary;
import org.postroad.api.TlsaRecord;

/** The JSON form of a report has every accessor of every type of a report, and is safe whatever the texts are. */
class ReportJsonTest {

    private static final String DOMAIN = "/domains/0";
    private static final String ATTEMPT = DOMAIN + "/attempts/0";
    private static final String RECIPIENT = DOMAIN + "/recipients/0";

    /** Where an object of each type is in the JSON form of {@link SampleReport#everything}. Some types are part of another's object. */
    private static final Map<Class<?>, String> PLACES = Map.ofEntries(
            entry(DeliveryReport.class, ""),
            entry(DomainReport.class, DOMAIN),
            entry(Lookup.class, DOMAIN + "/lookups/0"),
            entry(DnsAnswer.Found.class, DOMAIN + "/lookups/0"),
            entry(DnsAnswer.Alias.class, DOMAIN + "/lookups/0/aliases/0"),
            entry(DnsAnswer.NoData.class, DOMAIN + "/lookups/5"),
            entry(DnsAnswer.NoSuchName.class, DOMAIN + "/lookups/6"),
            entry(DnsAnswer.Failed.class, DOMAIN + "/lookups/7"),
            entry(MxRecord.class, DOMAIN + "/lookups/0/records/0"),
            entry(TlsaRecord.class, DOMAIN + "/lookups/1/records/0"),
            entry(MtaStsResult.class, DOMAIN + "/mtaSts"),
            entry(RefusedAddress.class, DOMAIN + "/refusedAddresses/0"),
            entry(Attempt.class, ATTEMPT),
            entry(ConnectionUse.class, ATTEMPT + "/connection"),
            entry(RemoteMta.class, ATTEMPT + "/remote"),
            entry(TlsSummary.class, ATTEMPT + "/tls"),
            entry(TlsSummary.Handshake.class, ATTEMPT + "/tls/handshake"),
            entry(RecipientOutcome.class, ATTEMPT + "/outcomes/1"),
            entry(Outcome.Accepted.class, ATTEMPT + "/outcomes/0/outcome"),
            entry(Outcome.Refused.class, ATTEMPT + "/outcomes/1/outcome"),
            entry(Outcome.NoAnswer.class, ATTEMPT + "/outcomes/2/outcome"),
            entry(Outcome.BadConnection.class, ATTEMPT + "/outcomes/3/outcome"),
            entry(Outcome.InDoubt.class, ATTEMPT + "/outcomes/4/outcome"),
            entry(Outcome.HostUnsuitable.class, ATTEMPT + "/outcomes/5/outcome"),
            entry(Reply.class, ATTEMPT + "/outcomes/1/outcome/reply"),
            entry(RecipientReport.class, RECIPIENT),
            entry(RecipientReport.Decision.class, RECIPIENT),
            entry(RecipientReport.DecidedBy.class, RECIPIENT + "/decidedBy"),
            entry(InvalidRecipient.class, "/invalidRecipients/0"),
            entry(MessageWarning.class, "/warnings/0"));

    /** Types that are a text in JSON. All enums are, too. */
    private static final Set<Class<?>> TEXTS = Set.of(
            Domain.class,
            DnsName.class,
            EnhancedStatus.class,
            Host.class,
            HostName.class,
            IpAddress.class,
            Mailbox.class,
            RecordType.class);

    /** Fields that do not have the accessor's name. */
    private static final Map<String, String> NAMES =
            Map.of("isComplete", "complete", "ttl", "ttlSeconds", "duration", "durationMillis");

    /** Accessors that say in another way what is in other fields. */
    private static final Set<String> DERIVED = Set.of(
            "describe",
            "explain",
            "toJson",
            "DeliveryReport.recipients", // those of the domains
            "InvalidRecipient.decision", // rule, explanation
            "RecipientReport.decision",
            "RecipientReport.reply", // that of decidedBy
            "serverReply",
            "recordsOrNone",
            "failure",
            "Failed.reason", // cause, detail
            "Failed.cast",
            "Failed.aliases", // never any
            "MxRecord.isNull",
            "Reply.status", // enhancedStatus, code
            "isPositive",
            "isIntermediate",
            "isTransientFailure",
            "isPermanentFailure",
            "closesConnection",
            "approximateSize");

    private static final JsonObject JSON = parse(SampleReport.everything("x").toJson());

    static Stream<Class<?>> types() {
        return PLACES.keySet().stream();
    }

    static Stream<Arguments> places() {
        return PLACES.entrySet().stream().map(place -> Arguments.of(place.getKey(), place.getValue()));
    }

    private static boolean isDerived(Class<?> type, Method accessor) {
        return DERIVED.contains(accessor.getName())
                || DERIVED.contains(type.getSimpleName() + "." + accessor.getName());
    }

    @ParameterizedTest
    @MethodSource("places")
    void json_hasEachAccessorOfEachTypeOfAReport(Class<?> type, String place) {
        JsonObject object = place.isEmpty()
                ? JSON
                : Json.createPointer(place).getValue(JSON).asJsonObject();
        assertThat(JsonAccessors.of(type).filter(accessor -> !isDerived(type, accessor)))
                .as("accessors of %s in its JSON form: add the new one to ReportJson and REPORT.md", type)
                .isNotEmpty()
                .allSatisfy(accessor ->
                        assertThat(object).containsKey(NAMES.getOrDefault(accessor.getName(), accessor.getName())));
    }

    @ParameterizedTest
    @MethodSource("types")
    void json_eachTypeThatAnAccessorLeadsToIsKnown(Class<?> type) {
        Set<Class<?>> reached =
                JsonAccessors.typesOf(JsonAccessors.of(type).filter(accessor -> !isDerived(type, accessor)), TEXTS);
        assertThat(reached).as("types of the accessors of %s", type).isSubsetOf(PLACES.keySet());
    }

    @Test
    void json_eachTypeOfDnsRecordIsKnown() {
        assertThat(RecordType.all())
                .allSatisfy(type -> assertThat(type.javaType() == String.class
                                || TEXTS.contains(type.javaType())
                                || PLACES.containsKey(type.javaType()))
                        .as("%s", type)
                        .isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "\"quoted\" \\ and / </script>",
                "two\r\nlines\u0000\t\u001b[31m\u007f\u0085",
                "\u2028\u2029\u202e\u200b\ufeff",
                "M\u00fcller \ud83d\ude00"
            })
    void json_textsAreExactAndTheFormIsOneLineOfAscii(String text) {
        String json = SampleReport.everything(text).toJson();
        assertThat(json).matches("[ -~]+");
        JsonObject parsed = parse(json);
        assertThat(parsed.getJsonArray("invalidRecipients").getJsonObject(0).getString("address"))
                .isEqualTo(text);
        assertThat(Json.createPointer(ATTEMPT + "/outcomes/1/outcome/reply/lines/1")
                        .getValue(parsed))
                .isEqualTo(Json.createValue(text));
        assertThat(Json.createPointer(DOMAIN + "/lookups/3/records/0").getValue(parsed))
                .isEqualTo(Json.createValue(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "\udc00", "\ud83d\ud83d\ude00", "\udc00\ud800", "a\udfff"})
    void json_halfOfASurrogatePairBecomesTheReplacementCharacter(String text) {
        String json = SampleReport.everything(text).toJson();
        assertThat(parse(json)
                        .getJsonArray("invalidRecipients")
                        .getJsonObject(0)
                        .getString("address"))
                .isEqualTo(text.codePoints()
                        .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    @Test
    void json_valuesHaveTheirTypes() {
        JsonObject json = parse(SampleReport.example().toJson());
        Map<String, JsonValue> expected = new LinkedHashMap<>();
        expected.put("/version", Json.createValue(1));
        expected.put("/complete", JsonValue.FALSE);
        expected.put(DOMAIN + "/lookups/0/ttlSeconds", Json.createValue(3600));
        expected.put(ATTEMPT + "/startedAt", Json.createValue("2026-03-01T08:30:00.250Z"));
        expected.put(ATTEMPT + "/durationMillis", Json.createValue(250));
        expected.put(ATTEMPT + "/remote/family", Json.createValue("IPV6"));
        expected.put(DOMAIN + "/recipients/1/bounceClass", Json.createValue("BAD_MAILBOX"));
        expected.forEach((place, value) ->
                assertThat(Json.createPointer(place).getValue(json)).as(place).isEqualTo(value));
        assertThat(json.getJsonArray("domains")
                        .getJsonObject(0)
                        .getJsonArray("recipients")
                        .getJsonObject(0))
                .as("a delivered recipient")
                .doesNotContainKey("bounceClass");
    }

    @Test
    void json_ofAnEmptyReportHasItsLists() {
        assertThat(new DeliveryReport(List.of()).toJson())
                .isEqualTo("{\"version\":1,\"complete\":true,\"domains\":[],\"invalidRecipients\":[],\"warnings\":[]}");
    }
}
