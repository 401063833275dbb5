// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postroad.api.Attempt;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;

/**
 * The history of one delivery: append-only, in the order of events.
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
        return only(Fact.LookedUp.class, Fact.LookedUp::lookup)
                .<Lookup<?>>map(lookup -> lookup)
                .toList();
    }

    /** Every contact, in order. */
    public List<Attempt> attempts() {
        return only(Fact.Contacted.class, Fact.Contacted::attempt).toList();
    }

    /** The answer to a question, if it was asked. */
    @SuppressWarnings("unchecked")
    <R> Optional<DnsAnswer<R>> answer(HostName name, RecordType<R> type) {
        return only(Fact.LookedUp.class, Fact.LookedUp::lookup)
                .filter(lookup -> lookup.name().equals(name) && lookup.type().equals(type))
                .<DnsAnswer<R>>map(lookup -> (DnsAnswer<R>) lookup.answer())
                .findFirst();
    }

    /** What we would send from to reach this address. */
    Optional<IpAddress> sourceFor(IpAddress destination) {
        return only(
                        Fact.LookedUp.class,
                        fact -> Optional.ofNullable(fact.sources().get(destination)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What the relay selector said, if it was asked. */
    Optional<Fact.SelectorAnswered> selectorAnswer() {
        return only(Fact.SelectorAnswered.class, answer -> answer).findFirst();
    }

    private <F extends Fact, T> Stream<T> only(Class<F> kind, Function<F, T> part) {
        return facts.stream().filter(kind::isInstance).map(kind::cast).map(part);
    }
}
