// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.postroad.api.IpAddress;

/** The certificates of the mail exchanger for the domains below {@code test}, and their TLSA records in the zones. */
final class PublishedTls {

    private static final String NOBODYS = "3 1 1 " + "00".repeat(32);
    private static final String NOT_FOR_SMTP = "1 1 1 " + "00".repeat(32);

    /** The name for which the server has another certificate. */
    static final String BY_NAME = "by-name.signed.test";

    private final LabAuthority authority;
    private final Path good;
    private final Path expired;
    private final OddChains chains;

    /** Issues the certificates into the mail exchanger's directory. */
    PublishedTls(LabAuthority authority, Path directory) {
        this.authority = authority;
        this.chains = OddChains.writtenTo(directory);
        this.good = directory.resolve("server");
        this.expired = directory.resolve("expired");
        authority.issue(
                good,
                LabAuthority.VALID_DAYS,
                "mx.match.signed.test",
                "mx.authority.signed.test",
                "mx.sts.signed.test",
                "names-target.signed.test",
                "mx.names-alias.signed.test");
        authority.issue(expired, LabAuthority.OVER, "mx.expired.signed.test", "mx.expired-authority.signed.test");
    }

    /** Returns the values for the templates of the zone files. */
    Map<String, String> values(LabZone zone) {
        IpAddress[] exchanger = zone.addressesOf("mxtls").toArray(IpAddress[]::new);
        return Map.of(
                "good", exchanger[0].toString(),
                "expired", exchanger[1].toString(),
                "stripper", zone.addressesOf("stripper").get(0).toString(),
                "web", zone.addressesOf("web").get(0).toString(),
                "good-own", LabAuthority.own(good),
                "expired-own", LabAuthority.own(expired),
                "other-own", NOBODYS,
                "unusable", NOT_FOR_SMTP,
                "authority", authority.anchor(),
                "chains", chains.zone(addressesOfChains(zone)));
    }

    /** Returns the addresses after the two of the ordinary certificates. */
    private static List<IpAddress> addressesOfChains(LabZone zone) {
        List<IpAddress> all = zone.addressesOf("mxtls");
        return all.subList(2, all.size());
    }

    /** Returns the services as lines of Postfix's {@code master.cf}. */
    String services(LabZone zone) {
        return chains.services(addressesOfChains(zone));
    }
}
