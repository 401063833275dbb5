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
import org.postroad.api.Relay;

/**
 * The history of one delivery: append-only, in the order of events. It is short and read for every step; therefore plain loops.
 *
 * @param entries the events so far
 */
public record DeliveryHistory(List<DeliveryHistory.Entry> entries) {

    /**
     * Limit on the characters of all server texts together. A contact gets at most half of the remaining room, so the last one still has
     * some. Text beyond it is shortened to the codes and a few words.
     */
    public static final int MAX_TEXT = 262_144;

    /**
     * Limit on the DNS records in all answers together; long ones count as several. An answer beyond it counts as failed: no legitimate
     * mail domain needs that many.
     */
    public static final int MAX_RECORDS = 10_000;

    /** The empty history of a delivery that has not started. */
    public static final DeliveryHistory NOTHING = new DeliveryHistory(List.of());

    public DeliveryHistory {
        entries = List.copyOf(entries);
    }

    /** One event. */
    public sealed interface Entry {}

    /**
     * A DNS lookup was completed.
     *
     * @param lookup question and answer
     * @param sources for each address found, the source address that the operating system would use; no entry if there is no route
     */
    public record LookedUp(Lookup<?> lookup, Map<IpAddress, IpAddress> sources) implements Entry {
        public LookedUp {
            sources = Map.copyOf(sources);
        }
    }

    /** A host was contacted. */
    public record Contacted(Attempt attempt) implements Entry {}

    /**
     * The relay selector returned.
     *
     * @param relays in the order in which to try them; can be empty
     * @param failure the error if the selector threw an exception or returned null
     */
    public record SelectorAnswered(List<Relay> relays, Optional<String> failure) implements Entry {
        public SelectorAnswered {
            relays = List.copyOf(relays);
        }
    }

    /** Returns this history with one more event, shortened to the room that is left. */
    public DeliveryHistory plus(Entry entry) {
        List<Entry> more = new ArrayList<>(entries);
        if (entry instanceof Contacted contacted) {
            int left = MAX_TEXT;
            for (Attempt attempt : attempts()) {
                left -= HistorySize.of(attempt);
            }
            more.add(new Contacted(HistorySize.shortened(contacted.attempt(), left / 2)));
        } else if (entry instanceof LookedUp lookedUp && kept(lookedUp.lookup()) != lookedUp.lookup()) {
            more.add(new LookedUp(kept(lookedUp.lookup()), Map.of()));
        } else {
            more.add(entry);
        }
        return new DeliveryHistory(more);
    }

    /** Returns the form in which a lookup is kept: unchanged, or as failed if it exceeds {@link #MAX_RECORDS}. */
    public <R> Lookup<R> kept(Lookup<R> lookup) {
        int records = HistorySize.of(lookup);
        if (records == 0) {
            return lookup;
        }
        for (Lookup<?> before : lookups()) {
            records += HistorySize.of(before);
        }
        return records <= MAX_RECORDS
                ? lookup
                : new Lookup<>(
                        lookup.name(),
                        lookup.type(),
                        new DnsAnswer.Failed<>(
                                DnsAnswer.Cause.OVERLOAD, "more than " + MAX_RECORDS + " records in one delivery"));
    }

    /** Returns every lookup, in order. */
    public List<Lookup<?>> lookups() {
        List<Lookup<?>> lookups = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof LookedUp lookedUp) {
                lookups.add(lookedUp.lookup());
            }
        }
        return lookups;
    }

    /** Returns every attempt that was not superseded, in order. */
    List<Attempt> conclusiveAttempts() {
        List<Attempt> conclusive = attempts();
        conclusive.removeIf(Attempt::superseded);
        return conclusive;
    }

    /** Returns every attempt, in order. */
    public List<Attempt> attempts() {
        List<Attempt> attempts = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry instanceof Contacted contacted) {
                attempts.add(contacted.attempt());
            }
        }
        return attempts;
    }

    /** Returns the answer to a question, if it was asked. */
    @SuppressWarnings("unchecked")
    public <R> Optional<DnsAnswer<R>> answer(HostName name, RecordType<R> type) {
        for (Entry entry : entries) {
            if (entry instanceof LookedUp lookedUp
                    && lookedUp.lookup().type().equals(type)
                    && lookedUp.lookup().name().equals(name)) {
                return Optional.of((DnsAnswer<R>) lookedUp.lookup().answer());
            }
        }
        return Optional.empty();
    }

    /** Returns the source address for this destination. */
    Optional<IpAddress> sourceFor(IpAddress destination) {
        for (Entry entry : entries) {
            if (entry instanceof LookedUp lookedUp && lookedUp.sources().containsKey(destination)) {
                return Optional.of(lookedUp.sources().get(destination));
            }
        }
        return Optional.empty();
    }

    /** Returns the relay selector's answer, if it was called. */
    Optional<SelectorAnswered> selectorAnswer() {
        for (Entry entry : entries) {
            if (entry instanceof SelectorAnswered answered) {
                return Optional.of(answered);
            }
        }
        return Optional.empty();
    }
}
