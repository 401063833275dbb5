// SPDX-License-Identifier: Apache-2.0
package com.example.mail;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postroad.spi.MailDns;
import org.postroad.tck.MailDnsTck;
import org.postroad.tck.catalogue.Feature;

/** The conformance tests, except what JNDI cannot do. */
class JndiMailDnsTest extends MailDnsTck {

    @Override
    protected MailDns create(List<InetSocketAddress> servers) {
        return new JndiMailDns(servers);
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.SEVERAL_SERVERS, Feature.TLSA, Feature.A6);
    }

    @Override
    protected Map<String, String> waivers() {
        String sections = "JNDI shows neither the header nor the authority section: a referral looks like no data";
        String zeros = "The JDK's decoder takes what is beyond the end of a cut record for zeros";
        String part = "Where TCP is of no use, JNDI takes what came over UDP for the whole answer";
        return Map.of(
                "DNS-09", sections,
                "DNS_23_theNextServerIsQueriedAfterAReferral", sections,
                "DNS_37_theCauseOfAReferralMatches", sections,
                "DNS-18", zeros,
                "DNS_37_theCauseOfUnreadableDataMatches", zeros,
                "DNS-19", "JNDI hands out every record of the type that is in the answer, whatever its name",
                "DNS_21_aClosedTcpConnectionIsFailed", part,
                "DNS_21_aTruncatedTcpAnswerIsFailed", part,
                "DNS_36_theCanonicalNameIsTheEndOfTheChain", "JNDI hands out the end of a chain without its name");
    }
}
