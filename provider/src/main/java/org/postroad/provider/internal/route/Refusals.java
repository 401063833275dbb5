// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.RefusedAddress;
import org.postroad.api.RemoteMta.Role;
import org.postroad.provider.internal.route.HostCandidates.Listed;
import org.postroad.provider.internal.route.HostCandidates.Target;

/** Collects and describes the addresses of a delivery that were refused because of their kind (ADDR-05). */
final class Refusals {

    /** Number of addresses named in an explanation; the report lists all. */
    static final int MAX_NAMED = 3;

    private Refusals() {}

    /** Returns the refused addresses among the DNS answers so far and address literals. Configured hosts are never refused. */
    static List<RefusedAddress> of(DeliveryState now) {
        NextHop nextHop = now.request().nextHop();
        if (nextHop.isConfiguredHost()) {
            return List.of();
        }
        List<RefusedAddress> refused = new ArrayList<>();
        for (Host host : hosts(now, nextHop)) {
            HostCandidates addresses =
                    new HostCandidates(now, new Target(Role.MAIL_EXCHANGER, host, nextHop.port(), false));
            for (Listed listed : addresses.listed()) {
                listed.refusal().ifPresent(why -> refused.add(new RefusedAddress(host, listed.published(), why)));
            }
        }
        return refused;
    }

    private static List<Host> hosts(DeliveryState now, NextHop nextHop) {
        Optional<DnsAnswer<MxRecord>> mx =
                nextHop.host().name().flatMap(domain -> now.known().answer(domain, RecordType.MX));
        List<MxRecord> records = mx.map(DnsAnswer::recordsOrNone).orElse(List.of());
        return records.isEmpty()
                ? List.of(nextHop.host())
                : records.stream()
                        .flatMap(record -> record.exchange().hostName().stream())
                        .distinct()
                        .map((HostName name) -> (Host) name)
                        .toList();
    }

    /**
     * Returns a suffix for an explanation: the refused addresses, the reasons, and the setting that would permit them; empty if none was
     * refused.
     */
    static String words(List<RefusedAddress> refused) {
        if (refused.isEmpty()) {
            return "";
        }
        String named = refused.stream()
                .limit(MAX_NAMED)
                .map(each -> (each.host().equals(each.address()) ? "" : each.host() + " ") + each.address()
                        + " is refused (" + each.reason() + ")")
                .collect(Collectors.joining(", "));
        int more = refused.size() - MAX_NAMED;
        return "; " + named + (more > 0 ? " and " + more + " more" : "")
                + ", which mail.mx.addresses.allow would allow";
    }
}
