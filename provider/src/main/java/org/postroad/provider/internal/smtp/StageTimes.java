// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import org.postroad.api.Stage;

/** Measures how long each stage of a contact takes. Stages that occur again add to their time. Used by one thread. */
public final class StageTimes {

    private final InstantSource clock;
    private final Map<Stage, Duration> times = new EnumMap<>(Stage.class);
    private Instant lastEnd;

    /** @param begin when the first stage began */
    public StageTimes(InstantSource clock, Instant begin) {
        this.clock = clock;
        this.lastEnd = begin;
    }

    /** Begins with a stage now. */
    public static StageTimes beginning(InstantSource clock) {
        return new StageTimes(clock, clock.instant());
    }

    /** Records that this stage has ended, and that the time since the last stage was spent in it. */
    public void ended(Stage stage) {
        Instant now = clock.instant();
        times.merge(stage, Duration.between(lastEnd, now), Duration::plus);
        lastEnd = now;
    }

    /** Returns the time of each stage that has ended. */
    public Map<Stage, Duration> soFar() {
        return new EnumMap<>(times);
    }
}
