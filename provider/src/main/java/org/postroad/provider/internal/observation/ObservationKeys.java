// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.observation;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Attempt;
import org.postroad.api.BounceClass;
import org.postroad.api.MailContext;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RecipientReport;
import org.postroad.api.RemoteMta;
import org.postroad.api.Verdict;

/**
 * Names and keys of the observations. Those of OpenTelemetry's semantic conventions for messaging and networks are used where they exist;
 * {@code postroad.*} are our own. Each observation has the same keys of low cardinality in every case, as metrics demand. Stateless.
 */
public final class ObservationKeys {

    /** A send, as in the messaging conventions. */
    public static final String SEND = "messaging.client.operation.duration";

    /** The delivery to one domain, a child of the send. */
    public static final String DOMAIN = "postroad.domain";

    /** A contact with one host, a child of the delivery to the domain. */
    public static final String CONTACT = "postroad.contact";

    static final String OTHER = "mixed";

    private ObservationKeys() {}

    /** Returns the keys of low cardinality that are known at the start of a send or of a delivery. */
    static KeyValues ofMail(MailContext mail) {
        return KeyValues.of(
                KeyValue.of("messaging.system", "smtp"),
                KeyValue.of("messaging.operation.name", "send"),
                KeyValue.of("messaging.operation.type", "send"),
                KeyValue.of("postroad.protocol", mail.queueId().isPresent() ? "mxqueue" : "mx"));
    }

    /** Returns the keys of high cardinality that identify the mail. No address of a person is among them. */
    static KeyValues identity(MailContext mail) {
        KeyValues keys = KeyValues.empty();
        if (mail.messageId().isPresent()) {
            keys = keys.and("messaging.message.id", mail.messageId().get());
        }
        if (mail.queueId().isPresent()) {
            keys = keys.and(KeyValue.of("postroad.queue.id", mail.queueId().get()))
                    .and(KeyValue.of("postroad.attempt", String.valueOf(mail.attempt())));
        }
        return keys;
    }

    /** Returns the keys of a result: of recipients whose results differ, the worst one counts. */
    static KeyValues ofReports(List<RecipientReport> reports) {
        Optional<RecipientReport> worst = worst(reports);
        Set<Verdict> verdicts = reports.stream().map(RecipientReport::verdict).collect(Collectors.toSet());
        Optional<BounceClass> bounceClass = worst.flatMap(RecipientReport::bounceClass);
        return KeyValues.of(
                KeyValue.of("error.type", name(bounceClass)),
                KeyValue.of(
                        "postroad.verdict",
                        verdicts.size() == 1
                                ? lowerCase(verdicts.iterator().next())
                                : verdicts.isEmpty() ? KeyValue.NONE_VALUE : OTHER),
                KeyValue.of(
                        "postroad.status.class",
                        worst.map(report -> report.status().toString().substring(0, 1) + ".x.x")
                                .orElse(KeyValue.NONE_VALUE)),
                KeyValue.of("postroad.bounce.class", name(bounceClass)));
    }

    /** Returns a result of the highest status class. */
    static Optional<RecipientReport> worst(List<RecipientReport> reports) {
        return reports.stream()
                .max(Comparator.comparing(report -> report.status().toString().charAt(0)));
    }

    /** Returns the keys of a contact; all are {@code none} if it ended without a result. */
    static KeyValues ofContact(Optional<Attempt> attempt) {
        Optional<BounceClass> bounceClass = attempt.flatMap(ObservationKeys::bounceClass);
        return KeyValues.of(
                KeyValue.of("network.transport", "tcp"),
                KeyValue.of(
                        "network.type",
                        attempt.map(Attempt::remote)
                                .map(RemoteMta::family)
                                .map(ObservationKeys::lowerCase)
                                .orElse(KeyValue.NONE_VALUE)),
                KeyValue.of("error.type", name(bounceClass)),
                KeyValue.of(
                        "postroad.protection",
                        attempt.map(one -> lowerCase(one.tls().level())).orElse(KeyValue.NONE_VALUE)),
                KeyValue.of(
                        "postroad.stage",
                        attempt.map(one -> lowerCase(stage(one))).orElse(KeyValue.NONE_VALUE)),
                KeyValue.of("postroad.bounce.class", name(bounceClass)));
    }

    /** Returns the keys of high cardinality that identify a host. */
    static KeyValues ofRemote(RemoteMta remote) {
        return KeyValues.of(
                KeyValue.of("server.address", remote.host().toString()),
                KeyValue.of("server.port", String.valueOf(remote.port())),
                KeyValue.of("network.peer.address", remote.address().toString()),
                KeyValue.of("network.peer.port", String.valueOf(remote.port())));
    }

    static Optional<BounceClass> bounceClass(Attempt attempt) {
        return attempt.outcomes().stream()
                .flatMap(outcome -> outcome.bounceClass().stream())
                .findFirst();
    }

    private static Enum<?> stage(Attempt attempt) {
        return attempt.outcomes().stream()
                .map(RecipientOutcome::stage)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static String name(Optional<? extends Enum<?>> value) {
        return value.map(ObservationKeys::lowerCase).orElse(KeyValue.NONE_VALUE);
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
