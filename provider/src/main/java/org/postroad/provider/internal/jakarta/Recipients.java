// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.InvalidRecipient;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.api.RecipientReport;
import org.postroad.provider.internal.dns.Idna;

/**
 * The recipients of a send, both as given by the caller and as used in the envelope.
 *
 * @param all in the caller's order, groups expanded
 */
public record Recipients(List<ParsedRecipient> all) {

    public Recipients {
        all = List.copyOf(all);
    }

    /** One of the caller's addresses. */
    public sealed interface ParsedRecipient {

        /** Returns the caller's own object. */
        InternetAddress address();

        /** Returns the result of the function that matches this type. */
        default <R> R fold(Function<Valid, R> ifValid, Function<Invalid, R> ifInvalid) {
            return this instanceof Valid valid ? ifValid.apply(valid) : ifInvalid.apply((Invalid) this);
        }
    }

    /** A usable address. */
    public record Valid(InternetAddress address, Mailbox mailbox) implements ParsedRecipient {}

    /** An unusable address, with the reason. */
    public record Invalid(InternetAddress address, String reason) implements ParsedRecipient {

        InvalidRecipient report() {
            return new InvalidRecipient(
                    text(address),
                    EnhancedStatus.BAD_MAILBOX_SYNTAX_5_1_3,
                    new RecipientReport.Decision(UnsentReports.SYNTAX_RULE, reason));
        }
    }

    /**
     * Reads the addresses and expands groups.
     *
     * @throws SendFailedException if there are no recipients, or an address is not an InternetAddress
     */
    public static Recipients read(Address[] addresses) throws SendFailedException {
        if (addresses.length == 0) {
            throw new SendFailedException("There are no recipients");
        }
        List<ParsedRecipient> all = new ArrayList<>();
        for (Address address : addresses) {
            if (!(address instanceof InternetAddress internet)) {
                throw new SendFailedException("The recipient " + Printable.quote(String.valueOf(address))
                        + " is not an InternetAddress, the only kind that the mx transport supports");
            }
            expand(internet).forEach(single -> all.add(read(single)));
        }
        if (all.isEmpty()) {
            throw new SendFailedException("There are no recipients: the groups are empty");
        }
        return new Recipients(all);
    }

    private static ParsedRecipient read(InternetAddress address) {
        try {
            return new Valid(address, mailbox(text(address)));
        } catch (IllegalArgumentException e) {
            return new Invalid(address, String.valueOf(e.getMessage()));
        }
    }

    private static String text(InternetAddress address) {
        return Optional.ofNullable(address.getAddress()).orElse("");
    }

    private static List<InternetAddress> expand(InternetAddress address) {
        if (!address.isGroup()) {
            return List.of(address);
        }
        try {
            InternetAddress[] members = address.getGroup(false);
            return members == null ? List.of() : Arrays.asList(members);
        } catch (AddressException e) {
            return List.of(address); // rejected later: an unreadable group has no domain
        }
    }

    /** Parses an address as given by an application. The domain may have U-labels, which become A-labels. */
    public static Mailbox mailbox(String text) {
        return Idna.toMailbox(text);
    }

    /** Returns the mailboxes of the envelope, without duplicates. */
    public List<Mailbox> mailboxes() {
        return all.stream()
                .flatMap(recipient ->
                        recipient
                                .fold(valid -> Optional.of(valid.mailbox()), invalid -> Optional.<Mailbox>empty())
                                .stream())
                .distinct()
                .toList();
    }

    /** Returns the unusable addresses in the form of the report. */
    public List<InvalidRecipient> invalid() {
        return all.stream()
                .flatMap(
                        recipient -> recipient
                                .fold(
                                        valid -> Optional.<InvalidRecipient>empty(),
                                        invalid -> Optional.of(invalid.report()))
                                .stream())
                .toList();
    }

    /** Returns whether all addresses are usable. */
    public boolean areAllValid() {
        return all.stream().allMatch(Valid.class::isInstance);
    }
}
