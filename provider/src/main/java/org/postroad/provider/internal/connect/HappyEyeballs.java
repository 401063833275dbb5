// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.postroad.api.RemoteMta;

/**
 * Decides when each address of one host is dialled (ORDER-06, RFC 8305 §5). It makes decisions only: the caller reports events to it, and
 * it has no clock, thread or socket.
 *
 * <p>The next address is dialled as soon as one fails, or when the attempt delay has passed without a connection. The first connection
 * wins, and nothing is dialled after it. Not thread-safe: one thread calls {@link #next}, performs the step, and repeats.
 */
final class HappyEyeballs {

    /** Extra time for a connector to report its own failure after its time-out. Its message is more specific than the one made here. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private final ConnectSettings settings;
    private final Instant end;
    private final Deque<RemoteMta> untried;
    private final List<StartDial> underWay = new ArrayList<>();
    private final List<DialResult.Failure> failures = new ArrayList<>();
    private final List<RemoteMta> silent = new ArrayList<>();
    private Instant nextStart = Instant.MIN;
    private Optional<Winner> winner = Optional.empty();

    /**
     * @param remotes addresses of one host, in order
     * @param end no address is dialled after this time
     */
    HappyEyeballs(List<RemoteMta> remotes, ConnectSettings settings, Instant end) {
        this.untried = new ArrayDeque<>(remotes);
        this.settings = settings;
        this.end = end;
    }

    /** What the caller must do next. */
    sealed interface RaceStep permits StartDial, GiveUp, WaitUntil, RaceOver {}

    /**
     * Dial this address.
     *
     * @param at the current time
     * @param until the deadline of the dial
     */
    record StartDial(RemoteMta remote, Instant at, Instant until) implements RaceStep {}

    /** This dial has exceeded its time: cancel it and call {@link #failed}. */
    record GiveUp(StartDial start) implements RaceStep {}

    /** Wait for a dial to end, but no longer than until this moment. */
    record WaitUntil(Instant moment) implements RaceStep {}

    /** The race is over; there is nothing left to do. */
    record RaceOver() implements RaceStep {}

    private record Winner(StartDial start, Instant at) {}

    /** Returns the next step. A returned {@link StartDial} is recorded as in progress. */
    RaceStep next(Instant now) {
        if (winner.isPresent()) {
            return new RaceOver();
        }
        Optional<StartDial> overdue = underWay.stream()
                .filter(start -> !now.isBefore(start.until().plus(GRACE)))
                .findFirst();
        if (overdue.isPresent()) {
            return new GiveUp(overdue.get());
        }
        boolean more = !untried.isEmpty() && now.isBefore(end);
        if (more && !now.isBefore(nextStart)) {
            return start(now);
        }
        Stream<Instant> ends = underWay.stream().map(start -> start.until().plus(GRACE));
        return (more ? Stream.concat(ends, Stream.of(nextStart)) : ends)
                .min(Comparator.naturalOrder())
                .<RaceStep>map(WaitUntil::new)
                .orElseGet(RaceOver::new);
    }

    private StartDial start(Instant now) {
        Instant timeout = now.plus(settings.connectTimeout());
        StartDial start = new StartDial(untried.remove(), now, timeout.isBefore(end) ? timeout : end);
        underWay.add(start);
        nextStart = settings.attemptDelay().map(now::plus).orElse(Instant.MAX);
        return start;
    }

    /**
     * Records a failed dial.
     *
     * @param detail what went wrong, human-readable
     * @param silence whether the host did not answer at all, not even with a refusal
     */
    void failed(StartDial start, Instant now, String detail, boolean silence) {
        underWay.remove(start);
        failures.add(failure(start, now, detail));
        if (silence) {
            silent.add(start.remote());
        }
        nextStart = Instant.MIN;
    }

    /** Records the winning connection, which ends the race. */
    void connected(StartDial start, Instant now) {
        underWay.remove(start);
        winner = Optional.of(new Winner(start, now));
    }

    /** Returns the failed dials, in the order in which they failed. */
    List<DialResult.Failure> failures() {
        return failures;
    }

    /** Returns the dials still in progress when another one connected, in the order in which they were started. */
    List<DialResult.Failure> lostRace() {
        return winner.stream()
                .flatMap(won -> underWay.stream()
                        .map(start -> failure(
                                start,
                                won.at(),
                                start.remote() + ": lost the race to "
                                        + won.start().remote().address())))
                .toList();
    }

    /** Returns the addresses that were not dialled, in order. */
    Collection<RemoteMta> untried() {
        return untried;
    }

    /**
     * Returns the addresses that had enough time and did not answer: a time-out, no route, or a dial that had the full attempt delay and
     * still lost to one started later. A dial started after the winner does not count as silent: it had less time than the winner needed,
     * which proves nothing on a slow network.
     */
    List<RemoteMta> silent() {
        Stream<RemoteMta> outrun = winner.stream()
                .flatMap(won -> underWay.stream()
                        .filter(start -> start.at().isBefore(won.start().at()) && hadTheDelay(start, won.at()))
                        .map(StartDial::remote));
        return Stream.concat(silent.stream(), outrun).toList();
    }

    private boolean hadTheDelay(StartDial start, Instant until) {
        return settings.attemptDelay()
                .filter(delay -> !start.at().plus(delay).isAfter(until))
                .isPresent();
    }

    private static DialResult.Failure failure(StartDial start, Instant now, String detail) {
        return new DialResult.Failure(start.remote(), start.at(), Duration.between(start.at(), now), detail);
    }
}
