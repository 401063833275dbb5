// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.postroad.samples.benchmarks.measure.Series;

/** Formats numbers for the report. */
public final class Numbers {

    private static final MathContext THREE_DIGITS = new MathContext(3);

    private Numbers() {}

    /** Formats with three significant digits, or with all digits before the decimal point if there are more. */
    public static String text(double number) {
        if (number == 0) {
            return "0";
        }
        BigDecimal exact = BigDecimal.valueOf(number);
        BigDecimal rounded = exact.precision() - exact.scale() > THREE_DIGITS.getPrecision()
                ? exact.setScale(0, RoundingMode.HALF_UP)
                : exact.round(THREE_DIGITS);
        return rounded.scale() > 0 ? rounded.stripTrailingZeros().toPlainString() : rounded.toPlainString();
    }

    /** Formats the median, with minimum and maximum in parentheses. */
    public static String text(Series series) {
        return text(series.median()) + " (" + text(series.least()) + " to " + text(series.most()) + ")";
    }
}
