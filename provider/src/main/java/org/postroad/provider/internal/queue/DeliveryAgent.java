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
import org.postroad.provider.internal.log.DeliveryLog;

/** Delivers queued mail; implemented by the engine. Thread-safe. */
public interface DeliveryAgent {

    /**
     * Options of one attempt.
     *
     * @param freshDns whether this is a retry, for which DNS is queried again (RETRY-03)
     * @param firstAddress the address to try first at its host
     */
    record RetryHints(boolean freshDns, Optional<IpAddress> firstAddress) {}

    /**
     * Delivers to the recipients, who are all in one domain. Failures are in the report.
     *
     * @throws BrokenClassPathException if this JVM cannot deliver anything; nothing was sent
     * @throws InterruptedException if the thread was interrupted before a server was contacted. A later interrupt ends the
     *     delivery, and the report shows how far it came
     */
    DomainReport deliver(MailObject mail, RetryHints way) throws InterruptedException;

    /**
     * Returns a key for the hosts that receive a domain's mail. It is equal for all domains with the same mail exchangers. If these
     * cannot be determined, it is the domain itself.
     */
    String destinationKey(Domain domain) throws InterruptedException;

    /** Sends an event to the application's listener, if there is one. Does not throw. */
    void notifyListener(DeliveryEvent event);

    /** Returns the log of deliveries. */
    DeliveryLog log();

    /** Returns the name of this host, for notices. */
    Host localHost();
}
