// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An enhanced mail system status code (RFC 3463).
 *
 * @param statusClass 2 (success), 4 (persistent transient failure) or 5 (permanent failure)
 * @param subject 0 to 999
 * @param detail 0 to 999
 */
public record EnhancedStatus(int statusClass, int subject, int detail) {

    // Class and undefined, RFC 3463 §3.1
    public static final EnhancedStatus SUCCESS_2_0_0 = new EnhancedStatus(2, 0, 0);
    public static final EnhancedStatus UNDEFINED_4_0_0 = new EnhancedStatus(4, 0, 0);
    public static final EnhancedStatus UNDEFINED_5_0_0 = new EnhancedStatus(5, 0, 0);

    // Address status, RFC 3463 §3.2, RFC 7505 §4.2
    public static final EnhancedStatus BAD_MAILBOX_5_1_1 = new EnhancedStatus(5, 1, 1);
    public static final EnhancedStatus BAD_DESTINATION_SYSTEM_5_1_2 = new EnhancedStatus(5, 1, 2);
    public static final EnhancedStatus BAD_MAILBOX_SYNTAX_5_1_3 = new EnhancedStatus(5, 1, 3);
    public static final EnhancedStatus BAD_SENDER_SYNTAX_5_1_7 = new EnhancedStatus(5, 1, 7);
    public static final EnhancedStatus NULL_MX_5_1_10 = new EnhancedStatus(5, 1, 10);

    // Mail system status, RFC 3463 §3.4
    public static final EnhancedStatus MAIL_SYSTEM_4_3_0 = new EnhancedStatus(4, 3, 0);
    public static final EnhancedStatus MESSAGE_TOO_BIG_5_3_4 = new EnhancedStatus(5, 3, 4);
    public static final EnhancedStatus SYSTEM_MISCONFIGURED_4_3_5 = new EnhancedStatus(4, 3, 5);
    public static final EnhancedStatus SYSTEM_MISCONFIGURED_5_3_5 = new EnhancedStatus(5, 3, 5);

    // Network and routing status, RFC 3463 §3.5
    public static final EnhancedStatus NO_ANSWER_4_4_1 = new EnhancedStatus(4, 4, 1);
    public static final EnhancedStatus BAD_CONNECTION_4_4_2 = new EnhancedStatus(4, 4, 2);
    public static final EnhancedStatus DIRECTORY_FAILURE_4_4_3 = new EnhancedStatus(4, 4, 3);
    public static final EnhancedStatus NO_MX_ADDRESS_5_4_3 = new EnhancedStatus(5, 4, 3);
    public static final EnhancedStatus UNABLE_TO_ROUTE_5_4_4 = new EnhancedStatus(5, 4, 4);
    public static final EnhancedStatus ROUTING_LOOP_5_4_6 = new EnhancedStatus(5, 4, 6);
    public static final EnhancedStatus DELIVERY_TIME_EXPIRED_4_4_7 = new EnhancedStatus(4, 4, 7);

    // Mail delivery protocol status, RFC 3463 §3.6
    public static final EnhancedStatus PROTOCOL_4_5_0 = new EnhancedStatus(4, 5, 0);

    // Message content status, RFC 3463 §3.7, RFC 6531 §5
    public static final EnhancedStatus CONVERSION_REQUIRED_5_6_3 = new EnhancedStatus(5, 6, 3);
    public static final EnhancedStatus NON_ASCII_NOT_PERMITTED_5_6_7 = new EnhancedStatus(5, 6, 7);

    // Security status, RFC 3463 §3.8, RFC 4954 §6, RFC 8689 §7
    public static final EnhancedStatus SECURITY_FEATURE_4_7_4 = new EnhancedStatus(4, 7, 4);
    public static final EnhancedStatus CRYPTOGRAPHIC_FAILURE_4_7_5 = new EnhancedStatus(4, 7, 5);
    public static final EnhancedStatus CREDENTIALS_INVALID_4_7_8 = new EnhancedStatus(4, 7, 8);
    public static final EnhancedStatus REQUIRETLS_SUPPORT_5_7_30 = new EnhancedStatus(5, 7, 30);

    private static final int SHORTEST = "5.1.1".length();
    private static final Pattern SYNTAX = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

    /**
     * Checks the three numbers.
     *
     * @throws IllegalArgumentException if one of them is out of range
     */
    public EnhancedStatus {
        boolean classFits = statusClass == 2 || statusClass == 4 || statusClass == 5;
        if (!classFits || subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("The status " + statusClass + "." + subject + "." + detail
                    + " is not 2, 4 or 5 followed by two numbers of 0 to 999");
        }
    }

    /** {@return the status with this text, such as {@code 5.1.1}; empty if the text is not a status} */
    public static Optional<EnhancedStatus> tryParse(String text) {
        if (text.length() < SHORTEST || text.charAt(1) != '.') {
            return Optional.empty(); // cheap test first: most texts are not a status
        }
        Matcher matcher = SYNTAX.matcher(text);
        return matcher.matches()
                ? Optional.of(new EnhancedStatus(number(matcher, 1), number(matcher, 2), number(matcher, 3)))
                : Optional.empty();
    }

    /**
     * {@return the status for a reply without an enhanced status: x.0.0 with the class of the reply}
     *
     * @param statusClass 2, 4 or 5
     * @throws IllegalArgumentException if the class is another one
     */
    public static EnhancedStatus undefined(int statusClass) {
        return new EnhancedStatus(statusClass, 0, 0);
    }

    /** {@return whether this is class 2} */
    public boolean isSuccess() {
        return statusClass == 2;
    }

    /** {@return whether this is class 4: the same mail may succeed later} */
    public boolean isTransient() {
        return statusClass == 4;
    }

    /** {@return whether this is class 5: repeating the same mail will fail again} */
    public boolean isPermanent() {
        return statusClass == 5;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    @Override
    public String toString() {
        return statusClass + "." + subject + "." + detail;
    }
}
