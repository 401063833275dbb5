// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.function.IntFunction;
import org.postroad.api.Domain;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/** Reads the criteria of the operation {@code history} of the bean. */
final class HistoryCriteria {

    private HistoryCriteria() {}

    /**
     * Reads the criteria in the order of the parameters.
     *
     * @param texts those that are empty select everything
     * @throws IllegalArgumentException naming a text that cannot be read
     */
    static HistoryFilter of(IntFunction<String> texts) {
        HistoryFilter filter = HistoryFilter.ALL;
        int next = 0;
        String messageId = texts.apply(next++);
        filter = messageId.isEmpty() ? filter : filter.withMessageId(messageId);
        String sender = texts.apply(next++);
        filter = sender.isEmpty() ? filter : filter.withSender(Mailbox.parse(sender));
        String recipient = texts.apply(next++);
        filter = recipient.isEmpty() ? filter : filter.withRecipient(Mailbox.parse(recipient));
        String domain = texts.apply(next++);
        filter = domain.isEmpty() ? filter : filter.withDomain(Domain.parse(domain));
        String fate = texts.apply(next++);
        filter = fate.isEmpty() ? filter : filter.withFate(fate(fate));
        String reason = texts.apply(next++);
        filter = reason.isEmpty() ? filter : filter.withReason(reason);
        String since = texts.apply(next++);
        filter = since.isEmpty() ? filter : filter.withQueuedSince(time(since));
        String before = texts.apply(next);
        return before.isEmpty() ? filter : filter.withQueuedBefore(time(before));
    }

    private static MailHistory.Fate fate(String text) {
        return Arrays.stream(MailHistory.Fate.values())
                .filter(fate -> fate.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The fate is one of "
                        + Arrays.toString(MailHistory.Fate.values()) + ", not " + Printable.quote(text)));
    }

    /** @throws IllegalArgumentException if the text is not a time in ISO 8601 */
    static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "A time has the form 2030-01-31T12:00:00Z, not " + Printable.quote(text), e);
        }
    }
}
