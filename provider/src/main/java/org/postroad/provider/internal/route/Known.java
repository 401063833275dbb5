// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Attempt;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;

/**
 * The history of one delivery: append-only, in the order of events. Short, and asked for each step anew: plain loops.
 *
 * @param facts what happened so far
 */
public record Known(List<Fact> facts) {

    /**
     * Characters of what servers said, in all contacts together. A contact gets half of what is left at most, so that also the last one has
     * some; of what is said beyond it, codes and a few words are kept.
     */
    public static final int MAX_TEXT = 262_144;

    /** DNS records, in all answers together; long ones count for some. An answer beyond it has failed: a zone like that serves no mail. */
    public static final int MAX_RECORDS = 10_000;

    /** The history of a delivery that has not begun. */
    public static final Known NOTHING = new Known(List.of());

    public Known {
        facts = List.copyOf(facts);
    }

    /** This history and one fact more, or as much of it as there is room for. */
    public Known plus(Fact fact) {
        List<Fact> more = new ArrayList<>(facts);
        if (fact instanceof Fact.Contacted contacted) {
            int left = MAX_TEXT;
            for (Attempt attempt : attempts()) {
                left -= Weights.of(attempt);
            }
            more.add(new Fact.Contacted(Weights.shortened(contacted.attempt(), left / 2)));
        } else if (fact instanceof Fact.LookedUp lookedUp && kept(lookedUp.lookup()) != lookedUp.lookup()) {
            more.add(new Fact.LookedUp(kept(lookedUp.lookup()), Map.of()));
        } else {
            more.add(fact);
        }
        return new Known(more);
    }

    /** What would be kept of a question and its answer. */
    public <R> Lookup<R> kept(Lookup<R> lookup) {
        int records = Weights.of(lookup);
        if (records == 0) {
            return lookup;
        }
        for (Lookup<?> before : lookups()) {
            records += Weights.of(before);
        }
        return records <= MAX_RECORDS
                ? lookup
                : new Lookup<>(
                        lookup.name(),
                        lookup.type(),
                        new DnsAnswer.Failed<>(
                                DnsAnswer.Cause.OVERLOAD, "more than " + MAX_RECORDS + " records in one delivery"));
    }

    /** Every question and answer, in order. */
    public List<Lookup<?>> lookups() {
        List<Lookup<?>> lookups = new ArrayList<>();
        for (Fact fact : facts) {
            if (fact instanceof Fact.LookedUp lookedUp) {
                lookups.add(lookedUp.lookup());
            }
        }
        return lookups;
    }

    /** Every contact whose outcomes hold, in order. */
    List<Attempt> conclusiveAttempts() {
        List<Attempt> conclusive = attempts();
        conclusive.removeIf(Attempt::superseded);
        return conclusive;
    }

    /** Every contact, in order. */
    public List<Attempt> attempts() {
        List<Attempt> attempts = new ArrayList<>();
        for (Fact fact : facts) {
            if (fact instanceof Fact.Contacted contacted) {
                attempts.add(contacted.attempt());
            }
        }
        return attempts;
    }

    /** The answer to a question, if it was asked. */
    @SuppressWarnings("unchecked")
    public <R> Optional<DnsAnswer<R>> answer(HostName name, RecordType<R> type) {
        for (Fact fact : facts) {
            if (fact instanceof Fact.LookedUp lookedUp
                    && lookedUp.lookup().type().equals(type)
                    && lookedUp.lookup().name().equals(name)) {
                return Optional.of((DnsAnswer<R>) lookedUp.lookup().answer());
            }
        }
        return Optional.empty();
    }

    /** What we would send from to reach this address. */
    Optional<IpAddress> sourceFor(IpAddress destination) {
        for (Fact fact : facts) {
            if (fact instanceof Fact.LookedUp lookedUp && lookedUp.sources().containsKey(destination)) {
                return Optional.of(lookedUp.sources().get(destination));
            }
        }
        return Optional.empty();
    }

    /** What the relay selector said, if it was asked. */
    Optional<Fact.SelectorAnswered> selectorAnswer() {
        for (Fact fact : facts) {
            if (fact instanceof Fact.SelectorAnswered answered) {
                return Optional.of(answered);
            }
        }
        return Optional.empty();
    }
}
