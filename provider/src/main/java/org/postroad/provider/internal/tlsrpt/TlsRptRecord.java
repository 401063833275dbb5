// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tlsrpt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;

/**
 * The TXT record by which a domain says who wants its reports (RFC 8460 §3), such as {@code v=TLSRPTv1; rua=mailto:reports@example.org}.
 *
 * @param mailboxes to which reports are mailed
 * @param others what else stands there, such as {@code https://...}; cleaned
 */
public record TlsRptRecord(List<Mailbox> mailboxes, List<String> others) {

    /** The label below which it is. */
    public static final String LABEL = "_smtp._tls";

    /** Addresses that are heeded: what is more would make us a tool to flood others. */
    static final int MAX_ADDRESSES = 10;

    private static final String VERSION = "v=TLSRPTv1;";
    private static final String ADDRESSES = "rua=";
    private static final String MAILTO = "mailto";

    /** There is none. */
    public static final TlsRptRecord NOBODY = new TlsRptRecord(List.of(), List.of());

    public TlsRptRecord {
        mailboxes = List.copyOf(mailboxes);
        others = List.copyOf(others);
    }

    /** The record among the texts at that name; nobody's if none or more than one of them begins with the version. */
    public static TlsRptRecord parse(List<String> texts) {
        List<String> ours =
                texts.stream().filter(text -> text.startsWith(VERSION)).toList();
        if (ours.size() != 1) {
            return NOBODY;
        }
        List<Mailbox> mailboxes = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String field : ours.get(0).substring(VERSION.length()).split(";", -1)) {
            String stripped = field.strip();
            if (stripped.startsWith(ADDRESSES)) {
                read(stripped.substring(ADDRESSES.length()), mailboxes, others);
                break; // of several, the first counts
            }
        }
        return new TlsRptRecord(mailboxes, others);
    }

    private static void read(String addresses, List<Mailbox> mailboxes, List<String> others) {
        String[] all = addresses.split(",", MAX_ADDRESSES + 1);
        for (int i = 0; i < Math.min(all.length, MAX_ADDRESSES); i++) {
            String address = all[i].strip();
            mailbox(address).ifPresentOrElse(mailboxes::add, () -> others.add(Printable.clean(address)));
        }
    }

    /** RFC 6068, of which one mailbox is used and what stands behind a question mark is not. */
    private static Optional<Mailbox> mailbox(String address) {
        try {
            URI uri = new URI(address);
            if (uri.getScheme() == null
                    || !uri.getScheme().toLowerCase(Locale.ROOT).equals(MAILTO)) {
                return Optional.empty();
            }
            return Optional.of(Mailbox.parse(uri.getSchemeSpecificPart().split("\\?", 2)[0]));
        } catch (URISyntaxException | IllegalArgumentException noMailbox) {
            return Optional.empty();
        }
    }
}
