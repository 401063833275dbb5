// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.notice;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.QueuedMail.PastAttempt;
import org.postroad.provider.internal.dsn.RecipientStatus;
import org.postroad.provider.internal.dsn.RecipientStatus.HistoryLine;

/**
 * Parses the reports of all attempts at one domain once, and separates lines about one recipient from lines about all. So the effort grows
 * with the number of reports plus that of recipients, not with their product.
 */
final class AttemptHistories {

    /** Matches the start of a report line about a single recipient. */
    private static final Pattern OF_A_RECIPIENT = Pattern.compile("(result +)?<");

    /** Marks the end of a stored report that was cut. A line with nothing else is ignored. */
    private static final String CUT = "\u2026";

    private final Set<String> recipients;
    private final List<Numbered> common = new ArrayList<>();
    private final Map<String, List<Numbered>> own = new HashMap<>();
    private final List<HistoryLine> commonLines;
    private int lines;
    private int latestReport;

    /** A line and its index among all lines. */
    private record Numbered(int number, HistoryLine line) {}

    /**
     * @param attempts in ascending order
     * @param recipients the recipients that a notice is about; lines about others are ignored
     */
    AttemptHistories(List<PastAttempt> attempts, List<Mailbox> recipients) {
        this.recipients = recipients.stream().map(AttemptHistories::shown).collect(Collectors.toSet());
        for (PastAttempt past : attempts) {
            latestReport = lines;
            // Skip the first line: it is the domain.
            past.report().lines().skip(1).map(String::strip).forEach(line -> read(past.startedAt(), line));
        }
        this.commonLines = common.stream().map(Numbered::line).toList();
    }

    private static String shown(Mailbox recipient) {
        return Printable.clean(recipient.toString());
    }

    private void read(Instant at, String line) {
        Numbered numbered = new Numbered(lines++, new HistoryLine(at, line));
        if (!OF_A_RECIPIENT.matcher(line).lookingAt()) {
            if (!line.equals(CUT)) {
                common.add(numbered);
            }
            return;
        }
        recipientOf(line)
                .ifPresent(one ->
                        own.computeIfAbsent(one, first -> new ArrayList<>()).add(numbered));
    }

    /** Returns the recipient that a line is about. An address may contain a quoted {@code >}. */
    private Optional<String> recipientOf(String line) {
        int begin = line.indexOf('<') + 1;
        int end = line.indexOf('>', begin);
        while (end >= 0 && end - begin <= Mailbox.MAX_LENGTH) {
            String address = line.substring(begin, end);
            if (recipients.contains(address)) {
                return Optional.of(address);
            }
            end = line.indexOf('>', end + 1);
        }
        return Optional.empty();
    }

    /**
     * Returns the history of one recipient. If the stored report of the last attempt was cut before that recipient, its reply is added.
     *
     * @param last the result of the last attempt
     */
    List<HistoryLine> of(Mailbox recipient, RecipientStatus.LastAttempt last) {
        String address = shown(recipient);
        List<Numbered> ofIt = own.getOrDefault(address, List.of());
        boolean wasKept = !ofIt.isEmpty() && ofIt.get(ofIt.size() - 1).number() >= latestReport;
        Stream<HistoryLine> reply = wasKept
                ? Stream.empty()
                : last.reply().stream().map(said -> new HistoryLine(last.at(), "<" + address + "> " + said));
        if (ofIt.isEmpty()) {
            List<HistoryLine> added = reply.toList();
            return added.isEmpty()
                    ? commonLines // one list shared by all of them
                    : Stream.concat(commonLines.stream(), added.stream()).toList();
        }
        return Stream.concat(
                        Stream.concat(common.stream(), ofIt.stream())
                                .sorted(Comparator.comparingInt(Numbered::number))
                                .map(Numbered::line),
                        reply)
                .toList();
    }
}
