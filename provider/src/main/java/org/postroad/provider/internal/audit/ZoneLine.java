// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.audit;

import org.postroad.api.Domain;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;

/** Lines of a zone file, for recommendations. What the operator must fill in is in angle brackets. */
final class ZoneLine {

    private ZoneLine() {}

    /** Returns an MX record. */
    static String mx(Domain domain, int preference, String target) {
        return domain + ". IN MX " + preference + " " + absolute(target);
    }

    /** Returns an A or AAAA record. */
    static String address(String host, IpAddress address) {
        return absolute(host) + " IN " + RecordType.ofAddresses(address.family()) + " " + address;
    }

    /** Returns an A or AAAA record for an address that the operator must fill in. */
    static String anyAddress(String host, Family family) {
        return absolute(host) + " IN " + RecordType.ofAddresses(family) + " <its " + family + " address>";
    }

    private static String absolute(String name) {
        return name.endsWith(".") || name.endsWith(">") ? name : name + ".";
    }
}
