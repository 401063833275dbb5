// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.QueuedMail.State;
import org.postroad.api.RemoteMta;
import org.postroad.api.Reply;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.dsn.RecipientStatus;

/**
 * The table of pending notices. A row that cannot be read, or for which no notice can be written, is set aside; the other rows are
 * processed. Each method runs within the caller's transaction. Stateless.
 */
public final class PendingNoticeRows {

    private static final String LINE_END = "\n"; // occurs in no line of a reply

    /** The due time of rows that are set aside. */
    private static final long NEVER = Long.MAX_VALUE;

    /** Maximum number of unreadable or unsendable rows that are listed. */
    private static final int SHOWN = 10;

    /** How long a pending notice waits for more about the same message. */
    public static final Duration GATHERING_TIME = Duration.ofMinutes(1);

    private PendingNoticeRows() {}

    /**
     * The pending notices of a message.
     *
     * @param readable readable notices, in the order of events
     * @param damaged rows that cannot be read and are not set aside yet
     */
    public record FoundNotices(List<PendingNotice> readable, List<DamagedNotice> damaged) {}

    /**
     * A row that cannot be read.
     *
     * @param event as stored in the row
     * @param mailbox as stored in the row
     * @param reason human-readable
     */
    public record DamagedNotice(String event, String mailbox, String reason) {}

