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
 * Which address of one host is dialled when (ORDER-06, RFC 8305 §5). Decisions only: it is told what happens, asks nobody, and has no
 * clock, thread, or socket.
 *
 * <p>The next address is dialled as soon as one fails, or when the attempt delay is over and none has connected. The first that connects
 * wins, and nothing is dialled after that. Used by one thread, which asks {@link #next}, does it, and asks again.
 */
final class DialRace {

    /** How long a connector may need to say what became of a dial whose time is over. It knows better words than we. */
    static final Duration GRACE = Duration.ofSeconds(1);

    private final ConnectSettings settings;
    private final Instant end;
    private final Deque<RemoteMta> untried;
    private final List<Start> underWay = new ArrayList<>();
    private final List<Dialled.Failure> failures = new ArrayList<>();
    private final List<RemoteMta> silent = new ArrayList<>();
    private Instant nextStart = Instant.MIN;
    private Optional<Victory> victory = Optional.empty();

    /**
     * @param remotes addresses of one host, in order
     * @param end after which nothing is dialled
     */
    DialRace(List<RemoteMta> remotes, ConnectSettings settings, Instant end) {
        this.untried = new ArrayDeque<>(remotes);
        this.settings = settings;
        this.end = end;
    }

    /** What is to be done. */
    sealed interface Step permits Start, GiveUp, WaitUntil, Over {}

    /**
     * Dial this address.
     *
     * @param at now
     * @param until when the connection must stand
     */
    record Start(RemoteMta remote, Instant at, Instant until) implements Step {}

    /** This dial has not ended in its time: end it, and tell {@link #failed}. */
    record GiveUp(Start start) implements Step {}

    /** Wait for a dial to end, but not beyond this moment. */
    record WaitUntil(Instant moment) implements Step {}

    /** Nothing. */
    record Over() implements Step {}

    private record Victory(Start start, Instant at) {}

    /** The next step; a {@link Start} is taken to be done. */
    Step next(Instant now) {
        if (victory.isPresent()) {
            return new Over();
        }
        Optional<Start> overdue = underWay.stream()
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
                .<Step>map(WaitUntil::new)
                .orElseGet(Over::new);
    }

    private Start start(Instant now) {
        Instant timeout = now.plus(settings.connectTimeout());
        Start start = new Start(untried.remove(), now, timeout.isBefore(end) ? timeout : end);
        underWay.add(start);
        nextStart = settings.attemptDelay().map(now::plus).orElse(Instant.MAX);
        return start;
    }

    /**
     * A dial failed.
     *
     * @param detail what went wrong, for people
     * @param silence whether the host may not even have heard of it
     */
    void failed(Start start, Instant now, String detail, boolean silence) {
        underWay.remove(start);
        failures.add(failure(start, now, detail));
        if (silence) {
            silent.add(start.remote());
        }
        nextStart = Instant.MIN;
    }

    /** A dial connected: the race is over. */
    void connected(Start start, Instant now) {
        underWay.remove(start);
        victory = Optional.of(new Victory(start, now));
    }

    /** What failed, in the order of failing. */
    List<Dialled.Failure> failures() {
        return failures;
    }

    /** What was still being dialled when another connected, in the order of dialling. */
    List<Dialled.Failure> overtaken() {
        return victory.stream()
                .flatMap(won -> underWay.stream()
                        .map(start -> failure(
                                start,
                                won.at(),
                                start.remote() + ": overtaken by "
                                        + won.start().remote().address())))
                .toList();
    }

    /** What was not dialled, in order. */
    Collection<RemoteMta> untried() {
        return untried;
    }

    /**
     * What had its time and said nothing: a time-out, no way there, or overtaken by one that was dialled later although it had the attempt
     * delay. Whoever was dialled after the winner had less time than the winner needed, which proves nothing on a slow network.
     */
    List<RemoteMta> silent() {
        Stream<RemoteMta> outrun = victory.stream()
                .flatMap(won -> underWay.stream()
                        .filter(start -> start.at().isBefore(won.start().at()) && hadTheDelay(start, won.at()))
                        .map(Start::remote));
        return Stream.concat(silent.stream(), outrun).toList();
    }

    private boolean hadTheDelay(Start start, Instant until) {
        return settings.attemptDelay()
                .filter(delay -> !start.at().plus(delay).isAfter(until))
                .isPresent();
    }

    private static Dialled.Failure failure(Start start, Instant now, String detail) {
        return new Dialled.Failure(start.remote(), start.at(), Duration.between(start.at(), now), detail);
    }
}
