// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.List;
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

    /** The history of a delivery that has not begun. */
    public static final Known NOTHING = new Known(List.of());

    public Known {
        facts = List.copyOf(facts);
    }

    /** This history and one fact more. */
    public Known plus(Fact fact) {
        List<Fact> more = new ArrayList<>(facts);
        more.add(fact);
        return new Known(more);
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
    <R> Optional<DnsAnswer<R>> answer(HostName name, RecordType<R> type) {
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
