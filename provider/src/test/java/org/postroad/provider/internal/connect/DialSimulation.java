// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.fixtures.VirtualClock;

/** Runs a race in virtual time. The outcome of each dial is given in advance, and events are logged in order. */
final class DialSimulation {

    /** Outcome of a dial. */
    enum DialOutcome {
        CONNECTS,
        IS_REFUSED,
        /** The connector reports it when the time-out of the dial has passed. */
        TIMES_OUT,
        /** The connector never reports anything, contrary to its contract. */
        HANGS
    }

    /** An address, and the outcome of its dial this many milliseconds after its start. */
    record Line(RemoteMta remote, DialOutcome fate, long millis) {}

    /** The end of a dial. */
    private record End(HappyEyeballs.StartDial start, DialOutcome fate, Instant at) {}

    private final HappyEyeballs race;
    private final Map<RemoteMta, Line> lines;
    private final List<End> ends = new ArrayList<>();
    private Instant now = VirtualClock.START;
    private Optional<RemoteMta> winner = Optional.empty();

    final List<String> log = new ArrayList<>();
    final List<HappyEyeballs.StartDial> starts = new ArrayList<>();
    final List<RemoteMta> refused = new ArrayList<>();
    final List<Instant> failedAt = new ArrayList<>();

    DialSimulation(List<Line> lines, ConnectSettings settings, Duration deadline) {
        this.lines = lines.stream().collect(Collectors.toMap(Line::remote, line -> line));
        this.race = new HappyEyeballs(
                lines.stream().map(Line::remote).toList(), settings, VirtualClock.START.plus(deadline));
    }

    static RemoteMta remote(String address) {
        return new RemoteMta(
                RemoteMta.Role.MAIL_EXCHANGER, HostName.parse("mx.example.test"), IpAddress.parse(address), 25);
    }

    /** Runs the race to its end. */
    DialSimulation run() {
        while (true) {
            HappyEyeballs.RaceStep step = race.next(now);
            if (step instanceof HappyEyeballs.StartDial start) {
                note("dial", start);
                starts.add(start);
                begin(start);
            } else if (step instanceof HappyEyeballs.GiveUp giveUp) {
                note("give up", giveUp.start());
                fail(giveUp.start(), true);
            } else if (step instanceof HappyEyeballs.WaitUntil wait) {
                await(wait.moment());
            } else {
                race.lostRace()
                        .forEach(loser ->
                                log.add(millis() + " ms close " + loser.remote().address()));
                return this;
            }
        }
    }

    private void begin(HappyEyeballs.StartDial start) {
        Line line = Objects.requireNonNull(lines.get(start.remote()));
        Instant at = start.at().plusMillis(line.millis());
        if (line.fate() != DialOutcome.HANGS) {
            boolean late = line.fate() == DialOutcome.TIMES_OUT || at.isAfter(start.until());
            ends.add(new End(start, late ? DialOutcome.TIMES_OUT : line.fate(), late ? start.until() : at));
        }
    }

    private void await(Instant moment) {
        if (!moment.isAfter(now)) {
            throw new AssertionError("A wait that is over already would go on for ever: " + log);
        }
        Optional<End> first = ends.stream().min(Comparator.comparing(End::at));
        if (first.isEmpty() || first.get().at().isAfter(moment)) {
            now = moment;
            return;
        }
        End end = first.get();
        ends.remove(end);
        now = end.at();
        if (end.fate() == DialOutcome.CONNECTS) {
            note("connected", end.start());
            race.connected(end.start(), now);
            winner = Optional.of(end.start().remote());
        } else if (end.fate() == DialOutcome.IS_REFUSED) {
            note("refused", end.start());
            refused.add(end.start().remote());
            fail(end.start(), false);
        } else {
            note("timed out", end.start());
            fail(end.start(), true);
        }
    }

    private void fail(HappyEyeballs.StartDial start, boolean silence) {
        failedAt.add(now);
        race.failed(start, now, "failed", silence);
    }

    private void note(String what, HappyEyeballs.StartDial start) {
        log.add(millis() + " ms " + what + " " + start.remote().address());
    }

    private long millis() {
        return Duration.between(VirtualClock.START, now).toMillis();
    }

    Instant now() {
        return now;
    }

    HappyEyeballs race() {
        return race;
    }

    Optional<RemoteMta> winner() {
        return winner;
    }
}
