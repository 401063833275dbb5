// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.time.Instant;
import java.time.InstantSource;
import org.postroad.api.ConnectionUse;
import org.postroad.api.RemoteMta;
import org.postroad.api.Stage;
import org.postroad.provider.internal.connect.DialResult;
import org.postroad.provider.internal.smtp.ConnectionName;
import org.postroad.provider.internal.smtp.SmtpSession;
import org.postroad.provider.internal.smtp.StageTimes;

/**
 * A connection in use by one contact.
 *
 * @param startedAt when the dial began; for a kept connection, when the contact began to use it
 * @param earlierTransactions the number of transactions that it had carried before
 * @param times the stages of this contact
 */
record UsedConnection(ConnectionName name, Instant startedAt, int earlierTransactions, StageTimes times) {

    static UsedConnection dialled(DialResult.Connection connection, InstantSource clock) {
        StageTimes times = new StageTimes(clock, connection.startedAt());
        times.ended(Stage.CONNECT);
        return new UsedConnection(ConnectionName.next(connection.remote()), connection.startedAt(), 0, times);
    }

    static UsedConnection kept(SmtpSession session, InstantSource clock) {
        Instant now = clock.instant();
        return new UsedConnection(session.name(), now, session.transactions(), new StageTimes(clock, now));
    }

    RemoteMta remote() {
        return name.remote();
    }

    /** Returns what an attempt reports about it, with the times of the stages that have ended. */
    ConnectionUse use() {
        return new ConnectionUse(name.number(), earlierTransactions, times.soFar());
    }
}
