// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
        Set<String> ruledOut = refused.stream()
                .map(address -> address.host() + " " + address.address())
                .collect(Collectors.toSet());
        List<String> contacted = attempts.stream()
                .map(attempt -> attempt.remote().host() + " " + attempt.remote().address())
                .toList();
        List<String> lines = new ArrayList<>();
        for (String address : listed) {
            if (!ruledOut.contains(address)) {
                lines.add(address + ": " + contacts(address, contacted));
            }
        }
        for (String address : new LinkedHashSet<>(contacted)) {
            if (!listed.contains(address)) {
                lines.add(address + ": " + contacts(address, contacted)
                        + "; not from DNS, but synthesized (NAT64) or named");
            }
        }
        return lines;
    }

    private static String contacts(String address, List<String> contacted) {
        long times = contacted.stream().filter(address::equals).count();
        return times == 0 ? "not contacted" : times == 1 ? "contacted" : "contacted " + times + " times";
    }

    /** {@return role, time and duration of the contact, and the certificate} */
    static String of(Attempt attempt) {
        return attempt.remote().role().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                + ", from " + attempt.startedAt() + " for " + attempt.duration().toMillis() + " ms"
                + attempt.tls()
                        .handshake()
                        .map(agreed -> ", certificate of " + String.join(", ", agreed.names()) + ", SHA-256 "
                                + agreed.fingerprint())
                        .orElse("");
    }

    /** {@return what the result means, why it is so, and where it was decided} */
    static List<String> of(RecipientReport report) {
        return Stream.of(
                        Stream.of(report.verdict() + ": " + report.verdict().meaning()),
                        report.bounceClass().stream().map(ReportDetails::of),
                        report.decidedBy().stream()
                                .map(by -> "decided by " + by.remote() + " at " + by.stage() + ": "
                                        + by.outcome().describeAt(by.remote())))
                .flatMap(lines -> lines)
                .toList();
    }

    /** {@return class, meaning and remedy} */
    static String of(BounceClass bounceClass) {
        return bounceClass + ": " + bounceClass.meaning() + " " + bounceClass.remedy();
    }
}
