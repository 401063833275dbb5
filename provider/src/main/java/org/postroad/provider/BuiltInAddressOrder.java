// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import jakarta.enterprise.inject.Vetoed;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.mail.MessagingException;
import java.util.List;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.postroad.spi.AddressOrder;


/**
 * The order of addresses that {@code mail.mx.addressorder} names, RFC 6724 by default, for applications that put their own
 * {@link AddressOrder} around it. Pure, thread-safe.
 */
@Singleton
@Vetoed // a producer makes it in CDI containers, without the type of the interface: it must not compete with the application's bean
public final class BuiltInAddressOrder implements AddressOrder {

    private final AddressOrder order;

    /**
     * Creates it.
     *
     * @param settings properties as those of a Session
     * @throws MessagingException if a property is wrong
     */
    @Inject
    public BuiltInAddressOrder(@Mx Properties settings) throws MessagingException {
        this.order = Engines.builtIn(settings, read -> read.routing().addressOrder());
    }

    @Override
    public List<Candidate> order(List<Candidate> candidates, RandomGenerator random) {
        return order.order(candidates, random);
    }
}
