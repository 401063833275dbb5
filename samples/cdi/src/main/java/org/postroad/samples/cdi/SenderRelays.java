// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.cdi;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;

/**
 * Chooses the relay by the domain of the sender. Postroad asks when a domain has addresses only in an IP family that this host does not
 * have. It finds this class because it is a bean; nothing else registers it.
 */
@ApplicationScoped
public class SenderRelays implements RelaySelector {

    @Inject
    Network network;

    @Override
    public List<Relay> select(Question question) {
        return question.sender()
                .map(Mailbox::domain)
                .flatMap(domain -> network.relayOf(domain.toString()))
                .stream()
                .toList();
    }
}
