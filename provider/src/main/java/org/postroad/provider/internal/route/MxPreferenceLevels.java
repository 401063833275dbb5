// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.postroad.api.Host;
import org.postroad.api.HostName;
import org.postroad.api.MxRecord;

/**
 * The hosts of a delivery, by preference.
 *
 * @param levels hosts grouped by equal preference value, lowest value first, each host once
 */
record MxPreferenceLevels(List<List<Host>> levels) {

    MxPreferenceLevels {
        levels = List.copyOf(levels);
    }

    /** Returns a single host, preference 0: an implicit MX, an address literal, or a configured next hop. */
    static MxPreferenceLevels only(Host host) {
        return new MxPreferenceLevels(List.of(List.of(host)));
    }

    /**
     * Returns the hosts of MX records by increasing preference value (ORDER-02); equal ones are shuffled by the seed (ORDER-03). Each host
     * appears at the lowest value that lists it, and at most {@code maxMx} hosts are returned. "." (LOOKUP-07) and names that are not valid
     * host names are omitted.
     */
    static MxPreferenceLevels of(List<MxRecord> records, long seed, int maxMx) {
        if (records.size() == 1) {
            Optional<HostName> host = records.get(0).exchange().hostName();
            return host.isPresent() ? only(host.get()) : new MxPreferenceLevels(List.of());
        }
        Map<HostName, Integer> preferences = new LinkedHashMap<>();
        for (MxRecord mx : records) {
            Optional<HostName> host = mx.exchange().hostName();
            host.ifPresent(name -> preferences.merge(name, mx.preference(), Math::min));
        }
        Map<Integer, List<Host>> byPreference = new TreeMap<>();
        preferences.forEach((host, preference) -> byPreference
                .computeIfAbsent(preference, level -> new ArrayList<>())
                .add(host));
        Random random = new Random(seed);
        List<List<Host>> levels = new ArrayList<>();
        int room = maxMx;
        for (List<Host> level : byPreference.values()) {
            Collections.shuffle(level, random);
            List<Host> kept = List.copyOf(level.subList(0, Math.min(room, level.size())));
            room -= kept.size();
            if (!kept.isEmpty()) {
                levels.add(kept);
            }
        }
        return new MxPreferenceLevels(levels);
    }
}
