// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.route;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.postroad.api.Attempt;
import org.postroad.api.Lookup;
import org.postroad.api.Outcome;
import org.postroad.api.RecipientOutcome;
import org.postroad.api.TlsaRecord;

/** Measures and limits the memory used for server texts and DNS records. */
final class HistorySize {

    /** Length of a TXT or TLSA record that counts as one additional record. */
    private static final int CHARACTERS_OF_A_RECORD = 100;

    /** Lower limit for the share of one reply or detail. */
    private static final int LEAST = 64;

    private HistorySize() {}

    /** Returns the weight of an answer: its number of records, with long ones counted as several, and of aliases. */
    static int of(Lookup<?> lookup) {
        int weight = lookup.answer().aliases().size();
        for (Object each : lookup.answer().recordsOrNone()) {
            int characters = each instanceof String text
                    ? text.length()
                    : each instanceof TlsaRecord tlsa ? tlsa.data().length() : 0;
            weight += 1 + characters / CHARACTERS_OF_A_RECORD;
        }
        return weight;
    }

    /** Returns the weight of a contact: the length of its texts. A text shared by many recipients counts once. */
    static int of(Attempt attempt) {
        return distinct(attempt).stream().mapToInt(HistorySize::of).sum();
    }

    private static Set<Outcome> distinct(Attempt attempt) {
        Set<Outcome> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        for (RecipientOutcome each : attempt.outcomes()) {
            distinct.add(each.outcome());
        }
        return distinct;
    }

    private static int of(Outcome outcome) {
        return outcome.fold(
                accepted -> accepted.reply().approximateSize(),
                refused -> refused.reply().approximateSize(),
                noAnswer -> noAnswer.detail().length(),
                badConnection -> badConnection.detail().length(),
                inDoubt -> inDoubt.detail().length(),
                unfit -> unfit.detail().length());
    }

    /** Returns the contact with its texts shortened to equal shares if it weighs more than {@code most}. */
    static Attempt shortened(Attempt attempt, int most) {
        if (of(attempt) <= most) {
            return attempt;
        }
        IdentityHashMap<Outcome, Outcome> shortened = new IdentityHashMap<>();
        Set<Outcome> distinct = distinct(attempt);
        int share = Math.max(LEAST, most / distinct.size());
        distinct.forEach(outcome -> shortened.put(outcome, shortened(outcome, share)));
        List<RecipientOutcome> outcomes = new ArrayList<>();
        for (RecipientOutcome each : attempt.outcomes()) {
            Outcome outcome = shortened.getOrDefault(each.outcome(), each.outcome());
            outcomes.add(new RecipientOutcome(each.recipient(), each.stage(), outcome));
        }
        return attempt.withOutcomes(outcomes);
    }

    private static Outcome shortened(Outcome outcome, int most) {
        return outcome.fold(
                accepted -> new Outcome.Accepted(accepted.reply().shortened(most), accepted.dsn()),
                refused -> new Outcome.Refused(refused.reply().shortened(most)),
                noAnswer -> new Outcome.NoAnswer(shortened(noAnswer.detail(), most)),
                badConnection -> new Outcome.BadConnection(shortened(badConnection.detail(), most)),
                inDoubt -> new Outcome.InDoubt(shortened(inDoubt.detail(), most)),
                unfit -> new Outcome.HostUnsuitable(unfit.status(), shortened(unfit.detail(), most)));
    }

    private static String shortened(String detail, int most) {
        return detail.length() <= most ? detail : detail.substring(0, most) + "...";
    }
}
