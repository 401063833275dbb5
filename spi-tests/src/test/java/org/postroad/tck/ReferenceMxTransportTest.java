// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.EnumSet;
import java.util.Set;
import org.postroad.tck.catalogue.Feature;

/** The reference transport meets its contract. */
class ReferenceMxTransportTest extends MxTransportTck {

    @Override
    protected Transport create(Session session) throws Exception {
        return new ReferenceMxTransport(session);
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.of(
                Feature.A6,
                Feature.RELAY,
                Feature.RELAY_AUTH,
                Feature.RELAY_FINGERPRINT,
                Feature.RELAY_CREDENTIALS,
                Feature.RELAY_FALLBACK,
                Feature.RELAY_SELECTOR,
                Feature.NAT64,
                Feature.ADDRESS_ORDER,
                Feature.STARTTLS,
                Feature.DANE,
                Feature.SMTPUTF8,
                Feature.PIPELINING,
                Feature.DSN);
    }
}
