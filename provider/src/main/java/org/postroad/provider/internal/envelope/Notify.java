// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.envelope;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.postroad.api.Printable;

/** NOTIFY: when the sender requests a notice about a recipient (RFC 3461 §4.1). The queue stores the names. */
public enum Notify {
    NEVER,
    SUCCESS,
    FAILURE,
    DELAY;

    /**
     * Parses {@code NEVER}, or any of {@code SUCCESS,FAILURE,DELAY}. Case is ignored.
     *
     * @throws IllegalArgumentException if a word is unknown, or NEVER is combined with another
     */
    public static Set<Notify> parse(String text) {
        Set<Notify> values = EnumSet.noneOf(Notify.class);
        for (String word : text.strip().split("[,\\s]+")) {
            values.add(Arrays.stream(values())
                    .filter(value -> value.name().equalsIgnoreCase(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            Printable.quote(word) + " is not one of NEVER, SUCCESS, FAILURE, DELAY")));
        }
        return checked(values);
    }

    static Set<Notify> checked(Set<Notify> values) {
        if (values.contains(NEVER) && values.size() > 1) {
            throw new IllegalArgumentException("NOTIFY=NEVER cannot be combined with other values: " + values);
        }
        return Set.copyOf(values);
    }
}
