// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postroad.api.Attempt;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Host;
import org.postroad.api.Outcome;
import org.postroad.api.RemoteMta;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.jakarta.Results.AddressResult;

/**
 * Builds the message of an exception about a send. The first line lists the recipients that did not get the message and the reasons,
 * grouped by reason. Further lines give hints, each once.
 */
public final class FailureText {

    /** Maximum number of reasons listed; the report and the exception chain have all. */
    static final int MAX_REASONS = 10;

    /** Maximum number of recipients listed for one reason. */
    static final int MAX_NAMED = 10;

    /** Minimum number of hosts without an answer before the network is suspected: a single one may be down. */
    private static final int SUSPICIOUS_HOSTS = 2;

    private static final int SMTP_PORT = 25;

    private FailureText() {}

    /** @param deferralHint the line to add if a recipient is deferred */
    public static String of(Results results, DeliveryReport report, String deferralHint) {
        List<AddressResult> failures = results.failures();
        if (failures.isEmpty()) {
            return "Accepted for all " + results.all().size() + " recipients";
        }
        List<String> lines = new ArrayList<>();
        lines.add("Not accepted for " + failures.size() + " of " + results.all().size() + " recipients: "
                + reasons(failures));
        if (isPortSuspicious(report)) {
            lines.add(
                    "No host answered on port " + SMTP_PORT
                            + ": many networks close that port to all but their own mail"
                            + " servers. If yours does, set mail.mx.relay and mail.mx.relay.fallback=true, or have the port opened.");
        }
        if (report.recipients().stream().anyMatch(recipient -> recipient.verdict() == Verdict.DEFERRED)) {
            lines.add(deferralHint);
        }
        return String.join("\n", lines);
    }

    private static String reasons(List<AddressResult> failures) {
        Map<String, List<AddressResult>> byReason = new LinkedHashMap<>();
        failures.forEach(failure -> byReason.computeIfAbsent(anonymous(failure), reason -> new ArrayList<>())
                .add(failure));
        List<List<AddressResult>> shown =
                byReason.values().stream().limit(MAX_REASONS).toList();
        int more = failures.size() - shown.stream().mapToInt(List::size).sum();
        return shown.stream().map(FailureText::reason).collect(Collectors.joining("; "))
                + (more > 0 ? "; and " + more + " more for other reasons" : "");
    }

    /** Returns the reason without the recipient's address, which servers quote in replies that are otherwise the same for all. */
    private static String anonymous(AddressResult failure) {
        return failure.reason()
                .toLowerCase(Locale.ROOT)
                .replace(failure.recipient().toLowerCase(Locale.ROOT), "");
    }

    private static String reason(List<AddressResult> failures) {
        int more = failures.size() - MAX_NAMED;
        return failures.stream()
                        .limit(MAX_NAMED)
                        .map(failure -> "<" + failure.recipient() + ">")
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "") + " "
                + failures.get(0).reason();
    }

    /** Returns whether several mail exchangers were contacted on port 25 and none answered. */
    private static boolean isPortSuspicious(DeliveryReport report) {
        List<Attempt> attempts = report.domains().stream()
                .flatMap(domain -> domain.attempts().stream())
                .filter(attempt -> attempt.remote().role() == RemoteMta.Role.MAIL_EXCHANGER
                        && attempt.remote().port() == SMTP_PORT)
                .toList();
        Set<Host> hosts =
                attempts.stream().map(attempt -> attempt.remote().host()).collect(Collectors.toSet());
        return hosts.size() >= SUSPICIOUS_HOSTS && attempts.stream().allMatch(FailureText::isWithoutAnswer);
    }

    private static boolean isWithoutAnswer(Attempt attempt) {
        return attempt.outcomes().stream().allMatch(result -> result.outcome() instanceof Outcome.NoAnswer);
    }
}
