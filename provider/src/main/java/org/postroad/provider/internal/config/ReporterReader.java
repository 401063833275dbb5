// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.config;

import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.api.Printable;
import org.postroad.provider.internal.dns.Idna;
import org.postroad.provider.internal.tlsrpt.ReportingOrganization;

/** Reads {@code tlsrpt.*}. */
final class ReporterReader {

    private static final int MAX_ORGANIZATION = 200;

    private ReporterReader() {}

    /** Returns empty if {@code tlsrpt.contact} is not set: no reports. */
    static Optional<ReportingOrganization> read(PropertyReader in) {
        Optional<Mailbox> contact =
                in.value("tlsrpt.contact", "a mailbox such as postmaster@example.org", ReporterReader::mailbox);
        Optional<String> organization = in.value(
                "tlsrpt.organization",
                "1 to " + MAX_ORGANIZATION + " characters, and only together with mail.mx.tlsrpt.contact",
                name -> organization(name, contact));
        return contact.map(mailbox ->
                new ReportingOrganization(organization.orElse(mailbox.domain().toString()), mailbox));
    }

    /** Parses the contact. Its domain must be a name, because reports are sent from it. */
    private static Mailbox mailbox(String text) {
        Mailbox mailbox = Idna.toMailbox(text);
        if (mailbox.domain().host().name().isEmpty()) {
            throw new IllegalArgumentException("its domain is an address");
        }
        return mailbox;
    }

    private static String organization(String name, Optional<Mailbox> contact) {
        if (contact.isEmpty()) {
            throw new IllegalArgumentException("mail.mx.tlsrpt.contact is not set");
        }
        if (name.isBlank()
                || name.length() > MAX_ORGANIZATION
                || !name.codePoints().allMatch(Printable::isPlain)) {
            throw new IllegalArgumentException("it is empty, too long, or has invisible characters");
        }
        return name;
    }
}
