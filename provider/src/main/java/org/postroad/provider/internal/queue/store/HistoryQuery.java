// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postroad.api.HistoryFilter;

/**
 * A query of the history with its parameters, built from a filter.
 *
 * <p>The most selective criterion has an index that ends with the id, so that a page is read in order without sorting: first the key or the
 * Message-ID, then the recipient, the domain, the sender. A time is a range of ids. Fate and reason have no index: they are compared in what
 * the other criteria select, from the latest message on.
 *
 * @param sql the statement
 * @param parameters its parameters, in order
 */
public record HistoryQuery(String sql, List<Object> parameters) {

    <T> List<T> read(Connection connection, Sql.Row<T> row) throws SQLException {
        return Sql.query(connection, sql, row, parameters.toArray());
    }

    /**
     * Selects the ids of a page, in descending order.
     *
     * @param after the id that the page comes after; {@code ""}: begins with the latest
     */
    public static HistoryQuery ids(HistoryFilter filter, String after, int limit) {
        boolean oneMessage = filter.key().isPresent() || filter.messageId().isPresent();
        boolean byRecipient = filter.recipient().isPresent() || filter.domain().isPresent();
        return byRecipient && !oneMessage ? idsByRecipient(filter, after, limit) : idsByMessage(filter, after, limit);
    }

    private static HistoryQuery idsByRecipient(HistoryFilter filter, String after, int limit) {
        Conditions conditions = new Conditions();
        conditions.addRecipient(filter);
        conditions.addRange("o.message_id", filter, after);
        filter.sender().ifPresent(sender -> conditions.add("h.sender = ?", sender));
        String join = filter.sender().isPresent() ? " JOIN postroad_history h ON h.id = o.message_id" : "";
        return conditions.query(
                "SELECT DISTINCT o.message_id FROM postroad_outcome o" + join,
                "ORDER BY o.message_id DESC LIMIT ?",
                limit);
    }

    private static HistoryQuery idsByMessage(HistoryFilter filter, String after, int limit) {
        Conditions conditions = new Conditions();
        filter.key().ifPresent(key -> conditions.add("h.unique_key = ?", key));
        filter.messageId().ifPresent(id -> conditions.add("h.header_id = ?", id));
        filter.sender().ifPresent(sender -> conditions.add("h.sender = ?", sender));
        conditions.addRange("h.id", filter, after);
        Conditions ofRecipient = new Conditions();
        ofRecipient.addRecipient(filter);
        if (!ofRecipient.parameters.isEmpty()) {
            ofRecipient.add("o.message_id = h.id");
            HistoryQuery recipient = ofRecipient.query("SELECT 1 FROM postroad_outcome o", "");
            conditions.add("EXISTS (" + recipient.sql + ")", recipient.parameters.toArray());
        }
        return conditions.query("SELECT h.id FROM postroad_history h", "ORDER BY h.id DESC LIMIT ?", limit);
    }

    /** Selects the recipients of a message that match the filter, in the order of the envelope. */
    static HistoryQuery recipients(String message, HistoryFilter filter, int limit) {
        Conditions conditions = new Conditions();
        conditions.add("o.message_id = ?", message);
        conditions.addRecipient(filter);
        return conditions.query(
                "SELECT o.mailbox, o.fate, o.changed_at, o.attempts, o.status, o.rule, o.reason, o.reply_code, o.remote_role,"
                        + " o.remote_host, o.remote_address, o.remote_port, o.protection FROM postroad_outcome o",
                "ORDER BY o.position LIMIT ?",
                limit);
    }

    /** Conditions of a query, all of which must be met. {@code h} is a message, {@code o} a recipient. */
    private static final class Conditions {

        private final List<String> all = new ArrayList<>();
        private final List<Object> parameters = new ArrayList<>();

        void add(String condition, Object... values) {
            all.add(condition);
            parameters.addAll(List.of(values));
        }

        void addRecipient(HistoryFilter filter) {
            filter.recipient().ifPresent(mailbox -> add("o.mailbox = ?", mailbox));
            filter.domain()
                    .filter(domain -> filter.recipient().isEmpty()
                            || !filter.recipient().get().domain().equals(domain)) // otherwise it says nothing new
                    .ifPresent(domain -> add("o.domain = ?", domain));
            filter.fate().ifPresent(fate -> add("o.fate = ?", fate));
            filter.reason().ifPresent(text -> add("LOWER(o.reason) LIKE ? ESCAPE '!'", Sql.containing(text)));
        }

        /** The time of a message is the beginning of its id. */
        void addRange(String column, HistoryFilter filter, String after) {
            filter.queuedSince().ifPresent(time -> add(column + " >= ?", QueueIds.first(time)));
            filter.queuedBefore().ifPresent(time -> add(column + " < ?", QueueIds.first(time)));
            if (!after.isEmpty()) {
                add(column + " < ?", after);
            }
        }

        HistoryQuery query(String select, String end, Object... limit) {
            parameters.addAll(List.of(limit));
            String where = all.isEmpty() ? "" : " WHERE " + String.join(" AND ", all);
            return new HistoryQuery((select + where + " " + end).strip(), List.copyOf(parameters));
        }
    }
}
