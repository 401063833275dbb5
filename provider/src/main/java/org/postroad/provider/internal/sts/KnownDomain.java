// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.postroad.api.TlsFailure;
import org.postroad.provider.internal.sts.StsPolicy.Mode;

/**
 * What is remembered of one domain. A value.
 *
 * @param kept the policy that was fetched last
 * @param failed the fetch that failed since
 */
record KnownDomain(Optional<Kept> kept, Optional<FailedFetch> failed) {

    /** After a failed fetch the same id is not fetched again for so long (RFC 8461 §3.3). */
    static final Duration RETRY_AFTER = Duration.ofMinutes(5);

    /** A policy of which less than this part of its max_age is left is fetched anew (RFC 8461 §3.3, §10.2) ... */
    static final int RENEWED_PART = 10;

    /** ... but no sooner than so long before its end. */
    static final Duration RENEWED_AHEAD = Duration.ofDays(1);

    /** So many times the time that did not suffice may. */
    static final int MORE_TIME = 2;

    static final KnownDomain NOTHING = new KnownDomain(Optional.empty(), Optional.empty());

    /**
     * A policy.
     *
     * @param id of the TXT record that it was fetched for
     */
    record Kept(StsPolicy policy, String id, Instant fetchedAt) {

        /** Negative once it is over. */
        private Duration left(Instant now) {
            return policy.maxAge().minus(Duration.between(fetchedAt, now));
        }

        boolean holds(Instant now) {
            return !left(now).isNegative();
        }

        private boolean isDueForRenewal(Instant now) {
            Duration part = policy.maxAge().dividedBy(RENEWED_PART);
            Duration ahead = part.compareTo(RENEWED_AHEAD) < 0 ? part : RENEWED_AHEAD;
            return left(now).compareTo(ahead) < 0;
        }

        /** @param afterFailure whether it is heeded though what is announced now could not be had */
        StsFinding finding(boolean afterFailure) {
            return policy.mode() == Mode.NONE ? new StsFinding.None() : new StsFinding.Policy(policy, id, afterFailure);
        }
    }

    /**
     * @param id of the TXT record that it was to be fetched for
     * @param time how long it took at most; the longest that any may take, where it did not fail for want of time
     */
    record FailedFetch(String id, TlsFailure why, Instant at, Duration time) {

        private boolean isRecent(Instant now) {
            return now.isBefore(at.plus(RETRY_AFTER));
        }

        /** Not where there is far more time now: who was in a hurry must not keep the policy from the others. */
        private boolean forbids(String wanted, Instant now, Duration available) {
            return id.equals(wanted) && isRecent(now) && available.compareTo(time.multipliedBy(MORE_TIME)) <= 0;
        }
    }

    /**
     * What is found where the TXT record has this id, if that can be told without a fetch.
     *
     * @param available the time that a fetch would have
     */
    Optional<StsFinding> withoutFetch(String id, Instant now, Duration available) {
        Optional<Kept> current = holding(now).filter(policy -> policy.id().equals(id) && !policy.isDueForRenewal(now));
        if (current.isPresent()) {
            return Optional.of(current.get().finding(false));
        }
        return failed.filter(fetch -> fetch.forbids(id, now, available)).map(fetch -> withoutPolicy(fetch.why(), now));
    }

    /** What is found where the TXT record announces a policy that cannot be had. */
    StsFinding withoutPolicy(TlsFailure why, Instant now) {
        return holding(now).map(policy -> policy.finding(true)).orElseGet(() -> new StsFinding.Unavailable(why));
    }

    /** What is found where there is no usable TXT record: its absence ends no policy (RFC 8461 §3.1). */
    StsFinding withoutRecord(Instant now) {
        return holding(now).map(policy -> policy.finding(true)).orElseGet(StsFinding.None::new);
    }

    /** The same after a fetch that failed. */
    KnownDomain failed(FailedFetch fetch) {
        return new KnownDomain(holding(fetch.at()), Optional.of(fetch));
    }

    /** The policy, while it is not over. */
    Optional<Kept> holding(Instant now) {
        return kept.filter(policy -> policy.holds(now));
    }

    /** Whether nothing of it counts any more. */
    boolean isOver(Instant now) {
        return holding(now).isEmpty()
                && failed.filter(fetch -> fetch.isRecent(now)).isEmpty();
    }
}
