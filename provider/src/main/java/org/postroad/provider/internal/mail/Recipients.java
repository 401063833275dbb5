// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.mail;

import jakarta.mail.Address;
import jakarta.mail.SendFailedException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Idna;

/**
 * The recipients of a send, as the caller gave them and as the envelope has them.
 *
 * @param valid for each of the caller's addresses that can be sent to, in order, its mailbox
 * @param invalid why the others cannot, in order
 */
public record Recipients(Map<Address, Mailbox> valid, Map<Address, String> invalid) {

    /**
     * Reads the addresses; groups are expanded.
     *
     * @throws SendFailedException if there is none, or one is no internet address
     */
    public static Recipients read(Address[] addresses) throws SendFailedException {
        if (addresses.length == 0) {
            throw new SendFailedException("There are no recipients");
        }
        Map<Address, Mailbox> valid = new LinkedHashMap<>();
        Map<Address, String> invalid = new LinkedHashMap<>();
        for (Address address : addresses) {
            if (!(address instanceof InternetAddress internet)) {
                throw new SendFailedException("The recipient " + Printable.quote(String.valueOf(address))
                        + " is no InternetAddress; the mx transport sends to those only");
            }
            for (InternetAddress single : expand(internet)) {
                try {
                    valid.put(single, mailbox(single));
                } catch (IllegalArgumentException e) {
                    invalid.put(single, String.valueOf(e.getMessage()));
                }
            }
        }
        if (valid.isEmpty() && invalid.isEmpty()) {
            throw new SendFailedException("There are no recipients: the groups are empty");
        }
        return new Recipients(valid, invalid);
    }

    private static List<InternetAddress> expand(InternetAddress address) {
        if (!address.isGroup()) {
            return List.of(address);
        }
        try {
            InternetAddress[] members = address.getGroup(false);
            return members == null ? List.of() : Arrays.asList(members);
        } catch (AddressException e) {
            return List.of(address); // refused below: a group that cannot be read has no domain
        }
    }

    /** The caller's mailbox. */
    static Mailbox mailbox(InternetAddress address) {
        return mailbox(Optional.ofNullable(address.getAddress()).orElse(""));
    }

    /** A mailbox whose domain may be international. */
    public static Mailbox mailbox(String text) {
        int domain = text.lastIndexOf('@') + 1;
        boolean named = domain > 0 && domain < text.length() && text.charAt(domain) != '[';
        return Mailbox.parse(named ? text.substring(0, domain) + Idna.toHostName(text.substring(domain)) : text);
    }

    /** The mailboxes of the envelope, each once. */
    public List<Mailbox> mailboxes() {
        return valid.values().stream().distinct().toList();
    }
}
