// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The answer to one DNS question: one of four outcomes that are never merged (LOOKUP). It is never null, {@link Found} is never
 * empty, and no DNS outcome is an exception.
 *
 * @param <R> the Java type of the records
 */
public sealed interface DnsAnswer<R> {

    /** Records of this type exist at the name, or at the end of its alias chain. */
    final class Found<R> implements DnsAnswer<R> {

        private final List<R> records;
        private final DnsName canonicalName;
        private final Duration ttl;
        private final Security security;
        private final List<Alias> aliases;

        /**
         * Creates an answer that does not list its aliases.
         *
         * @param records at least one
         * @throws IllegalArgumentException if there is no record
         */
        public Found(List<R> records, DnsName canonicalName, Duration ttl, Security security) {
            this(records, canonicalName, ttl, security, List.of());
        }

        private Found(List<R> records, DnsName canonicalName, Duration ttl, Security security, List<Alias> aliases) {
            if (records.isEmpty()) {
                throw new IllegalArgumentException("Found needs a record; without one the answer is NoData");
            }
            this.records = List.copyOf(records);
            this.canonicalName = canonicalName;
            this.ttl = ttl;
            this.security = security;
            this.aliases = Alias.checked(aliases, security);
        }

        /**
         * {@return this answer with the aliases that were followed; see {@link DnsAnswer#aliases()}}
         *
         * @param followed the whole chain, from the name queried to the canonical name
         * @throws IllegalArgumentException if the aliases are not a chain to the canonical name, or if one of them is weaker than
         *     the security of the answer
         */
        public Found<R> withAliases(List<Alias> followed) {
            if (!followed.isEmpty()) {
                DnsName end = followed.get(followed.size() - 1).target();
                if (!end.equals(canonicalName)) {
                    throw new IllegalArgumentException(
                            "The last alias leads to " + end + ", and not to the canonical name " + canonicalName);
                }
            }
            return new Found<>(records, canonicalName, ttl, security, followed);
        }

        /** {@return the records, at least one, in the server's order} */
        public List<R> records() {
            return records;
        }

        /** {@return the last name of the alias chain; the name queried if there is no alias, and for {@link RecordType#CNAME}} */
        public DnsName canonicalName() {
            return canonicalName;
        }

        /** {@return how much longer the answer may be cached: the smallest remaining TTL of the chain; zero if unknown} */
        public Duration ttl() {
            return ttl;
        }

        /** {@return the security of the whole chain: {@link Security#SECURE} only if every alias and the records are secure} */
        public Security security() {
            return security;
        }

        @Override
        public List<Alias> aliases() {
            return aliases;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Found<?> that
                    && records.equals(that.records)
                    && canonicalName.equals(that.canonicalName)
                    && ttl.equals(that.ttl)
                    && security.equals(that.security)
                    && aliases.equals(that.aliases);
        }

        @Override
        public int hashCode() {
            return Objects.hash(records, canonicalName, ttl, security, aliases);
        }

        @Override
        public String toString() {
            return "Found[records=" + records
                    + ", canonicalName=" + canonicalName
                    + ", ttl=" + ttl
                    + ", security=" + security
                    + ", aliases=" + aliases + "]";
        }
    }

    /** The name, or the end of its alias chain, exists, but has no records of this type (RFC 2308 §2.2). */
    final class NoData<R> implements DnsAnswer<R> {

        private final Duration ttl;
        private final Security security;
        private final List<Alias> aliases;

        /**
         * Creates an answer that does not list its aliases.
         *
         * @param ttl how much longer the answer may be cached; zero if unknown
         * @param security the security of the answer, including its aliases
         */
        public NoData(Duration ttl, Security security) {
            this(ttl, security, List.of());
        }

        private NoData(Duration ttl, Security security, List<Alias> aliases) {
            this.ttl = ttl;
            this.security = security;
            this.aliases = Alias.checked(aliases, security);
        }

        /**
         * {@return this answer with the aliases that were followed; see {@link DnsAnswer#aliases()}}
         *
         * @param followed the whole chain, from the name queried
         * @throws IllegalArgumentException if the aliases are not a chain, or if one of them is weaker than the security of the
         *     answer
         */
        public NoData<R> withAliases(List<Alias> followed) {
            return new NoData<>(ttl, security, followed);
        }

