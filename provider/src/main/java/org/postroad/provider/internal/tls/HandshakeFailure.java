// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Locale;
import java.util.Map;

/**
 * Why a handshake failed, human-readable. Servers that others accept may have certificates that the JDK refuses before anything here can look
 * at them: then the report names the cause, and the system property that changes it.
 */
public final class HandshakeFailure {

    /** What the JDK says, and what that means. */
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

    /** Cleaned. */
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
