// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HistoryFilter;
import org.postroad.api.MailHistory;
import org.postroad.api.MailHistory.AttemptResult;
import org.postroad.api.MailHistory.RecipientHistory;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.TlsSummary;

/** Reads the history page by page, the latest messages first. What cannot be read of an entry is left out. Stateless. */
public final class HistoryListing {

    /** Maximum number of recipients of each message in a list. */
    static final int MAX_LISTED = 100;

    /** Maximum number of recipients of a single message. */
    static final int MAX_SHOWN = 10_000;

    private HistoryListing() {}

    /** Returns up to {@code limit} messages, in descending order of ids, starting after the given id; {@code ""}: with the latest. */
    public static List<MailHistory> list(Connection connection, HistoryFilter filter, String after, int limit)
            throws SQLException {
        List<MailHistory> page = new ArrayList<>();
        for (String id : HistoryQuery.ids(filter, after, limit).read(connection, row -> row.getString(1))) {
            read(connection, id, filter, MAX_LISTED).ifPresent(page::add);
        }
        return page;
    }

    /** Returns a message with all its recipients. */
    public static Optional<MailHistory> show(Connection connection, String id) throws SQLException {
        return read(connection, id, HistoryFilter.ALL, MAX_SHOWN);
    }

    private static Optional<MailHistory> read(Connection connection, String id, HistoryFilter filter, int limit)
            throws SQLException {
        List<RecipientHistory> recipients =
                HistoryQuery.recipients(id, filter, limit).read(connection, HistoryListing::recipient).stream()
                        .flatMap(Optional::stream)
                        .toList();
        return Sql.query(
                        connection,
                        "SELECT queued_at, sender, header_id, subject, size, envelope_id, unique_key FROM postroad_history WHERE id = ?",
                        row -> message(row, id, recipients),
                        id)
                .stream()
                .findFirst();
    }

    private static MailHistory message(ResultSet row, String id, List<RecipientHistory> recipients)
            throws SQLException {
        return new MailHistory(
                id,
                Instant.ofEpochMilli(row.getLong("queued_at")),
                Optional.ofNullable(row.getString("sender")).flatMap(HistoryListing::mailbox),
                Optional.ofNullable(row.getString("header_id")),
                Optional.ofNullable(row.getString("subject")),
                row.getLong("size"),
                Optional.ofNullable(row.getString("envelope_id")),
                Optional.ofNullable(row.getString("unique_key")),
                recipients);
    }

    private static Optional<Mailbox> mailbox(String text) {
        try {
            return Optional.of(Mailbox.parse(text));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<RecipientHistory> recipient(ResultSet row) throws SQLException {
        try {
            return Optional.of(new RecipientHistory(
                    Mailbox.parse(row.getString("mailbox")),
                    MailHistory.Fate.valueOf(row.getString("fate")),
                    Instant.ofEpochMilli(row.getLong("changed_at")),
                    row.getInt("attempts"),
                    result(row)));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<AttemptResult> result(ResultSet row) throws SQLException {
        Optional<EnhancedStatus> status =
                Optional.ofNullable(row.getString("status")).flatMap(EnhancedStatus::tryParse);
        if (status.isEmpty()) {
            return Optional.empty();
        }
        int replyCode = row.getInt("reply_code");
        return Optional.of(new AttemptResult(
                status.get(),
                new RecipientReport.Decision(row.getString("rule"), row.getString("reason")),
                replyCode == 0 ? Optional.empty() : Optional.of(replyCode),
                PendingNoticeRows.remote(row),
                Optional.ofNullable(row.getString("protection")).map(TlsSummary.Level::valueOf)));
    }
}