        /** {@return how much longer the answer may be cached; zero if unknown} */
        public Duration ttl() {
            return ttl;
        }

        /** {@return the security of the answer, including its aliases} */
        public Security security() {
            return security;
        }

        @Override
        public List<Alias> aliases() {
            return aliases;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NoData<?> that
                    && ttl.equals(that.ttl)
                    && security.equals(that.security)
                    && aliases.equals(that.aliases);
        }

        @Override
        public int hashCode() {
            return Objects.hash(ttl, security, aliases);
        }

        @Override
        public String toString() {
            return "NoData[ttl=" + ttl + ", security=" + security + ", aliases=" + aliases + "]";
        }
    }

    /** The name, or the end of its alias chain, does not exist: NXDOMAIN (RFC 2308 §2.1). */
    final class NoSuchName<R> implements DnsAnswer<R> {

        private final Duration ttl;
        private final Security security;
        private final List<Alias> aliases;

        /**
         * Creates an answer that does not list its aliases.
         *
         * @param ttl how much longer the answer may be cached; zero if unknown
         * @param security the security of the answer, including its aliases
         */
        public NoSuchName(Duration ttl, Security security) {
            this(ttl, security, List.of());
        }

        private NoSuchName(Duration ttl, Security security, List<Alias> aliases) {
            this.ttl = ttl;
            this.security = security;
            this.aliases = Alias.checked(aliases, security);
        }

        /**
         * {@return this answer with the aliases that were followed; see {@link DnsAnswer#aliases()}}
         *
         * @param followed the whole chain, from the name queried
         * @throws IllegalArgumentException if the aliases are not a chain, or if one of them is weaker than the security of the
         *     answer
         */
        public NoSuchName<R> withAliases(List<Alias> followed) {
            return new NoSuchName<>(ttl, security, followed);
        }

        /** {@return how much longer the answer may be cached; zero if unknown} */
        public Duration ttl() {
            return ttl;
        }

        /** {@return the security of the answer, including its aliases} */
        public Security security() {
            return security;
        }

        @Override
        public List<Alias> aliases() {
            return aliases;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof NoSuchName<?> that
                    && ttl.equals(that.ttl)
                    && security.equals(that.security)
                    && aliases.equals(that.aliases);
        }

        @Override
        public int hashCode() {
            return Objects.hash(ttl, security, aliases);
        }

        @Override
        public String toString() {
            return "NoSuchName[ttl=" + ttl + ", security=" + security + ", aliases=" + aliases + "]";
        }
    }

    /**
     * A temporary failure: it is unknown whether records exist.
     *
     * @param cause the kind of failure
     * @param detail human-readable: server, response code, extended error
     */
    record Failed<R>(Cause cause, String detail) implements DnsAnswer<R> {

        /** {@return cause and detail, cleaned, to be embedded in a sentence that already mentions the failure} */
        public String reason() {
            return cause + " (" + Printable.clean(detail) + ")";
        }

        /** {@return this failure as the answer to a question for another record type} */
        @SuppressWarnings("unchecked")
        public <S> Failed<S> cast() {
            return (Failed<S>) this;
        }

        /** Returns no aliases: it is unknown where the chain ends. */
        @Override
        public List<Alias> aliases() {
            return List.of();
        }
    }

    /** One step of an alias chain: a CNAME record, or the one that a DNAME record implies (RFC 6672 §3.1). */
    final class Alias {

        private final DnsName owner;
        private final DnsName target;
        private final Security security;

        /**
         * Creates a step.
         *
         * @param owner the name that is an alias
         * @param target the name that it stands for
         * @param security the security of this alias alone, whatever that of its target is; {@link Security#UNKNOWN} if it is only
         *     known that some part of the answer is not authentic
         */
        public Alias(DnsName owner, DnsName target, Security security) {
            this.owner = Objects.requireNonNull(owner, "owner");
            this.target = Objects.requireNonNull(target, "target");
            this.security = Objects.requireNonNull(security, "security");
        }

