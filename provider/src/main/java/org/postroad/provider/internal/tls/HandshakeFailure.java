// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Locale;
import java.util.Map;

/**
 * Explains why a handshake failed. The JDK may refuse certificates that other clients accept before our own checks can examine them; the
 * explanation then names the cause and the system property that changes it.
 */
public final class HandshakeFailure {

    /** Maps a part of the JDK's message to its explanation. */
    private static final Map<String, String> MEANINGS = Map.of(
            "handshake message",
                    "the JDK refuses certificates of that size; the system property jdk.tls.maxHandshakeMessageSize is its limit",
            "certificate chain length",
                    "the JDK refuses that many certificates; the system property jdk.tls.maxCertificateChainLength is its limit",
            "failed to parse server certificates", "the JDK cannot read a certificate of the server",
            "handshake_failure",
                    "it has no version, cipher suite, group or kind of certificate in common with this JVM",
            "protocol_version", "it has no version, or no kind of certificate for it, in common with this JVM");

    private HandshakeFailure() {}

    /** Returns a human-readable reason, cleaned for logs and reports. */
    public static String reason(Exception failure) {
        String words = JvmTrust.reason(failure);
        String lower = words.toLowerCase(Locale.ROOT);
        return MEANINGS.entrySet().stream()
                .filter(meaning -> lower.contains(meaning.getKey()))
                .map(meaning -> words + ": " + meaning.getValue())
                .findFirst()
                .orElse(words);
    }
}
