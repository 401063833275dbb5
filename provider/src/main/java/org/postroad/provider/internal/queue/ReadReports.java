// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

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
import org.postroad.provider.internal.dsn.RecipientStatus.Line;

/**
 * The reports of all attempts at one domain, read once: which lines are about one recipient, and which about all. So the work grows with the
 * reports and with the recipients, not with their product.
 */
final class ReadReports {

    /** How a line of a report begins that is about one recipient only. */
    private static final Pattern OF_A_RECIPIENT = Pattern.compile("(result +)?<");

    /** All that is left of what did not fit into the kept report. */
    private static final String CUT = "\u2026";

    private final Set<String> recipients;
    private final List<Numbered> common = new ArrayList<>();
    private final Map<String, List<Numbered>> own = new HashMap<>();
    private final List<Line> commonLines;
    private int lines;
    private int latestReport;

    /** A line and its place among all. */
    private record Numbered(int number, Line line) {}

    /**
     * @param attempts the newest last
     * @param recipients of whom something is to be told; lines about others are left out
     */
    ReadReports(List<PastAttempt> attempts, List<Mailbox> recipients) {
        this.recipients = recipients.stream().map(ReadReports::shown).collect(Collectors.toSet());
        for (PastAttempt past : attempts) {
            latestReport = lines;
            // The first line is the domain, which is known.
            past.report().lines().skip(1).map(String::strip).forEach(line -> read(past.startedAt(), line));
        }
        this.commonLines = common.stream().map(Numbered::line).toList();
    }

    private static String shown(Mailbox recipient) {
        return Printable.clean(recipient.toString());
    }

    private void read(Instant at, String line) {
        Numbered numbered = new Numbered(lines++, new Line(at, line));
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

    /** An address may have a quoted {@code >} in it. */
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
     * The history of one recipient. Where the kept report of the last attempt had no room for it, its reply stands in.
     *
     * @param last what the attempt came to
     */
    List<Line> of(Mailbox recipient, RecipientStatus.LastAttempt last) {
        String address = shown(recipient);
        List<Numbered> ofIt = own.getOrDefault(address, List.of());
        boolean wasKept = !ofIt.isEmpty() && ofIt.get(ofIt.size() - 1).number() >= latestReport;
        Stream<Line> reply = wasKept
                ? Stream.empty()
                : last.reply().stream().map(said -> new Line(last.at(), "<" + address + "> " + said));
        if (ofIt.isEmpty()) {
            List<Line> added = reply.toList();
            return added.isEmpty()
                    ? commonLines // the same list for all of them
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
