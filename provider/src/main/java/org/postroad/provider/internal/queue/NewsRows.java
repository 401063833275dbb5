// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.dsn.RecipientStatus;

/** What senders are still to be told, in its table. Each method works within the caller's transaction. Without state. */
final class NewsRows {

    private static final String LINE_END = "\n"; // in no line of a reply

    private NewsRows() {}

    static void add(Connection connection, String message, List<News> news, Instant now) throws SQLException {
        for (News one : news) {
            Optional<RemoteMta> remote = one.lastAttempt().remote();
            Optional<Reply> reply = one.lastAttempt().reply();
            Sql.update(
                    connection,
                    "INSERT INTO postroad_news (message_id, event, mailbox, original, status, happened_at, remote_role, remote_host,"
                            + " remote_address, remote_port, reply_code, reply_text, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    message,
                    one.event().name(),
                    one.address().current(),
                    one.address().original(),
                    one.status(),
                    one.lastAttempt().at().toEpochMilli(),
                    remote.map(RemoteMta::role).map(Enum::name),
                    remote.map(RemoteMta::host),
                    remote.map(RemoteMta::address),
                    remote.map(RemoteMta::port).orElse(0),
                    reply.map(Reply::code).orElse(0),
                    reply.map(said -> QueueStore.brief(String.join(LINE_END, said.lines()))),
                    now.plus(Teller.PATIENCE).toEpochMilli());
        }
    }

    /** All of a message, in the order in which it happened. */
    static List<News> of(Connection connection, String message) throws SQLException {
        return Sql.query(
                connection,
                "SELECT event, mailbox, original, status, happened_at, remote_role, remote_host, remote_address, remote_port, reply_code,"
                        + " reply_text FROM postroad_news WHERE message_id = ? ORDER BY happened_at, mailbox",
                NewsRows::news,
                message);
    }

    private static News news(ResultSet row) throws SQLException {
        Optional<RemoteMta> remote = row.getInt("remote_port") == 0
                ? Optional.empty()
                : Optional.of(new RemoteMta(
                        RemoteMta.Role.valueOf(row.getString("remote_role")),
                        Host.parse(row.getString("remote_host")),
                        IpAddress.parse(row.getString("remote_address")),
                        row.getInt("remote_port")));
        Optional<Reply> reply = row.getInt("reply_code") == 0
                ? Optional.empty()
                : Optional.of(new Reply(
                        row.getInt("reply_code"),
                        List.of(row.getString("reply_text").split(LINE_END, -1))));
        return new News(
                Event.valueOf(row.getString("event")),
                new RecipientStatus.Address(
                        Mailbox.parse(row.getString("mailbox")),
                        Optional.ofNullable(row.getString("original")).map(Mailbox::parse)),
                EnhancedStatus.tryParse(row.getString("status")).orElseThrow(),
                new RecipientStatus.LastAttempt(Instant.ofEpochMilli(row.getLong("happened_at")), remote, reply));
    }

    /** Whether more is to be expected soon: something of the message is under way, or due. */
    static boolean isMoreExpected(Connection connection, String message, Instant now) throws SQLException {
        return Sql.exists(
                connection,
                "SELECT 1 FROM postroad_delivery WHERE message_id = ? AND (state = ? OR (state = ? AND due_at <= ?)) LIMIT 1",
                message,
                State.TRYING,
                State.OPEN,
                now.toEpochMilli());
    }

    /** Whether some of a message's is to be told, whatever else is to be expected. */
    static boolean isOverdue(Connection connection, String message, Instant now) throws SQLException {
        return Sql.exists(
                connection,
                "SELECT 1 FROM postroad_news WHERE message_id = ? AND due_at <= ? LIMIT 1",
                message,
                now.toEpochMilli());
    }

    /** Messages of which some is to be told, whatever else is to be expected; at most so many. */
    static List<String> overdue(Connection connection, Instant now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT DISTINCT message_id FROM postroad_news WHERE due_at <= ? LIMIT ?",
                row -> row.getString(1),
                now.toEpochMilli(),
                limit);
    }

    static void postpone(Connection connection, String message, Instant dueAt) throws SQLException {
        Sql.update(
                connection, "UPDATE postroad_news SET due_at = ? WHERE message_id = ?", dueAt.toEpochMilli(), message);
    }

    /**
     * Takes these out, if all of them are there: else somebody else tells them. Others who want the same wait until the transaction
     * is over.
     */
    static boolean take(Connection connection, String message, List<News> news) throws SQLException {
        QueueStore.lock(connection, message);
        List<News> there = of(connection, message);
        if (!new HashSet<>(there).containsAll(news)) {
            return false;
        }
        if (there.size() == news.size()) {
            forget(connection, message);
            return true;
        }
        for (News one : news) {
            Sql.update(
                    connection,
                    "DELETE FROM postroad_news WHERE message_id = ? AND event = ? AND mailbox = ?",
                    message,
                    one.event().name(),
                    one.address().current());
        }
        return true;
    }

    /** Nobody is told. */
    static void forget(Connection connection, String message) throws SQLException {
        Sql.update(connection, "DELETE FROM postroad_news WHERE message_id = ?", message);
    }
}