    static void add(Connection connection, String message, List<PendingNotice> notices, Instant now)
            throws SQLException {
        for (PendingNotice one : notices) {
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
                    reply.map(said -> Sql.storable(String.join(LINE_END, said.lines()))),
                    now.plus(GATHERING_TIME).toEpochMilli());
        }
    }

    /** Returns all pending notices of a message that are not set aside. */
    public static FoundNotices find(Connection connection, String message) throws SQLException {
        FoundNotices found = new FoundNotices(new ArrayList<>(), new ArrayList<>());
        readEach(connection, message, "AND due_at <> " + NEVER, (row, notice, damaged) -> {
            notice.ifPresent(found.readable::add);
            damaged.ifPresent(found.damaged::add);
        });
        return found;
    }

    /** Receives each row, either as a pending notice or as damaged. */
    @FunctionalInterface
    private interface RowReader {
        void take(ResultSet row, Optional<PendingNotice> notice, Optional<DamagedNotice> damaged) throws SQLException;
    }

    private static void readEach(Connection connection, String message, String condition, RowReader reader)
            throws SQLException {
        Sql.query(
                connection,
                "SELECT event, mailbox, original, status, happened_at, remote_role, remote_host, remote_address, remote_port, reply_code,"
                        + " reply_text, due_at FROM postroad_news WHERE message_id = ? " + condition
                        + " ORDER BY happened_at, mailbox",
                row -> {
                    Optional<PendingNotice> notice = Optional.empty();
                    Optional<DamagedNotice> damaged = Optional.empty();
                    try {
                        notice = Optional.of(notice(row));
                    } catch (RuntimeException e) {
                        damaged = Optional.of(new DamagedNotice(
                                row.getString("event"), row.getString("mailbox"), DeliveryRows.reason(e)));
                    }
                    reader.take(row, notice, damaged);
                    return true;
                },
                message);
    }

    /** Returns a human-readable list of a message's notices that cannot be sent; empty if there are none. */
    static Optional<String> damage(Connection connection, String message) throws SQLException {
        List<String> found = new ArrayList<>();
        readEach(connection, message, "", (row, notice, damaged) -> {
            String about = "the notice about " + Printable.quote(row.getString("mailbox")) + ": ";
            damaged.ifPresent(one -> found.add(about + one.reason()));
            if (damaged.isEmpty() && row.getLong("due_at") == NEVER) {
                found.add(about + "it could not be written, and is set aside");
            }
        });
        if (found.isEmpty()) {
            return Optional.empty();
        }
        String shown = String.join("; ", found.subList(0, Math.min(SHOWN, found.size())));
        return Optional.of(found.size() <= SHOWN ? shown : shown + "; and " + (found.size() - SHOWN) + " more");
    }

    /** Sets a row that cannot be read aside until its message is released. Other rows are not affected. */
    public static void setAside(Connection connection, String message, DamagedNotice damaged) throws SQLException {
        int changed = Sql.update(
                connection,
                "UPDATE postroad_news SET due_at = ? WHERE message_id = ? AND event = ? AND mailbox = ? AND due_at <> ?",
                NEVER,
                message,
                damaged.event(),
                damaged.mailbox(),
                NEVER);
        if (changed == 1) {
            System.getLogger(PendingNoticeRows.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "The notice about " + Printable.quote(damaged.mailbox()) + " to the sender of the message "
                                    + message + " is set aside until the message is released or removed, because "
                                    + damaged.reason());
        }
    }

    /** Sets all rows of a message aside. Returns the number of rows newly set aside. */
    public static int setAside(Connection connection, String message) throws SQLException {
        return Sql.update(
                connection,
                "UPDATE postroad_news SET due_at = ? WHERE message_id = ? AND due_at <> ?",
                NEVER,
                message,
                NEVER);
    }

    /** Makes rows that were set aside due again. */
    public static void release(Connection connection, String message, Instant now) throws SQLException {
        Sql.update(
                connection,
                "UPDATE postroad_news SET due_at = ? WHERE message_id = ? AND due_at = ?",
                now.toEpochMilli(),
                message,
                NEVER);
    }

    /** Deletes rows that are set aside, and rows that cannot be read. */
    public static void discardDamaged(Connection connection, String message) throws SQLException {
        for (DamagedNotice damaged : find(connection, message).damaged()) {
            remove(connection, message, damaged.event(), damaged.mailbox());
        }
        Sql.update(connection, "DELETE FROM postroad_news WHERE message_id = ? AND due_at = ?", message, NEVER);
    }

    private static void remove(Connection connection, String message, String event, String mailbox)
            throws SQLException {
        Sql.update(
                connection,
                "DELETE FROM postroad_news WHERE message_id = ? AND event = ? AND mailbox = ?",
                message,
                event,
                mailbox);
    }

    private static PendingNotice notice(ResultSet row) throws SQLException {
        Optional<RemoteMta> remote = remote(row);
        Optional<Reply> reply = row.getInt("reply_code") == 0
                ? Optional.empty()
                : Optional.of(new Reply(
                        row.getInt("reply_code"),
                        List.of(row.getString("reply_text").split(LINE_END, -1))));
        return new PendingNotice(
                Event.valueOf(row.getString("event")),
                new RecipientStatus.Address(
                        Mailbox.parse(row.getString("mailbox")),
                        Optional.ofNullable(row.getString("original")).map(Mailbox::parse)),
                EnhancedStatus.tryParse(row.getString("status")).orElseThrow(),
                new RecipientStatus.LastAttempt(Instant.ofEpochMilli(row.getLong("happened_at")), remote, reply));
    }

    /** Reads the columns {@code remote_*}; empty if no host was contacted. */
    static Optional<RemoteMta> remote(ResultSet row) throws SQLException {
        int port = row.getInt("remote_port");
        return port == 0
                ? Optional.empty()
                : Optional.of(new RemoteMta(
                        RemoteMta.Role.valueOf(row.getString("remote_role")),
                        Host.parse(row.getString("remote_host")),
                        IpAddress.parse(row.getString("remote_address")),
                        port));
    }

    /** Returns whether more notices are to be expected soon: a delivery of the message is in progress or due. */
    public static boolean isMoreExpected(Connection connection, String message, Instant now) throws SQLException {
        return Sql.exists(
                connection,
                "SELECT 1 FROM postroad_delivery WHERE message_id = ? AND (state = ? OR (state = ? AND due_at <= ?)) LIMIT 1",
                message,
                State.TRYING,
                State.OPEN,
                now.toEpochMilli());
    }

    /** Returns whether a notice of the message is due, even if more are to be expected. */
    public static boolean isDue(Connection connection, String message, Instant now) throws SQLException {
        return Sql.exists(
                connection,
                "SELECT 1 FROM postroad_news WHERE message_id = ? AND due_at <= ? LIMIT 1",
                message,
                now.toEpochMilli());
    }

    /** Returns up to {@code limit} messages with a notice that is due, even if more are to be expected. */
    public static List<String> overdue(Connection connection, Instant now, int limit) throws SQLException {
        return Sql.query(
                connection,
                "SELECT DISTINCT message_id FROM postroad_news WHERE due_at <= ? LIMIT ?",
                row -> row.getString(1),
                now.toEpochMilli(),
                limit);
    }

    /** Sets when the notices of a message are sent at the latest, except for those that are set aside. */
    public static void setDue(Connection connection, String message, Instant dueAt) throws SQLException {
        Sql.update(
                connection,
                "UPDATE postroad_news SET due_at = ? WHERE message_id = ? AND due_at <> ?",
                dueAt.toEpochMilli(),
                message,
                NEVER);
    }

    /**
     * Deletes these rows if all of them are still present; otherwise another thread or process sends the notice. Concurrent callers for the
     * same message wait until this transaction ends.
     *
     * @return whether the rows were present and are deleted
     */
    public static boolean claim(Connection connection, String message, List<PendingNotice> notices)
            throws SQLException {
        MessageRows.lock(connection, message);
        FoundNotices there = find(connection, message);
        if (!new HashSet<>(there.readable()).containsAll(notices)) {
            return false;
        }
        if (there.readable().size() == notices.size() && there.damaged().isEmpty()) {
            Sql.update(connection, "DELETE FROM postroad_news WHERE message_id = ? AND due_at <> ?", message, NEVER);
            return true;
        }
        for (PendingNotice one : notices) {
            remove(
                    connection,
                    message,
                    one.event().name(),
                    one.address().current().toString());
        }
        return true;
    }

    /** Deletes all pending notices of a message without sending them. */
    public static void discard(Connection connection, String message) throws SQLException {
        Sql.update(connection, "DELETE FROM postroad_news WHERE message_id = ?", message);
    }
}
