// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postroad.api.MailHistory.Fate;
import org.postroad.api.QueueActivity;
import org.postroad.api.QueueActivity.Interval;

/** Counts what the history has, by time. Takes two statements; one of them reads the results of all recipients once. Stateless. */
public final class ActivityRows {

    private static final String QUEUED =
            "SELECT begins, COUNT(*) AS number FROM (SELECT queued_at - (queued_at - ?) % ? AS begins FROM postroad_history"
                    + " WHERE id >= ? AND queued_at >= ? AND queued_at < ?) h GROUP BY begins";

    private static final String SETTLED =
            "SELECT begins, fate, COUNT(*) AS number FROM (SELECT changed_at - (changed_at - ?) % ? AS begins, fate"
                    + " FROM postroad_outcome WHERE changed_at >= ? AND changed_at < ?) o GROUP BY begins, fate";

    private ActivityRows() {}

    /** What was counted: a time and a fate. */
    private record FateAt(long start, Fate fate) {}

    /**
     * Returns the activity of a number of intervals.
     *
     * @param since when the first interval begins
     * @param length of each interval
     */
    public static QueueActivity read(Connection connection, Instant since, Duration length, int intervals)
            throws SQLException {
        long first = since.toEpochMilli();
        long step = length.toMillis();
        long end = first + step * intervals;
        Map<Long, Long> queued = new HashMap<>();
        Sql.query(
                connection,
                QUEUED,
                row -> queued.put(row.getLong("begins"), row.getLong("number")),
                first,
                step,
                QueueIds.first(since),
                first,
                end);
        Map<FateAt, Long> settled = new HashMap<>();
        Sql.query(
                connection,
                SETTLED,
                row -> settled.put(
                        new FateAt(row.getLong("begins"), Fate.valueOf(row.getString("fate"))), row.getLong("number")),
                first,
                step,
                first,
                end);
        List<Interval> found = new ArrayList<>();
        for (long start = first; start < end; start += step) {
            found.add(new Interval(
                    Instant.ofEpochMilli(start),
                    queued.getOrDefault(start, 0L),
                    settled.getOrDefault(new FateAt(start, Fate.DELIVERED), 0L),
                    settled.getOrDefault(new FateAt(start, Fate.FAILED), 0L)
                            + settled.getOrDefault(new FateAt(start, Fate.EXPIRED), 0L),
                    settled.getOrDefault(new FateAt(start, Fate.REMOVED), 0L)));
        }
        return new QueueActivity(length, found);
    }
}
