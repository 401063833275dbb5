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
 * In which form a server is asked. One that is silent, or says FORMERR, NOTIMP or BADVERS, may be one that does not understand EDNS or the AD
 * bit: it is asked in a simpler form once, and where it answers, in that form for a while.
 *
 * <p>A simpler form never makes anything less secure. A question for somebody who validates is put in the {@link QueryForm#FULL full} form
 * only. A server whose AD bit counts is always asked for it: of what is only slow or lost, the AD bit would be lost, too, and
 * with it DANE; so silence of such a server stays a failure (TLS-08). Where it says that it does not understand EDNS, it is asked without
 * EDNS, for the AD bit all the same.
 *
 * <p>Thread-safe.
 */
final class QueryForms {

    /** How long a server is asked in a simpler form before the full one is tried again. */
    static final Duration REMEMBERED = Duration.ofMinutes(15);

    private final InstantSource clock;
    private final Map<InetSocketAddress, Remembered> remembered = new ConcurrentHashMap<>();

    private record Remembered(QueryForm form, Instant until) {}

    /**
     * What it depends on.
     *
     * @param signed whether signatures are wanted
     * @param adCounts whether the server's AD bit counts
     */
    record Need(InetSocketAddress server, boolean signed, boolean adCounts) {}

    QueryForms(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The form for a try.
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

    /** The form for another try of what was answered so; empty where that is the answer. */
    Optional<QueryForm> after(Need need, QueryForm asked, int rcode) {
        boolean isMisunderstood = rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
        return asked.simpler().filter(form -> isMisunderstood && isPermitted(form, need));
    }

    /** What was asked in this form was answered usefully. */
    void worked(InetSocketAddress server, QueryForm form) {
        Instant now = clock.instant();
        if (form == QueryForm.FULL) {
            remembered.remove(server);
        } else {
            remembered.compute(
                    server,
                    (same, known) -> known != null && known.form() == form && now.isBefore(known.until())
                            ? known // not prolonged: the full form is tried again
                            : new Remembered(form, now.plus(REMEMBERED)));
        }
    }

    private static boolean isPermitted(QueryForm form, Need need) {
        return form.hasEdns() || (!need.signed() && (form.asksForAd() || !need.adCounts()));
    }
}
