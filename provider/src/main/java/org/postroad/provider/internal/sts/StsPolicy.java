// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postroad.api.HostName;

/**
 * What a domain wants of those who deliver to its mail exchangers (RFC 8461 §3.2).
 *
 * @param mode how strictly it is meant
 * @param mx the mail exchangers that are permitted; at least one, unless the mode is none
 * @param maxAge how long it holds from when it was fetched
 */
public record StsPolicy(Mode mode, List<MxPattern> mx, Duration maxAge) {

    /** Octets of a policy, as RFC 8461 §3.3 suggests. */
    public static final int MAX_OCTETS = 64 * 1024;

    /** The most mx patterns; the biggest providers have about ten. */
    public static final int MAX_MX = 100;

    /** A year (RFC 8461 §3.2). */
    public static final Duration MAX_MAX_AGE = Duration.ofSeconds(31_557_600);

    /** What is due where a mail exchanger does not keep to the policy (RFC 8461 §5). */
    public enum Mode {
        /** It gets no mail. */
        ENFORCE,
        /** It gets mail all the same. */
        TESTING,
        /** There is no policy any more. */
        NONE
    }

    /** @throws IllegalArgumentException if this is no policy; the message says why */
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

    /**
     * Reads a policy.
     *
     * @throws BadPolicyException if this is none; the message says why, and is cleaned
     */
    static StsPolicy parse(byte[] octets) throws BadPolicyException {
        return PolicyReader.read(octets);
    }

    /** As it would be written, what is not known left out. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("version: " + PolicyReader.VERSION);
        lines.add("mode: " + mode.name().toLowerCase(Locale.ROOT));
        mx.forEach(pattern -> lines.add("mx: " + pattern));
        lines.add("max_age: " + maxAge.toSeconds());
        return List.copyOf(lines);
    }

    /** Whether a mail exchanger is one of those permitted, whatever the mode. */
    public boolean permits(HostName host) {
        return mx.stream().anyMatch(pattern -> pattern.matches(host));
    }
}
