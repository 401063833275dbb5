// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cli;

import org.postroad.api.MailHistory;
import org.postroad.api.Mailbox;
import org.postroad.samples.cli.TextOutput.Look;

/** Prints histories: one line for each recipient. */
final class HistoryTable {

    private final Table table;
    private long recipients;

    HistoryTable(TextOutput out) {
        table = new Table(out, "ID", "QUEUED", "FATE", ">TRIES", "SENDER", "RECIPIENT", "LAST RESULT");
    }

    void add(MailHistory mail) {
        for (MailHistory.RecipientHistory recipient : mail.recipients()) {
            recipients++;
            table.row(
                    look(recipient.fate()),
                    mail.id(),
                    Times.utc(mail.queuedAt()),
                    recipient.fate().toString(),
                    String.valueOf(recipient.attempts()),
                    mail.sender().map(Mailbox::toString).orElse("<>"),
                    recipient.recipient().toString(),
                    recipient.result().map(MailHistory.AttemptResult::toString).orElse(""));
        }
    }

    /** Prints what was added since the last time. */
    void print() {
        table.print();
    }

    /** Returns the number of lines. */
    long lines() {
        return recipients;
    }

    static Look look(MailHistory.Fate fate) {
        return switch (fate) {
            case DELIVERED -> Look.GOOD;
            case FAILED, EXPIRED -> Look.PERMANENT;
            case DEFERRED, IN_DOUBT -> Look.TEMPORARY;
            case REMOVED -> Look.MINOR;
            default -> Look.PLAIN;
        };
    }
}
