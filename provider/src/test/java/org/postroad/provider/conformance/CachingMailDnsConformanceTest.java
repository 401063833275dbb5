// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.conformance;

import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.postroad.api.Deadline;
import org.postroad.provider.internal.dns.CachingMailDns;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.spi.MailDns;
import org.postroad.tck.MailDnsTck;
import org.postroad.tck.catalogue.Feature;

/** The built-in DNS client behind the cache, as a delivery has it. */
class CachingMailDnsConformanceTest extends MailDnsTck {

    @Override
    protected MailDns create(List<InetSocketAddress> servers) {
        return new CachingMailDns(
                new DnsjavaMailDns(DnsSettings.DEFAULTS
                        .withServers(servers)
                        .withTrustAd(servers.stream()
                                .map(InetSocketAddress::getAddress)
                                .toList())),
                Deadline.MONOTONIC);
    }

    @Override
    protected Set<Feature> features() {
        return EnumSet.of(Feature.A6, Feature.TLSA, Feature.TXT, Feature.DNS_SECURITY, Feature.SEVERAL_SERVERS);
    }
}
