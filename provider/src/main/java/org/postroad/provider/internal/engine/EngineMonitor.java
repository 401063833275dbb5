// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.engine;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Family;
import org.postroad.api.Verdict;
import org.postroad.provider.internal.connect.DiallerFactory;
import org.postroad.provider.internal.deliver.BrokenExtensions;
import org.postroad.provider.internal.deliver.ConnectionPool;
import org.postroad.provider.internal.dns.CacheCounters;

/**
 * What an engine did and keeps, for monitoring, and how it forgets that. Counts never decrease. No method waits for the network.
 * Thread-safe.
 */
public final class EngineMonitor {

    private final ConnectionPool connections;
    private final Resolvers resolvers;
    private final DeliveryPlanner planner;
    private final LongAdder sends = new LongAdder();
    private final Map<Verdict, LongAdder> recipients = new EnumMap<>(Verdict.class);

    EngineMonitor(ConnectionPool connections, Resolvers resolvers, DeliveryPlanner planner) {
        this.connections = connections;
        this.resolvers = resolvers;
        this.planner = planner;
        for (Verdict verdict : Verdict.values()) {
            recipients.put(verdict, new LongAdder());
        }
    }

    /** Counts the result of a send. */
    void count(DeliveryReport report) {
        sends.increment();
        report.recipients().forEach(one -> {
            LongAdder count = recipients.get(one.verdict());
            if (count != null) {
                count.increment();
            }
        });
    }

    /** Returns the number of sends that have ended: messages sent directly, and attempts of a queue. */
    public long sends() {
        return sends.sum();
    }

    /** Returns the number of results with this verdict, each for one recipient. */
    public long recipients(Verdict verdict) {
        LongAdder count = recipients.get(verdict);
        return count == null ? 0 : count.sum();
    }

    /** Returns the current use of the connections. */
    public ConnectionPool.PoolUsage connections() {
        return connections.usage();
    }

    /** Returns the number of DNS answers in the caches. */
    public int dnsAnswers() {
        return resolvers.answers();
    }

    /** Returns the counts of the DNS caches. */
    public CacheCounters dns() {
        return resolvers.counters();
    }

    /** Returns the addresses that did not answer recently. */
    public List<DiallerFactory.SilentAddress> silentAddresses() {
        return planner.diallers().silentAddresses();
    }

    /** Returns the families of which addresses did not answer recently while the same hosts answered in the other one. */
    public Set<Family> silentFamilies() {
        return planner.diallers().silentFamilies();
    }

    /** Returns the servers that fail on extensions. */
    public List<BrokenExtensions.BrokenServer> brokenServers() {
        return planner.brokenExtensions().servers();
    }

    /** Removes all DNS answers from the caches. */
    public void forgetDns() {
        resolvers.clear();
    }

    /** Forgets which addresses and families did not answer. */
    public void forgetSilence() {
        planner.diallers().clear();
    }

    /** Forgets which servers fail on extensions. */
    public void forgetBrokenServers() {
        planner.brokenExtensions().clear();
    }

    /** Closes the connections that are kept for the next message. */
    public void closeIdleConnections() {
        connections.closeIdle();
    }
}
