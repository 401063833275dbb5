// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.Deadline;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.deliver.ConnectionPool.Key;
import org.postroad.provider.internal.deliver.ConnectionPool.Lease;
import org.postroad.provider.internal.smtp.SmtpFailure;

/** Contacts hosts for one delivery, one at a time, waiting for the connection limits when necessary. */
final class Contacting {

    private final ContactTools tools;
    private final MailObject mail;
    private final DomainDelivery.Terms terms;
    private final SessionOpener opener;

    Contacting(ContactTools tools, MailObject mail, DomainDelivery.Terms terms, SessionOpener.TlsWitness witness) {
        this.tools = tools;
        this.mail = mail;
        this.terms = terms;
        this.opener = new SessionOpener(tools, terms.deadline(), witness);
    }

    /** Receives the progress of a contact. */
    interface Log {

        /** Called before an address is dialled; further addresses of the host may be dialled at the same time. */
        void connecting(RemoteMta remote);

        /** Called with the result of one attempt. */
        void attempted(Attempt attempt);
    }

    /**
     * Contacts one host at the first of these addresses that answers. Every connection to an address produces one attempt. There is none if
     * the deadline passed before the limits left room for a connection.
     */
    void contact(List<RemoteMta> remotes, ConnectionSecurity security, List<Mailbox> open, Log log)
            throws InterruptedException {
        List<Key> keys = new ArrayList<>();
        for (RemoteMta remote : tools.dialler().inOrder(remotes)) {
            keys.add(tools.key(remote, security));
        }
        // With all-or-nothing delivery, domains hold connections until all are ready, so they must not wait for one
        // another's connections.
        boolean patient = terms.agreement().isReached();
        Deadline deadline = terms.deadline();
        Optional<Lease> lease = tools.connections().lease(keys, patient, deadline);
        if (lease.isPresent()) {
            try (Lease held = lease.get()) {
                MessageOffer offer = new MessageOffer(mail, terms, tools.maxRecipients(), open);
                new HostContact(tools, opener, offer, held, deadline, log).run(security);
            }
        }
    }

    /** Returns this failure as the outcome of every recipient. */
    static List<RecipientOutcome> forAll(List<Mailbox> open, SmtpFailure failure) {
        return open.stream()
                .map(mailbox -> new RecipientOutcome(mailbox, failure.stage(), failure.outcome()))
                .toList();
    }
}
