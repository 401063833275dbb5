// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One combination of a sender and a failure: which hosts of the domain take the mail, or what becomes of it. */
public final class AuditScenario {

    private final Sender sender;
    private final Down down;
    private final List<Taker> takers;
    private final Optional<NotTaken> notTaken;

    /** The connectivity of a sender. It has no relay for the other family. */
    public enum Sender {
        /** Reaches IPv4 only. */
        IPV4_ONLY(Set.of(Family.IPV4)),
        /** Reaches IPv6 only, without NAT64. */
        IPV6_ONLY(Set.of(Family.IPV6)),
        /** Reaches both. */
        DUAL(Set.of(Family.IPV4, Family.IPV6));

        private final Set<Family> families;

        Sender(Set<Family> families) {
            this.families = families;
        }

        /** {@return the families that the sender reaches} */
        public Set<Family> families() {
            return families;
        }

        /** {@return {@code IPv4 only}, {@code IPv6 only} or {@code both}} */
        @Override
        public String toString() {
            return switch (this) {
                case IPV4_ONLY -> "IPv4 only";
                case IPV6_ONLY -> "IPv6 only";
                case DUAL -> "both";
            };
        }
    }

    /**
     * What does not answer.
     *
     * @param kind a whole host, one address, or nothing
     * @param host the name of the host, or of the hosts that share the address, cleaned; empty for nothing
     * @param addresses the addresses; empty for nothing
     */
    public record Down(Kind kind, String host, List<IpAddress> addresses) {

        /** Everything answers. */
        public static final Down NOTHING = new Down(Kind.NOTHING, "", List.of());

        public Down {
            host = Printable.clean(host);
            addresses = List.copyOf(addresses);
        }

        /** What is down. */
        public enum Kind {
            NOTHING,
            HOST,
            ADDRESS;

            /** {@return the name in lower case} */
            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** {@return {@code nothing down}, {@code mx1.example.org down} or {@code 192.0.2.1 (mx1.example.org) down}} */
        @Override
        public String toString() {
            return switch (kind) {
                case NOTHING -> "nothing down";
                case HOST -> host + " down";
                case ADDRESS -> addresses.get(0) + " (" + host + ") down";
            };
        }
    }

    /**
     * A host that takes the mail.
     *
     * @param host its name, cleaned
     * @param addresses its addresses that answer and that the sender can use, in the order of contact
     */
    public record Taker(String host, List<IpAddress> addresses) {
        public Taker {
            host = Printable.clean(host);
            addresses = List.copyOf(addresses);
        }

        /** {@return {@code mx1.example.org [192.0.2.1]}} */
        @Override
        public String toString() {
            return host + " " + addresses;
        }
    }

    /**
     * The result if no host takes the mail.
     *
     * @param status 4.y.z: the mail waits at the sender and is tried again; 5.y.z: it bounces
     * @param rule the ID of the rule that decides
     * @param explanation human-readable, cleaned
     */
    public record NotTaken(EnhancedStatus status, String rule, String explanation) {
        public NotTaken {
            explanation = Printable.clean(explanation);
        }

        /** {@return {@code waits 4.4.1} or {@code bounces 5.4.4}} */
        @Override
        public String toString() {
            return (status.isPermanent() ? "bounces " : "waits ") + status;
        }
    }

    /**
     * Creates a scenario in which hosts take the mail.
     *
     * @param takers the hosts of equal preference of which one takes it; at least one
     */
    public AuditScenario(Sender sender, Down down, List<Taker> takers) {
        this(sender, down, takers, Optional.empty());
        if (takers.isEmpty()) {
            throw new IllegalArgumentException("No host takes the mail, and no result says what becomes of it");
        }
    }

    /** Creates a scenario in which no host takes the mail. */
    public AuditScenario(Sender sender, Down down, NotTaken notTaken) {
        this(sender, down, List.of(), Optional.of(notTaken));
    }

    private AuditScenario(Sender sender, Down down, List<Taker> takers, Optional<NotTaken> notTaken) {
        this.sender = sender;
        this.down = down;
        this.takers = List.copyOf(takers);
        this.notTaken = notTaken;
    }

    /** {@return the connectivity of the sender} */
    public Sender sender() {
        return sender;
    }

    /** {@return what does not answer} */
    public Down down() {
        return down;
    }

    /** {@return the hosts of which one takes the mail: the only one, or several of equal preference; none if it is not taken} */
    public List<Taker> takers() {
        return takers;
    }

    /** {@return the result if no host takes the mail} */
    public Optional<NotTaken> notTaken() {
        return notTaken;
    }

    /** {@return whether a host takes the mail} */
    public boolean isReached() {
        return notTaken.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AuditScenario that
                && sender == that.sender
                && down.equals(that.down)
                && takers.equals(that.takers)
                && notTaken.equals(that.notTaken);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sender, down, takers, notTaken);
    }

    /** {@return one line: {@code IPv4 only, mx1.example.org down: mx2.example.org [192.0.2.2]}} */
    @Override
    public String toString() {
        return sender + ", " + down + ": "
                + notTaken.map(NotTaken::toString)
                        .orElseGet(() -> String.join(
                                " or ", takers.stream().map(Taker::toString).toList()));
    }
}
