// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.postroad.spi.MailDns;
import org.postroad.tck.catalogue.Feature;

/** A stub resolver that meets the contract. */
class ReferenceMailDnsTest extends MailDnsTck {

    static final Set<Feature> FEATURES =
            Set.of(Feature.A6, Feature.TLSA, Feature.TXT, Feature.DNS_SECURITY, Feature.SEVERAL_SERVERS);

    @Override
    protected MailDns create(List<InetSocketAddress> servers) {
        return new StubMailDns(servers);
    }

    @Override
    protected Set<Feature> features() {
        return FEATURES;
    }
}
