// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the explanation of a report says in addition to its short form: the {@code toString} of the same part. All of it is cleaned. */
final class ReportDetails {

    private ReportDetails() {}

    /** {@return how long the answer is valid, its security and its aliases; empty after a failure} */
    static String of(Lookup<?> lookup) {
        return of(lookup.answer());
    }

    private static <R> String of(DnsAnswer<R> answer) {
        return answer.<Optional<String>>fold(
                        found -> Optional.of(validity(found.ttl(), found.security())),
                        noData -> Optional.of(validity(noData.ttl(), noData.security())),
                        noSuchName -> Optional.of(validity(noSuchName.ttl(), noSuchName.security())),
                        failed -> Optional.empty())
                .map(validity -> answer.aliases().stream()
                        .map(alias -> "; alias " + alias)
                        .collect(Collectors.joining("", " (" + validity, ")")))
                .orElse("");
    }

    private static String validity(Duration ttl, Security security) {
        return "TTL " + ttl.toSeconds() + " s, security " + security.name().toLowerCase(Locale.ROOT);
    }

    /** {@return one line for each address found in DNS and not refused, and for each other address contacted: what became of it} */
    static List<String> addresses(List<Lookup<?>> lookups, List<RefusedAddress> refused, List<Attempt> attempts) {
        Set<String> listed = new LinkedHashSet<>();
        for (Lookup<?> lookup : lookups) {
            lookup.answer().recordsOrNone().stream()
                    .filter(IpAddress.class::isInstance)
                    .forEach(address -> listed.add(lookup.name() + " " + address));
        }
        Map<String, Stage> reached = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            String address = attempt.remote().host() + " " + attempt.remote().address();
            attempt.outcomes().forEach(outcome -> reached.merge(address, outcome.stage(), ReportDetails::later));
        }
        Set<String> ruledOut = refused.stream()
                .map(address -> address.host() + " " + address.address())
                .collect(Collectors.toSet());
        List<String> lines = new ArrayList<>();
        for (String address : listed) {
            if (!ruledOut.contains(address)) {
                lines.add(address + ": "
                        + (reached.containsKey(address)
                                ? "contacted, as far as " + reached.get(address)
                                : "not contacted"));
            }
        }
        reached.forEach((address, stage) -> {
            if (!listed.contains(address)) {
                lines.add(address + ": contacted, as far as " + stage
                        + "; not from DNS, but synthesized (NAT64) or named");
            }
        });
        return lines;
    }

    private static Stage later(Stage one, Stage other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** {@return role, time and duration of the contact, the connection, and the certificate} */
    static List<String> of(Attempt attempt) {
        RemoteMta.Role role = attempt.remote().role();
        List<String> lines = new ArrayList<>();
        lines.add(role.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", from " + attempt.startedAt() + " for "
                + attempt.duration().toMillis() + " ms");
        attempt.connection().ifPresent(use -> lines.add(of(use)));
        attempt.tls()
                .handshake()
                .ifPresent(agreed -> lines.add(
                        "certificate of " + String.join(", ", agreed.names()) + ", SHA-256 " + agreed.fingerprint()));
        return lines;
    }

    private static String of(ConnectionUse use) {
        String stages = use.stages().entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue().toMillis() + " ms")
                .collect(Collectors.joining(", "));
        return "connection " + use.number()
                + (use.earlierTransactions() == 0
                        ? ""
                        : ", which had carried " + use.earlierTransactions() + " transactions before")
                + (stages.isEmpty() ? "" : ": " + stages);
    }

    /** {@return what the result means, why it is so and what to do} */
    static List<String> of(RecipientReport report) {
        return Stream.concat(
                        Stream.of(report.verdict() + ": " + report.verdict().meaning()),
                        report.bounceClass().stream().map(ReportDetails::of))
                .toList();
    }

    /** {@return class, meaning and remedy} */
    static String of(BounceClass bounceClass) {
        return bounceClass + ": " + bounceClass.meaning() + " " + bounceClass.remedy();
    }
}
