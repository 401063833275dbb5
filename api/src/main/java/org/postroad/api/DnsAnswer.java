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

        /**
         * Creates an answer.
         *
         * @param records at least one
         * @throws IllegalArgumentException if there is no record
         */
        public Found(List<R> records, DnsName canonicalName, Duration ttl, Security security) {
            if (records.isEmpty()) {
                throw new IllegalArgumentException("Found needs a record; without one the answer is NoData");
            }
            this.records = List.copyOf(records);
            this.canonicalName = canonicalName;
            this.ttl = ttl;
            this.security = security;
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
        public boolean equals(Object other) {
            return other instanceof Found<?> that
                    && records.equals(that.records)
                    && canonicalName.equals(that.canonicalName)
                    && ttl.equals(that.ttl)
                    && security.equals(that.security);
        }

        @Override
        public int hashCode() {
            return Objects.hash(records, canonicalName, ttl, security);
        }

        @Override
        public String toString() {
            return "Found[records=" + records
                    + ", canonicalName=" + canonicalName
                    + ", ttl=" + ttl
                    + ", security=" + security + "]";
        }
    }

    /**
     * The name exists, but has no records of this type (RFC 2308 §2.2).
     *
     * @param ttl how much longer the answer may be cached; zero if unknown
     * @param security the security of the answer, including its aliases
     */
    record NoData<R>(Duration ttl, Security security) implements DnsAnswer<R> {}

    /**
     * The name does not exist: NXDOMAIN (RFC 2308 §2.1).
     *
     * @param ttl how much longer the answer may be cached; zero if unknown
     * @param security the security of the answer, including its aliases
     */
    record NoSuchName<R>(Duration ttl, Security security) implements DnsAnswer<R> {}

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
