// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postroad.api.Family;
import org.postroad.api.IpAddress;

/** The zone file, from which the addresses of the hosts are taken. */
final class LabZone {

    private static final Pattern ADDRESS_RECORD =
            Pattern.compile("^(?<host>[a-z0-9]+)\\.example\\.\\s+(?:A|AAAA)\\s+(?<address>[0-9a-f.:]+)");

    private final String text;

    LabZone(String text) {
        this.text = text;
    }

    /** Returns the addresses of {@code host.example}, in the order of the file. */
    List<IpAddress> addressesOf(String host) {
        List<IpAddress> addresses = new ArrayList<>();
        for (String line : text.split("\n")) {
            Matcher record = ADDRESS_RECORD.matcher(line);
            if (record.find() && record.group("host").equals(host)) {
                addresses.add(IpAddress.parse(record.group("address")));
            }
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("The lab's zone has no address of " + host + ".example");
        }
        return List.copyOf(addresses);
    }

    /** Returns the only address of the family. */
    IpAddress addressOf(String host, Family family) {
        return addressesOf(host).stream()
                .filter(address -> address.family() == family)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(host + " has no address of " + family));
    }
}