        /** {@return the name that is an alias} */
        public DnsName owner() {
            return owner;
        }

        /** {@return the name that it stands for} */
        public DnsName target() {
            return target;
        }

        /** {@return the security of this alias alone} */
        public Security security() {
            return security;
        }

        /** Returns a copy of the aliases, if they are a chain and the answer is no more secure than each of them. */
        private static List<Alias> checked(List<Alias> aliases, Security ofAnswer) {
            for (int i = 0; i < aliases.size(); i++) {
                Alias alias = aliases.get(i);
                if (i > 0 && !alias.owner.equals(aliases.get(i - 1).target)) {
                    throw new IllegalArgumentException(
                            "The aliases are no chain: after " + aliases.get(i - 1) + " comes " + alias);
                }
                if (ofAnswer.weaker(alias.security) != ofAnswer) {
                    throw new IllegalArgumentException("The answer is " + ofAnswer + ", but its alias " + alias
                            + "; an answer is as secure as its weakest part");
                }
            }
            return List.copyOf(aliases);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Alias that
                    && owner.equals(that.owner)
                    && target.equals(that.target)
                    && security == that.security;
        }

        @Override
        public int hashCode() {
            return Objects.hash(owner, target, security);
        }

        @Override
        public String toString() {
            return owner + " -> " + target + " is " + security;
        }
    }

    /** The kinds of temporary failure. */
    enum Cause {
        /** No answer arrived in time. */
        TIMEOUT,
        /** The server could not be reached. */
        NETWORK,
        /** SERVFAIL. */
        SERVER_FAILURE,
        /** REFUSED, NOTIMP, FORMERR and every other response code that gives no information about the name. */
        REFUSED,
        /** DNSSEC validation failed. */
        BOGUS,
        /** The response could not be parsed, or does not match the question. */
        MALFORMED,
        /** The server sent a referral instead of an answer. */
        LAME,
        /** The aliases form a loop, or the chain is longer than the limit. */
        ALIAS_CHAIN,
        /** Too many queries are in progress, or the answers exceed the size that is kept. */
        OVERLOAD,
        /** The implementation has been closed. */
        CLOSED,
        /** The implementation violated its contract. */
        CONTRACT
    }

    /** {@return the result of the function for the actual outcome; the others are not called} */
    default <T> T fold(
            Function<Found<R>, T> ifFound,
            Function<NoData<R>, T> ifNoData,
            Function<NoSuchName<R>, T> ifNoSuchName,
            Function<Failed<R>, T> ifFailed) {
        if (this instanceof Found<R> found) {
            return ifFound.apply(found);
        } else if (this instanceof NoData<R> noData) {
            return ifNoData.apply(noData);
        } else if (this instanceof NoSuchName<R> noSuchName) {
            return ifNoSuchName.apply(noSuchName);
        }
        return ifFailed.apply((Failed<R>) this);
    }

    /**
     * {@return the aliases that were followed, in order: the first one is at the name queried, and each further one at the target of
     * the one before} The security of the answer is that of the weakest alias and of what is at the end of the chain.
     *
     * <p>The list is empty if there are no aliases, if the query was for {@link RecordType#CNAME}, if this is a {@link Failed}, and
     * if the implementation does not list them. In the last case only the security of the whole answer is known.
     */
    List<Alias> aliases();

    /** {@return the records, or an empty list for the other three outcomes} */
    default List<R> recordsOrNone() {
        return this instanceof Found<R> found ? found.records() : List.of();
    }

    /** {@return the failure, if this is one} */
    default Optional<Failed<R>> failure() {
        return this instanceof Failed<R> failed ? Optional.of(failed) : Optional.empty();
    }

    /** {@return one human-readable line, cleaned} */
    default String describe() {
        return fold(
                found -> found.records().stream()
                        .map(record -> Printable.clean(record.toString()))
                        .collect(Collectors.joining(", ", "[", "]")),
                noData -> "no data",
                noSuchName -> "no such name",
                failed -> "temporary failure: " + failed.reason());
    }
}
