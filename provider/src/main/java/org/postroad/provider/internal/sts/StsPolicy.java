// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postroad.api.HostName;

/**
 * A domain's MTA-STS policy (RFC 8461 §3.2).
 *
 * @param mode how it is enforced
 * @param mx the permitted mail exchangers; at least one, unless the mode is none
 * @param maxAge how long it is valid after it was fetched
 */
public record StsPolicy(Mode mode, List<MxPattern> mx, Duration maxAge) {

    /** The version of the format. */
    static final String VERSION = "STSv1";

    /** Maximum size of a policy in octets, as suggested by RFC 8461 §3.3. */
    public static final int MAX_OCTETS = 64 * 1024;

    /** Maximum number of mx patterns; the biggest providers have about ten. */
    public static final int MAX_MX = 100;

    /** A year (RFC 8461 §3.2). */
    public static final Duration MAX_MAX_AGE = Duration.ofSeconds(31_557_600);

    /** What happens if a mail exchanger violates the policy (RFC 8461 §5). */
    public enum Mode {
        /** No mail is sent to it. */
        ENFORCE,
        /** Mail is sent to it; the violation is reported. */
        TESTING,
        /** The domain has withdrawn its policy. */
        NONE
    }

    /** @throws IllegalArgumentException if this is not a valid policy; the message gives the reason */
    public StsPolicy {
        mx = List.copyOf(mx);
        if (mx.isEmpty() && mode != Mode.NONE) {
            throw new IllegalArgumentException("The policy has no mx, which it must have unless its mode is none");
        }
        if (mx.size() > MAX_MX) {
            throw new IllegalArgumentException(
                    "The policy has " + mx.size() + " mx; at most " + MAX_MX + " are allowed");
        }
        if (maxAge.isNegative() || maxAge.compareTo(MAX_MAX_AGE) > 0) {
            throw new IllegalArgumentException("The policy has a max_age of " + maxAge.toSeconds() + "; 0 to "
                    + MAX_MAX_AGE.toSeconds() + " are allowed");
        }
    }

    /** Returns the policy in its text format, without unknown fields. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("version: " + VERSION);
        lines.add("mode: " + mode.name().toLowerCase(Locale.ROOT));
        mx.forEach(pattern -> lines.add("mx: " + pattern));
        lines.add("max_age: " + maxAge.toSeconds());
        return List.copyOf(lines);
    }

    /** Returns whether a mail exchanger is permitted, whatever the mode. */
    public boolean permits(HostName host) {
        return mx.stream().anyMatch(pattern -> pattern.matches(host));
    }
}
