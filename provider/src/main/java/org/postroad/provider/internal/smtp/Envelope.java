// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.TlsDemand;

/**
 * Who a message is from and whom it is for, in one transaction.
 *
 * @param sender the reverse-path; empty: the null sender {@code <>}, of reports
 * @param recipients at least one
 * @param returned how much of the message a report about it is to contain (RFC 3461 §4.3)
 * @param id the ENVID that comes back in reports (RFC 3461 §4.4): printable ASCII, before encoding
 * @param tls what the message says of TLS (RFC 8689)
 */
public record Envelope(
        Optional<Mailbox> sender,
        List<Recipient> recipients,
        Optional<Returned> returned,
        Optional<String> id,
        TlsDemand tls) {

    /** Characters in an ENVID (RFC 3461 §4.4). */
    public static final int MAX_ID = 100;

    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("The envelope has no recipient");
        }
        id.ifPresent(Envelope::checkedId);
    }

    /** The same for some of the recipients, each once. */
    public Envelope only(Collection<Mailbox> some) {
        if (some.size() == recipients.size()) {
            return this;
        }
        Set<Mailbox> wanted = Set.copyOf(some);
        return new Envelope(
                sender,
                recipients.stream()
                        .filter(recipient -> wanted.contains(recipient.mailbox()))
                        .toList(),
                returned,
                id,
                tls);
    }

    /** The forward-paths, in order. */
    public List<Mailbox> mailboxes() {
        return recipients.stream().map(Recipient::mailbox).toList();
    }

    /** An envelope without wishes for reports. */
    public static Envelope of(Optional<Mailbox> sender, List<Mailbox> recipients) {
        return new Envelope(
                sender,
                recipients.stream().map(Recipient::of).toList(),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE);
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
        DELAY;

        /**
         * Reads {@code NEVER}, or some of {@code SUCCESS,FAILURE,DELAY}, in whatever case.
         *
         * @throws IllegalArgumentException naming what is none of them
         */
        public static Set<Notify> parse(String text) {
            Set<Notify> wishes = EnumSet.noneOf(Notify.class);
            for (String word : text.strip().split("[,\\s]+")) {
                wishes.add(Arrays.stream(values())
                        .filter(wish -> wish.name().equalsIgnoreCase(word))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException(Printable.quote(word) + " is none of these words")));
            }
            return checked(wishes);
        }

        private static Set<Notify> checked(Set<Notify> wishes) {
            if (wishes.contains(NEVER) && wishes.size() > 1) {
                throw new IllegalArgumentException("NOTIFY=NEVER goes with no other wish, here it is " + wishes);
            }
            return Set.copyOf(wishes);
        }
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
            reports = Notify.checked(reports);
        }

        /** A recipient without wishes for reports. */
        public static Recipient of(Mailbox mailbox) {
            return new Recipient(mailbox, Set.of(), Optional.empty());
        }
    }

    /**
     * An ENVID, checked.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String checkedId(String id) {
        boolean printable = id.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        if (id.isEmpty() || id.length() > MAX_ID || !printable) {
            throw new IllegalArgumentException("The envelope id " + Printable.quote(id) + " is not 1 to " + MAX_ID
                    + " characters of printable ASCII");
        }
        return id;
    }
}
