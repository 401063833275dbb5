// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.envelope;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.TlsDemand;

/**
 * Sender and recipients of one transaction.
 *
 * @param sender the reverse-path; empty for the null sender {@code <>}, as used for reports
 * @param recipients at least one
 * @param returned RET: how much of the message a report must include (RFC 3461 §4.3)
 * @param id ENVID, which reports repeat (RFC 3461 §4.4): printable ASCII, before encoding
 * @param tls what the message demands of TLS (RFC 8689)
 */
public record Envelope(
        Optional<Mailbox> sender,
        List<Recipient> recipients,
        Optional<Returned> returned,
        Optional<String> id,
        TlsDemand tls) {

    /** Maximum length of an ENVID in characters (RFC 3461 §4.4). */
    public static final int MAX_ID = 100;

    public Envelope {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("The envelope has no recipient");
        }
        id.ifPresent(Envelope::checkedId);
    }

    /**
     * Returns this envelope with only these recipients.
     *
     * @param some distinct forward-paths of this envelope
     */
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

    /** Returns the forward-paths, in order. */
    public List<Mailbox> mailboxes() {
        return recipients.stream().map(Recipient::mailbox).toList();
    }

    /** Returns the forward-paths of each domain, both in order of first appearance. */
    public Map<Domain, List<Mailbox>> byDomain() {
        Map<Domain, List<Mailbox>> byDomain = new LinkedHashMap<>();
        for (Recipient recipient : recipients) {
            byDomain.computeIfAbsent(recipient.mailbox().domain(), domain -> new ArrayList<>())
                    .add(recipient.mailbox());
        }
        return byDomain;
    }

    /** Returns an envelope without DSN parameters. */
    public static Envelope of(Optional<Mailbox> sender, List<Mailbox> recipients) {
        return new Envelope(
                sender,
                recipients.stream().map(Recipient::of).toList(),
                Optional.empty(),
                Optional.empty(),
                TlsDemand.NONE);
    }

    /**
     * A recipient.
     *
     * @param mailbox the forward-path
     * @param notifyOn NOTIFY; if empty, the servers' default applies. NEVER cannot be combined with others
     * @param original ORCPT: the address originally written to, if it differs
     */
    public record Recipient(Mailbox mailbox, Set<Notify> notifyOn, Optional<Mailbox> original) {

        public Recipient {
            notifyOn = Notify.checked(notifyOn);
        }

        /** Returns a recipient without DSN parameters. */
        public static Recipient of(Mailbox mailbox) {
            return new Recipient(mailbox, Set.of(), Optional.empty());
        }
    }

    /**
     * Returns the ENVID after checking it. A blank one is rejected: the field of a report that repeats it would be empty.
     *
     * @throws IllegalArgumentException if it is not a valid ENVID
     */
    public static String checkedId(String id) {
        boolean printable = id.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
        if (id.isBlank() || id.length() > MAX_ID || !printable) {
            throw new IllegalArgumentException("The envelope id " + Printable.quote(id) + " is not 1 to " + MAX_ID
                    + " characters of printable ASCII");
        }
        return id;
    }
}
