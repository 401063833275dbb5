// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.util.Optional;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.provider.internal.deliver.BrokenClassPathException;
import org.postroad.provider.internal.deliver.MailObject;

/** Delivers what is in the queue: the engine, as the queue sees it. Thread-safe. */
public interface Courier {

    /**
     * How one attempt differs from another.
     *
     * @param anew whether DNS is asked anew, as for every retry (RETRY-03)
     * @param first the address to begin with, among those of equal preference
     */
    record Way(boolean anew, Optional<IpAddress> first) {}

    /**
     * Delivers to the domain of the recipients, of whom all are in one. What goes wrong stands in the report.
     *
     * @throws BrokenClassPathException if this JVM cannot deliver anything; nothing was sent
     * @throws InterruptedException if the thread was interrupted before anybody was contacted; later, it ends the delivery, and the
     *     report says how far it came
     */
    DomainReport deliver(MailObject mail, Way way) throws InterruptedException;

    /**
     * Names those who take the mail of a domain: equal for all domains with the same mail exchangers. Where they cannot be found
     * out, the domain itself.
     */
    String destination(Domain domain) throws InterruptedException;

    /** Tells the application, where it listens, of what is given up. Throws nothing. */
    void tell(DeliveryEvent.Undeliverable event);

    /** Who we are, for those who hear of failures. */
    Host self();
}
