// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.List;
import java.util.stream.Collectors;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.provider.internal.queue.store.QueuedDelivery;

/**
 * Recognizes and logs double bounces: mail from the null sender that is given up, mostly a notice to a sender. No notice may be
 * sent for it (RFC 5321 §6.1), so it is logged, and reported to the postmaster if one is configured.
 */
final class DoubleBounce {

    /** Limit of recipients named in the log; the rest are counted. */
    static final int MAX_NAMED = 20;

    private DoubleBounce() {}

    static boolean isOne(QueuedDelivery delivery, RetryDecision decision) {
        return delivery.message().sender().isEmpty() && !decision.failed().isEmpty();
    }

    /** @param toldPostmaster whether the postmaster receives a notice */
    static void log(QueuedDelivery delivery, RetryDecision decision, boolean toldPostmaster) {
        List<RecipientReport> failed = decision.failed();
        String who = failed.stream()
                .limit(MAX_NAMED)
                .map(report -> "<" + Printable.clean(report.recipient().toString()) + "> " + report.describe())
                .collect(Collectors.joining("; "));
        int more = failed.size() - MAX_NAMED;
        System.getLogger(DoubleBounce.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "Double bounce: the message " + delivery.message().id()
                                + " from the null sender could not be delivered; "
                                + (toldPostmaster
                                        ? "mail.mx.queue.postmaster is notified: "
                                        : "no one else is notified: ")
                                + who + (more > 0 ? "; and " + more + " more" : ""));
    }
}
