// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postroad.api.TlsFailure;
import org.postroad.provider.internal.sts.StsPolicy.Mode;

/**
 * What is cached for one domain. Immutable.
 *
 * @param kept the policy fetched last
 * @param failed a later fetch that failed
 */
record CachedPolicy(Optional<FetchedPolicy> kept, Optional<FailedFetch> failed) {

    /** After a failed fetch, the same id is not fetched again for this long (RFC 8461 §3.3). */
    static final Duration RETRY_AFTER = Duration.ofMinutes(5);

    /** A policy is fetched again when less than this fraction (one part in N) of its max_age is left (RFC 8461 §3.3, §10.2) ... */
    static final int RENEWAL_DIVISOR = 10;

    /** ... but no earlier than this long before it expires. */
    static final Duration RENEWED_AHEAD = Duration.ofDays(1);

    /** A fetch that ran out of time is repeated within {@link #RETRY_AFTER} if more than this multiple of its time is available. */
    static final int EARLY_RETRY_FACTOR = 2;

    static final CachedPolicy NOTHING = new CachedPolicy(Optional.empty(), Optional.empty());

    /**
     * A policy.
     *
     * @param id of the TXT record for which it was fetched
     */
    record FetchedPolicy(StsPolicy policy, String id, Instant fetchedAt) {

        /** Returns the remaining lifetime; negative after it expires. */
        private Duration left(Instant now) {
            return policy.maxAge().minus(Duration.between(fetchedAt, now));
        }

        boolean isValid(Instant now) {
            return !left(now).isNegative();
        }

        private boolean isDueForRenewal(Instant now) {
            Duration part = policy.maxAge().dividedBy(RENEWAL_DIVISOR);
            Duration ahead = part.compareTo(RENEWED_AHEAD) < 0 ? part : RENEWED_AHEAD;
            return left(now).compareTo(ahead) < 0;
        }

        /** @param afterFailure whether it is applied although the policy announced now could not be fetched */
        StsResult result(boolean afterFailure) {
            return policy.mode() == Mode.NONE ? new StsResult.None() : new StsResult.Policy(policy, id, afterFailure);
        }
    }

    /**
     * @param id of the TXT record for which it was attempted
     * @param time the time the fetch had; the maximum if it failed for any other reason than lack of time
     */
    record FailedFetch(String id, TlsFailure why, Instant at, Duration time) {

        private boolean isRecent(Instant now) {
            return now.isBefore(at.plus(RETRY_AFTER));
        }

        /**
         * Returns whether a new fetch must wait. It need not if far more time is available now: a caller with a short deadline must not
         * deprive others of the policy.
         */
        private boolean mustWait(String wanted, Instant now, Duration available) {
            return id.equals(wanted)
                    && isRecent(now)
                    && available.compareTo(time.multipliedBy(EARLY_RETRY_FACTOR)) <= 0;
        }
    }

    /**
     * Returns the result for a TXT record with this id, if it can be determined without a fetch.
     *
     * @param available the time that a fetch would have
     */
    Optional<StsResult> withoutFetch(String id, Instant now, Duration available) {
        Optional<FetchedPolicy> current =
                valid(now).filter(policy -> policy.id().equals(id) && !policy.isDueForRenewal(now));
        if (current.isPresent()) {
            return Optional.of(current.get().result(false));
        }
        return failed.filter(fetch -> fetch.mustWait(id, now, available)).map(fetch -> withoutPolicy(fetch.why(), now));
    }

    /** Returns the result if the announced policy cannot be fetched. */
    StsResult withoutPolicy(TlsFailure why, Instant now) {
        return valid(now).map(policy -> policy.result(true)).orElseGet(() -> new StsResult.Unavailable(why));
    }

    /** Returns the result if there is no usable TXT record. A missing record does not end a cached policy (RFC 8461 §3.1). */
    StsResult withoutRecord(Instant now) {
        return valid(now).map(policy -> policy.result(true)).orElseGet(StsResult.None::new);
    }

    /** Returns this with a failed fetch added. */
    CachedPolicy failed(FailedFetch fetch) {
        return new CachedPolicy(valid(fetch.at()), Optional.of(fetch));
    }

    /** Returns the policy if it has not expired. */
    Optional<FetchedPolicy> valid(Instant now) {
        return kept.filter(policy -> policy.isValid(now));
    }

    /** Returns whether nothing of it is valid any longer. */
    boolean isExpired(Instant now) {
        return valid(now).isEmpty()
                && failed.filter(fetch -> fetch.isRecent(now)).isEmpty();
    }
}
