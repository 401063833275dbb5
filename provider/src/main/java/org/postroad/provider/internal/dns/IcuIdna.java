// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import com.ibm.icu.text.IDNA;
import java.util.function.UnaryOperator;
import org.postroad.api.Printable;

/** UTS 46 conversion by icu4j. No other class refers to icu4j, which is optional. */
final class IcuIdna {

    private final IDNA uts46 = IDNA.getUTS46Instance(
            IDNA.NONTRANSITIONAL_TO_ASCII | IDNA.NONTRANSITIONAL_TO_UNICODE | IDNA.CHECK_BIDI | IDNA.CHECK_CONTEXTJ);

    private IcuIdna() {}

    /** @throws NoClassDefFoundError without icu4j */
    static UnaryOperator<String> converter() {
        return new IcuIdna()::toAscii;
    }

    private String toAscii(String domain) {
        IDNA.Info info = new IDNA.Info();
        StringBuilder ascii = uts46.nameToASCII(domain, new StringBuilder(), info);
        if (info.hasErrors()) {
            throw new IllegalArgumentException(
                    "The domain " + Printable.quote(domain) + " is not valid by UTS 46: " + info.getErrors());
        }
        return ascii.toString();
    }
}
