// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.net.IDN;
import java.text.Normalizer;
import java.util.Locale;
import org.postroad.api.Printable;

/**
 * IDNA2003 conversion by the JDK, limited to domains that UTS 46 converts to the same result. Otherwise mail would go to a stranger:
 * IDNA2003 converts {@code straße} to {@code strasse}.
 */
final class JdkIdna {

    /** UTS 46 §4: mapped or deleted by IDNA2003, valid characters in IDNA2008. ß, final sigma, ZWNJ, ZWJ. */
    private static final String DEVIATIONS = "\u00df\u03c2\u200c\u200d";

    /** Invisible fillers: valid characters in IDNA2003, deleted by UTS 46 since Unicode 16. */
    private static final String FILLERS = "\u115f\u1160\u17b4\u17b5\u3164\uffa0";

    private JdkIdna() {}

    static String toAscii(String domain) {
        if (domain.chars().anyMatch(c -> DEVIATIONS.indexOf(c) >= 0 || FILLERS.indexOf(c) >= 0)) {
            throw needsIcu(domain, "it has a character of which IDNA2003 makes another domain");
        }
        String ascii;
        try {
            ascii = IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw needsIcu(domain, "the JDK refuses it: " + Printable.describe(e));
        }
        // IDNA2003 stopped at Unicode 3.2: newer case pairs and normal forms result in a difference here.
        if (!IDN.toUnicode(ascii).equals(mapped(domain))) {
            throw needsIcu(domain, "IDNA2003 may map it to another domain");
        }
        return ascii;
    }

    /** The mapping of UTS 46 §5 within the JDK's Unicode data. It is context-free, so String.toLowerCase cannot be used. */
    private static String mapped(String domain) {
        StringBuilder lower = new StringBuilder();
        Normalizer.normalize(domain, Normalizer.Form.NFKC)
                .replace('\u3002', '.')
                .codePoints()
                .map(Character::toLowerCase)
                .forEach(lower::appendCodePoint);
        return Normalizer.normalize(lower, Normalizer.Form.NFKC);
    }

    private static IllegalArgumentException needsIcu(String domain, String why) {
        return new IllegalArgumentException("The domain " + Printable.quote(domain) + " cannot be converted reliably ("
                + why + "); if it is right, add com.ibm.icu:icu4j");
    }
}
