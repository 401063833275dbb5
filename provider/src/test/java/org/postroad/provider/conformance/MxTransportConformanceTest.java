// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.conformance;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.util.EnumSet;
import java.util.Set;
import org.postroad.tck.MxTransportTck;
import org.postroad.tck.catalogue.Feature;

/** The transport of this project, as any application gets it. */
class MxTransportConformanceTest extends MxTransportTck {

    @Override
    protected Transport create(Session session) throws Exception {
        return session.getTransport("mx");
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
                Feature.ALL_OR_NOTHING,
                Feature.STARTTLS,
                Feature.DANE,
                Feature.SMTPUTF8,
                Feature.PIPELINING,
                Feature.DSN);
    }
}
