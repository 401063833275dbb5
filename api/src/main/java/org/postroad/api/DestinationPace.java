// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How fast mail to one destination of the queue goes, and why not faster: what its deliveries spent their time on, as measured by the
 * processes that deliver, and what the tables say about those that are not due.
 */
public final class DestinationPace {

    /**
     * The version of the format of {@link #toJson()}. A version gets more fields and more values of enumerations, but no field of it is
     * removed or changes its type or meaning.
     */
    public static final int JSON_VERSION = 1;

    /** What mail waits for. */
    public enum Limit {
        /** All places at the destination are in use, and more is due: mostly the time that servers take, which more places would share. */
        CONCURRENCY("waiting for a free place", "mail.mx.queue.concurrency"),
        /** The rate of deliveries is limited. */
        RATE("waiting because of the rate", "mail.mx.queue.rate"),
        /** The destination did not answer, and is tried again later. */
        BACK_OFF("backing off, because it did not answer", "mail.mx.queue.schedule"),
        /** An operator paused the destination. */
        PAUSED("paused by an operator"),
        /** Deliveries in progress wait for a connection, because too many are open. */
        CONNECTIONS("waiting for a connection", "mail.mx.maxconnections", "mail.mx.maxconnectionsperhost"),
        /** As many other destinations as allowed are being served. */
        DESTINATIONS("waiting for its turn among the destinations", "mail.mx.queue.destinations"),
        /** The database takes the time: the begin and the end of each attempt is written there. */
        DATABASE("writing to the database"),
        /** Servers and DNS take the time, and no limit keeps more deliveries from being in progress. */
        SERVER("in contact with servers"),
        /** Nothing is due: the time of the next attempts has not come. */
        SCHEDULE("waiting for the time of the next attempt", "mail.mx.queue.schedule"),
        /** All of it is held until an operator releases it. */
        HELD("held until an operator releases it"),
        /** Nothing was measured: deliveries became due just now, or no process delivers. */
        NOTHING("nothing was measured");

        private final String text;
        private final List<String> settings;

        Limit(String text, String... settings) {
            this.text = text;
            this.settings = List.of(settings);
        }

        /** {@return the names of the properties that change it, the most important one first; empty if none does} */
        public List<String> settings() {
            return settings;
        }

        /** {@return what mail is doing then, human-readable} */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * Deliveries to a destination at the time of the query.
     *
     * @param due those that could be attempted now
     * @param inProgress those that are being attempted
     * @param scheduled those that are to be attempted or sent later
     * @param held those that are held
     */
    public record Waiting(long due, long inProgress, long scheduled, long held) {}

    private final Domain domain;
    private final Waiting waiting;
    private final int processes;
    private final long finished;
    private final Map<Limit, Double> shares;
    private final Limit binding;
    private final List<String> settings;
    private final Optional<Instant> retryAt;

    /**
     * Creates a description.
     *
     * @param processes the number of processes that measured
     * @param finished the number of attempts that ended within the last minute
     * @param shares the share of the time, 0 to 1, of each limit that took time
     * @param settings the properties that change the binding limit, with their values if these are known
     * @param retryAt when the destination is tried again, if it is backing off
     */
    public DestinationPace(
            Domain domain,
            Waiting waiting,
            int processes,
            long finished,
            Map<Limit, Double> shares,
            Limit binding,
            List<String> settings,
            Optional<Instant> retryAt) {
        this.domain = domain;
        this.waiting = waiting;
        this.processes = processes;
        this.finished = finished;
        Map<Limit, Double> inOrder = new EnumMap<>(Limit.class);
        inOrder.putAll(shares);
        this.shares = Collections.unmodifiableMap(inOrder);
        this.binding = binding;
        this.settings = List.copyOf(settings);
        this.retryAt = retryAt;
    }

    /** {@return the domain} */
    public Domain domain() {
        return domain;
    }

    /** {@return its deliveries at the time of the query} */
    public Waiting waiting() {
        return waiting;
    }

    /** {@return the number of processes that worked on it in their last interval of measurement, about 10 seconds} */
    public int processes() {
        return processes;
    }

    /** {@return the number of attempts that ended within the last minute, in these processes} */
    public long finishedInLastMinute() {
        return finished;
    }

    /**
     * {@return the share of each limit, 0 to 1, in the time of the deliveries in the last interval; their sum is 1, or there is none} The time
     * is that of the deliveries in progress, and of those that could be in progress if it were not for that limit. A limit that took no time
     * is absent.
     */
    public Map<Limit, Double> shares() {
        return shares;
    }

    /**
     * {@return what keeps mail from being delivered faster now} A pause or a back-off, if there is one; otherwise the largest of the
     * {@link #shares()} if something is due or in progress; otherwise the schedule, or that all is held.
     */
    public Limit binding() {
        return binding;
    }

    /** {@return the properties that change the binding limit, each with its value if that is known: {@code mail.mx.queue.concurrency=20}} */
    public List<String> settings() {
        return settings;
    }

    /** {@return when the destination is tried again, if it is backing off} */
    public Optional<Instant> retryAt() {
        return retryAt;
    }

    /** {@return this as one line of JSON (RFC 8259), of ASCII characters; documented in {@code provider/QUEUE.md}} */
    public String toJson() {
        return new JsonObject()
                .with("version", JSON_VERSION)
                .with("domain", domain.toString())
                .with("due", waiting.due())
                .with("inProgress", waiting.inProgress())
                .with("scheduled", waiting.scheduled())
                .with("held", waiting.held())
                .with("processes", processes)
                .with("finishedInLastMinute", finished)
                .with("binding", binding)
                .with("settings", settings)
                .with("retryAt", retryAt.map(Instant::toString))
                .with(
                        "shares",
                        shares.entrySet().stream()
                                .map(share -> new JsonObject()
                                        .with("limit", share.getKey())
                                        .with("permille", Math.round(share.getValue() * 1000)))
                                .toList())
                .toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DestinationPace that
                && domain.equals(that.domain)
                && waiting.equals(that.waiting)
                && processes == that.processes
                && finished == that.finished
                && shares.equals(that.shares)
                && binding == that.binding
                && settings.equals(that.settings)
                && retryAt.equals(that.retryAt);
    }

    @Override
    public int hashCode() {
        return Objects.hash(domain, waiting, processes, finished, shares, binding, settings, retryAt);
    }

    /**
     * {@return one human-readable line: {@code example.org: 1,203 due, 20 in progress, 240 finished in the last minute, 94 % of the time
     * waiting for a free place (mail.mx.queue.concurrency=20)}}
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(domain.toString()).append(": ");
        text.append(number(waiting.due())).append(" due, ");
        text.append(number(waiting.inProgress())).append(" in progress, ");
        if (waiting.scheduled() > 0) {
            text.append(number(waiting.scheduled())).append(" scheduled, ");
        }
        if (waiting.held() > 0) {
            text.append(number(waiting.held())).append(" held, ");
        }
        if (processes > 0) {
            text.append(number(finished)).append(" finished in the last minute, ");
        }
        Optional.ofNullable(shares.get(binding))
                .ifPresent(share -> text.append(Math.round(share * 100)).append(" % of the time "));
        text.append(binding);
        retryAt.ifPresent(at -> text.append(", until ").append(at));
        if (!settings.isEmpty()) {
            text.append(" (").append(String.join(", ", settings)).append(')');
        }
        return text.toString();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
