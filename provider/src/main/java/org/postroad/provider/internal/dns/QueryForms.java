// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.xbill.DNS.Rcode;

/**
 * Decides in which form a server is queried. A server that is silent, or replies FORMERR, NOTIMP or BADVERS, may not understand EDNS or the
 * AD bit. It is queried once in a simpler form, and if it answers, that form is used for a while.
 *
 * <p>A simpler form never reduces security. A query for local validation always has the {@link QueryForm#FULL full} form. A server whose AD
 * bit counts is always queried with the AD bit: if it were only slow, or a packet were lost, a query without it would lose DANE. So the
 * silence of such a server remains a failure (TLS-08). If it replies that it does not understand EDNS, it is queried without EDNS, but
 * still with the AD bit.
 *
 * <p>Thread-safe.
 */
final class QueryForms {

    /** How long a server is queried in a simpler form before the full form is tried again. */
    static final Duration REMEMBERED = Duration.ofMinutes(15);

    private final InstantSource clock;
    private final Map<InetSocketAddress, Remembered> remembered = new ConcurrentHashMap<>();

    private record Remembered(QueryForm form, Instant until) {}

    /**
     * The criteria for the form.
     *
     * @param signed whether signatures are requested
     * @param adCounts whether the server's AD bit counts
     */
    record Need(InetSocketAddress server, boolean signed, boolean adCounts) {}

    QueryForms(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Returns the form for a try.
     *
     * @param wasSilent whether the server left a try of the same message unanswered
     */
    QueryForm next(Need need, boolean wasSilent) {
        if (need.signed()) {
            return QueryForm.FULL;
        } else if (wasSilent && !need.adCounts()) {
            return QueryForm.BARE;
        }
        return Optional.ofNullable(remembered.get(need.server()))
                .filter(known -> clock.instant().isBefore(known.until()))
                .map(Remembered::form)
                .filter(form -> isPermitted(form, need))
                .orElse(QueryForm.FULL);
    }

    /** Returns the form for another try after this response code; empty if the answer is final. */
    Optional<QueryForm> after(Need need, QueryForm asked, int rcode) {
        boolean isMisunderstood = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
        return asked.simpler().filter(form -> isMisunderstood && isPermitted(form, need));
    }

    /** Records that a query in this form got a useful answer. */
    void worked(InetSocketAddress server, QueryForm form) {
        Instant now = clock.instant();
        if (form == QueryForm.FULL) {
            remembered.remove(server);
        } else {
            remembered.compute(
                    server,
                    (same, known) -> known != null && known.form() == form && now.isBefore(known.until())
                            ? known // not extended: the full form is tried again
                            : new Remembered(form, now.plus(REMEMBERED)));
        }
    }

    private static boolean isPermitted(QueryForm form, Need need) {
        return form.hasEdns() || (!need.signed() && (form.asksForAd() || !need.adCounts()));
    }
}
