// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.api.BounceClass;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.QueueShape;
import org.postroad.api.RecipientReport;
import org.postroad.provider.internal.queue.store.HistoryRows.RecipientResult;

/**
 * Why the last attempt at a waiting delivery failed, in a form that is equal for deliveries that failed for the same reason.
 *
 * @param text human-readable, at most {@link QueueShape.Reason#MAX_TEXT} characters
 */
record LastFailure(BounceClass bounceClass, EnhancedStatus status, String text) {

    /** More of a text is not considered: a server may have written it. */
    private static final int MAX_READ = 1000;

    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** A word that names a person, a message, a host or a time: with an at sign, or long and with a digit. */
    private static final Pattern VARIABLE =
            Pattern.compile("\\S*@\\S*|(?=[^\\s\\d]*\\d)(?![245]\\.\\d{1,3}\\.\\d{1,3}\\b)\\S{6,}");

    /** Returns the failure of the first recipient that waits after the attempt; empty if none does. */
    static Optional<LastFailure> of(List<RecipientResult> results) {
        return results.stream()
                .filter(result -> !result.fate().isFinal())
                .findFirst()
                .map(RecipientResult::report)
                .map(LastFailure::of);
    }

    private static LastFailure of(RecipientReport report) {
        return new LastFailure(
                report.bounceClass().orElse(BounceClass.UNDETERMINED),
                report.status(),
                common(report.decision().explanation()));
    }

    /** Returns the text with a star in place of each word that differs between deliveries. */
    static String common(String explanation) {
        String start = explanation.length() <= MAX_READ ? explanation : explanation.substring(0, MAX_READ);
        String text =
                VARIABLE.matcher(SPACES.matcher(start.strip()).replaceAll(" ")).replaceAll("*");
        return Sql.storable(text, QueueShape.Reason.MAX_TEXT);
    }

    /** Returns the columns {@code failure_class, failure_status, failure_reason}; each is empty without a failure. */
    static List<Optional<String>> columns(Optional<LastFailure> failure) {
        return List.of(
                failure.map(last -> last.bounceClass().name()),
                failure.map(last -> last.status().toString()),
                failure.map(LastFailure::text));
    }

    /** Reads a class as stored. One of another version of Postroad is undetermined. */
    static BounceClass bounceClass(String name) {
        try {
            return BounceClass.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            return BounceClass.UNDETERMINED;
        }
    }
}
