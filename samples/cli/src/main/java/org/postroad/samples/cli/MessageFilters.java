// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Priority;
import org.postroad.api.QueueFilter;
import org.postroad.api.QueuedMail;
import picocli.CommandLine.Option;

/** The options that select messages of the queue. A message must match all that are given. */
final class MessageFilters {

    @Option(
            names = "--domain",
            paramLabel = "DOMAIN",
            converter = AddressReaders.OfDomain.class,
            description = "Messages that wait for delivery to this domain.")
    private @Nullable Domain domain;

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            converter = AddressReaders.OfMailbox.class,
            description = "Messages with this envelope sender.")
    private @Nullable Mailbox sender;

    @Option(
            names = "--recipient",
            paramLabel = "ADDRESS",
            converter = AddressReaders.OfMailbox.class,
            description = "Messages that wait for delivery to this address.")
    private @Nullable Mailbox recipient;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Messages with a delivery in this state: ${COMPLETION-CANDIDATES}.")
    private QueuedMail.@Nullable State state;

    @Option(
            names = "--priority",
            paramLabel = "PRIORITY",
            description = "Messages with a delivery of this priority: ${COMPLETION-CANDIDATES}.")
    private @Nullable Priority priority;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = Times.DurationReader.class,
            description = "Messages that were queued before, such as 2h (s, m, h, d).")
    private @Nullable Duration olderThan;

    @Option(
            names = "--newer-than",
            paramLabel = "TIME",
            converter = Times.DurationReader.class,
            description = "Messages that were queued since then.")
    private @Nullable Duration newerThan;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description =
                    "Messages whose last attempt says this, such as 'greylist'. Upper and lower case are the same.")
    private @Nullable String reason;

    /** Returns whether an option is given. */
    boolean areGiven() {
        return Stream.of(domain, sender, recipient, state, priority, olderThan, newerThan, reason)
                .anyMatch(option -> option != null);
    }

    /**
     * Returns the filter.
     *
     * @throws CliException if the text to search for is empty or too long
     */
    QueueFilter filter() {
        QueueFilter filter = QueueFilter.ALL;
        filter = domain == null ? filter : filter.withDomain(domain);
        filter = sender == null ? filter : filter.withSender(sender);
        filter = recipient == null ? filter : filter.withRecipient(recipient);
        filter = state == null ? filter : filter.withState(state);
        filter = priority == null ? filter : filter.withPriority(priority);
        Instant now = Instant.now();
        filter = olderThan == null ? filter : filter.withQueuedBefore(now.minus(olderThan));
        filter = newerThan == null ? filter : filter.withQueuedSince(now.minus(newerThan));
        try {
            return reason == null ? filter : filter.withReason(reason);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }
}
