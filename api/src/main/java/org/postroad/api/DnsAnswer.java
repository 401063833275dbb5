// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What DNS said to one question: one of four outcomes that are never merged (LOOKUP). There is no null, no empty list,
 * and no exception for a DNS outcome.
 *
 * @param <R> the records of the type asked for
 */
public sealed interface DnsAnswer<R> {

    /**
     * The type exists at the name, or at the end of its chain of aliases.
     *
     * @param records at least one, in the server's order
     * @param canonicalName the last name of the chain; the name asked for where there was no alias, and for {@link RecordType#CNAME}
     * @param ttl how long this may still be kept: the remaining time, the least of the chain; zero where unknown
     * @param security of the whole chain: {@link Security#SECURE} only if every alias and the records are
     */
    record Found<R>(List<R> records, DnsName canonicalName, Duration ttl, Security security) implements DnsAnswer<R> {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("Found needs a record; without one the answer is NoData");
            }
        }
    }

    /** The name exists, this type does not (RFC 2308 §2.2). */
    record NoData<R>(Duration ttl, Security security) implements DnsAnswer<R> {}

    /** The name does not exist: NXDOMAIN (RFC 2308 §2.1). */
    record NoSuchName<R>(Duration ttl, Security security) implements DnsAnswer<R> {}

    /**
     * A temporary failure: nothing is known.
     *
     * @param cause the kind of failure
     * @param detail for people: server, response code, extended error
     */
    record Failed<R>(Cause cause, String detail) implements DnsAnswer<R> {

        /** Kind and detail, cleaned, for a sentence that says already that something failed. */
        public String reason() {
            return cause + " (" + Printable.clean(detail) + ")";
        }

        /** The same failure as the answer to another question. */
        @SuppressWarnings("unchecked")
        public <S> Failed<S> cast() {
            return (Failed<S>) this;
        }
    }

    /** Why nothing is known. */
    enum Cause {
        /** No answer in time. */
        TIMEOUT,
        /** The server could not be reached. */
        NETWORK,
        /** SERVFAIL. */
        SERVER_FAILURE,
        /** REFUSED, NOTIMP, FORMERR and every other response code that says nothing about the name. */
        REFUSED,
        /** DNSSEC validation failed. */
        BOGUS,
        /** The answer could not be read, or was not one to our question. */
        MALFORMED,
        /** A referral where an answer was due. */
        LAME,
        /** A loop of aliases, or a chain longer than the limit. */
        ALIAS_CHAIN,
        /** Too many questions in flight, or more in the answers than is kept. */
        OVERLOAD,
        /** The implementation was closed. */
        CLOSED,
        /** The implementation broke its contract. */
        CONTRACT
    }

    /** The result of the function that fits. */
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

    /** The records; none for the other three outcomes. */
    default List<R> recordsOrNone() {
        return this instanceof Found<R> found ? found.records() : List.of();
    }

    /** The failure, if this is one. */
    default Optional<Failed<R>> failure() {
        return this instanceof Failed<R> failed ? Optional.of(failed) : Optional.empty();
    }

    /** One line for people, cleaned. */
    default String describe() {
        return fold(
                found -> found.records().stream()
                        .map(record -> Printable.clean(record.toString()))
                        .collect(Collectors.joining(", ", "[", "]")),
                noData -> "no data",
                noSuchName -> "no such name",
                failed -> "failed for now: " + failed.reason());
    }
}
