// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.sts;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postroad.api.Printable;
import org.postroad.provider.internal.https.WhiteSpace;
import org.postroad.provider.internal.sts.StsPolicy.Mode;

/**
 * Parses a policy: lines with a name, a colon and a value (RFC 8461 §3.2). Names and values are case-sensitive. If a name other than mx is
 * repeated, the first one counts. Unknown names and blank lines are ignored. Pure; used once.
 */
final class PolicyReader {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
    private static final Pattern MAX_AGE = Pattern.compile("[0-9]{1,10}");

    private final Map<String, String> firstValues = new HashMap<>();
    private final List<MxPattern> mx = new ArrayList<>();

    private PolicyReader() {}

    /** @throws BadPolicyException if it is not a valid policy; the message gives the reason and is cleaned */
    static StsPolicy read(byte[] octets) throws BadPolicyException {
        try {
            PolicyReader reader = new PolicyReader();
            for (String line : decode(octets).split("\n", -1)) {
                reader.readLine(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
            }
            return reader.policy();
        } catch (IllegalArgumentException e) {
            throw new BadPolicyException(e);
        }
    }

    private static String decode(byte[] octets) {
        if (octets.length > StsPolicy.MAX_OCTETS) {
            throw new IllegalArgumentException(
                    "The policy has " + octets.length + " octets; at most " + StsPolicy.MAX_OCTETS + " are allowed");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("The policy is not UTF-8", e);
        }
    }

    private void readLine(String line) {
        if (WhiteSpace.strip(line).isEmpty()) {
            return;
        }
        int colon = line.indexOf(':');
        if (colon < 0 || !NAME.matcher(line.substring(0, colon)).matches()) {
            throw new IllegalArgumentException("The policy has the line " + Printable.quote(line)
                    + ", which is not a name with a colon and a value");
        }
        String name = line.substring(0, colon);
        String value = WhiteSpace.strip(line.substring(colon + 1));
        if (name.equals("mx")) {
            mx.add(MxPattern.parse(value));
        } else {
            firstValues.putIfAbsent(name, value);
        }
    }

    private StsPolicy policy() {
        String version = required("version");
        if (!version.equals(StsPolicy.VERSION)) {
            throw new IllegalArgumentException(
                    "The policy is of version " + Printable.quote(version) + "; allowed is " + StsPolicy.VERSION);
        }
        return new StsPolicy(mode(required("mode")), mx, maxAge(required("max_age")));
    }

    private String required(String name) {
        return Optional.ofNullable(firstValues.get(name))
                .orElseThrow(() -> new IllegalArgumentException("The policy has no " + name));
    }

    private static Mode mode(String text) {
        return switch (text) {
            case "enforce" -> Mode.ENFORCE;
            case "testing" -> Mode.TESTING;
            case "none" -> Mode.NONE;
            default ->
                throw new IllegalArgumentException(
                        "The policy has the mode " + Printable.quote(text) + "; allowed are enforce, testing and none");
        };
    }

    private static Duration maxAge(String text) {
        if (!MAX_AGE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "The policy has the max_age " + Printable.quote(text) + ", which is not a number of seconds");
        }
        return Duration.ofSeconds(Long.parseLong(text));
    }
}
