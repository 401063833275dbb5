// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reply of an SMTP server.
 *
 * @param code the reply code
 * @param lines the lines without the codes
 */
record ReferenceReply(int code, List<String> lines) {

    private static final Pattern STATUS = Pattern.compile("^([245]\\.\\d{1,3}\\.\\d{1,3})(?: |$)");

    ReferenceReply {
        lines = List.copyOf(lines);
    }

    boolean isPositive() {
        return code / 100 == 2;
    }

    boolean isPermanent() {
        return code / 100 == 5;
    }

    /** Returns whether a line of the reply to EHLO starts with the keyword. */
    boolean offers(String keyword) {
        return lines.stream()
                .skip(1)
                .anyMatch(line -> Arrays.asList(line.split(" ")).get(0).equalsIgnoreCase(keyword));
    }

    /** Returns the server's enhanced status, or else one derived from the code. */
    String status() {
        Matcher matcher = STATUS.matcher(lines.get(0));
        return matcher.find() ? matcher.group(1) : code / 100 + ".0.0";
    }

    String text() {
        return String.join(" ", lines).replaceFirst(STATUS.pattern(), "");
    }

    /** Converts a refusal to a result. */
    ReferenceOutcome as(ReferenceOutcome.Kind ifPermanent, boolean addressAtFault) {
        return isPermanent()
                ? new ReferenceOutcome(ifPermanent, code, status(), text(), addressAtFault)
                : new ReferenceOutcome(ReferenceOutcome.Kind.SOFT_REPLY, code, status(), text(), false);
    }
}
