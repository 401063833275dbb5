// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * Who a message is from and whom it is for, in one transaction.
 *
 * @param sender the reverse-path; empty: the null sender {@code <>}, of reports
 * @param recipients at least one
 * @param returned how much of the message a report about it is to contain (RFC 3461 §4.3)
 * @param id the ENVID that comes back in reports (RFC 3461 §4.4): printable ASCII, before encoding
 */
public record Envelope(
        Optional<Mailbox> sender, List<Recipient> recipients, Optional<Returned> returned, Optional<String> id) {

    /** Characters in an ENVID (RFC 3461 §4.4). */
    public static final int MAX_ID = 100;

    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("The envelope has no recipient");
        }
        id.ifPresent(Envelope::checkId);
    }

    /** An envelope without wishes for reports. */
    public static Envelope of(Optional<Mailbox> sender, List<Mailbox> recipients) {
        return new Envelope(
                sender, recipients.stream().map(Recipient::of).toList(), Optional.empty(), Optional.empty());
    }

    /** RET. */
    public enum Returned {
        FULL,
        HDRS
    }

    /** When a report is wanted: NOTIFY (RFC 3461 §4.1). */
    public enum Notify {
        NEVER,
        SUCCESS,
        FAILURE,
        DELAY
    }

    /**
     * A recipient.
     *
     * @param mailbox the forward-path
     * @param reports when a report is wanted; empty: the servers' custom. NEVER stands alone
     * @param original the address that the message was first sent to (ORCPT), where it is another
     */
    public record Recipient(Mailbox mailbox, Set<Notify> reports, Optional<Mailbox> original) {

        public Recipient {
            reports = Set.copyOf(reports);
            if (reports.contains(Notify.NEVER) && reports.size() > 1) {
                throw new IllegalArgumentException("NOTIFY=NEVER goes with no other wish, here it is " + reports);
            }
        }

        /** A recipient without wishes for reports. */
        public static Recipient of(Mailbox mailbox) {
            return new Recipient(mailbox, Set.of(), Optional.empty());
        }
    }

    private static void checkId(String id) {
        boolean printable = id.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        if (id.isEmpty() || id.length() > MAX_ID || !printable) {
            throw new IllegalArgumentException("The envelope id " + Printable.quote(id) + " is not 1 to " + MAX_ID
                    + " characters of printable ASCII");
        }
    }
}
