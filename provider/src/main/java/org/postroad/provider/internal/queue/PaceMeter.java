// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postroad.api.DestinationPace.Limit;
import org.postroad.api.Domain;
import org.postroad.provider.internal.queue.store.PaceRows.MeasuredPace;

/** Measures, for each destination of this process, what its deliveries spend their time on. Thread-safe. */
final class PaceMeter {

    /** How much longer than planned a wait for a visit is measured: visits begin a little late. */
    static final Duration DELAY = Duration.ofSeconds(5);

    /** Maximum number of destinations that are measured at the same time. */
    static final int MAX_DESTINATIONS = 10_000;

    private final InstantSource clock;
    private final int concurrency;
    private final Map<Domain, DestinationMeter> meters = new ConcurrentHashMap<>();

    /** @param concurrency maximum number of concurrent deliveries to a destination */
    PaceMeter(InstantSource clock, int concurrency) {
        this.clock = clock;
        this.concurrency = concurrency;
    }

    /** Begins to measure a visit. The caller closes the meter at its end. */
    DestinationMeter visit(Domain domain) {
        if (meters.size() >= MAX_DESTINATIONS && !meters.containsKey(domain)) {
            return create(); // its measurements are not published
        }
        return meters.compute(domain, (name, known) -> {
            DestinationMeter meter = known == null ? create() : known;
            meter.open();
            return meter;
        });
    }

    /**
     * Measures that due deliveries wait, although there is no visit.
     *
     * @param cause what they wait for
     * @param limit for how long, unless this method is called again: another process may have visited the destination
     */
    void await(Domain domain, Limit cause, Duration limit) {
        if (meters.size() < MAX_DESTINATIONS || meters.containsKey(domain)) {
            meters.compute(domain, (name, known) -> {
                DestinationMeter meter = known == null ? create() : known;
                meter.await(cause, limit);
                return meter;
            });
        }
    }

    private DestinationMeter create() {
        return new DestinationMeter(clock, concurrency);
    }

    /**
     * Returns what was measured since the last call, for each destination that was busy. Destinations that have been idle for a minute are
     * forgotten.
     */
    List<MeasuredPace> take() {
        List<MeasuredPace> busy = new ArrayList<>();
        for (Domain domain : meters.keySet()) {
            meters.computeIfPresent(domain, (name, meter) -> {
                DestinationMeter.Interval interval = meter.take();
                MeasuredPace measured = new MeasuredPace(name, interval.finishedInLastMinute(), interval.spent());
                if (measured.total().compareTo(Duration.ofMillis(1)) >= 0 || interval.finished() > 0) {
                    busy.add(measured);
                }
                return interval.isIdle() ? null : meter;
            });
        }
        return busy;
    }

    /** Returns the number of destinations that are measured. */
    int size() {
        return meters.size();
    }
}
