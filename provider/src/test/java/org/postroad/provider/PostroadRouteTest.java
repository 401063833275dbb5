// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.DomainRoute;
import org.postroad.api.RoutePlan;

/** {@code Postroad.route} with real settings and a DNS server: what it says, and that nothing is contacted. */
@Timeout(300)
class PostroadRouteTest extends TransportTesting {

    private RoutePlan route(String... recipients) throws MessagingException {
        List<Address> addresses = new ArrayList<>();
        for (String recipient : recipients) {
            addresses.add(new InternetAddress(recipient, false));
        }
        return Postroad.route(Session.getInstance(properties), addresses.toArray(Address[]::new));
    }

    private DomainRoute only(String recipient) throws MessagingException {
        RoutePlan plan = route(recipient);
        assertThat(plan.domains()).hasSize(1);
        return plan.domains().get(0);
    }

    @Test
    void ORDER_02_theContactsAreThoseOfADelivery() throws Exception {
        assertThat(only("a@dual.test")).hasToString("");
    }
}
