// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;

/**
 * TLS settings.
 *
 * @param protocols {@code mail.mx.ssl.protocols}: protocols offered, at least one
 * @param cipherSuites {@code mail.mx.ssl.ciphersuites}: cipher suites offered; empty: the JVM's default
 * @param groups {@code mail.mx.ssl.groups}: key exchange groups offered, preferred first; empty: the JVM's default
 */
public record TlsSettings(List<String> protocols, List<String> cipherSuites, List<String> groups) {

    /** TLS 1.3 and 1.2; older versions are deprecated (RFC 8996). */
    public static final List<String> DEFAULT_PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    /** @throws IllegalArgumentException if this JVM does not support a value; the message lists the supported ones */
    public TlsSettings {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        groups = groups.stream().distinct().toList(); // the JDK rejects duplicates, in each handshake
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("The list of TLS protocols is empty; allowed are those of this JVM");
        }
        protocols.forEach(TlsSettings::protocol);
        cipherSuites.forEach(TlsSettings::cipherSuite);
        groups.forEach(TlsSettings::group);
    }

    /** Returns the defaults. Not a constant, because the check of the protocols needs the TLS of the JVM that runs. */
    public static TlsSettings defaults() {
        return new TlsSettings(DEFAULT_PROTOCOLS, List.of(), List.of());
    }

    /** Returns these settings with other groups. */
    public TlsSettings withGroups(List<String> others) {
        return new TlsSettings(protocols, cipherSuites, others);
    }

    /**
     * Checks and returns the name of a protocol.
     *
     * @throws IllegalArgumentException if this JVM does not support it; the message lists the supported ones
     */
    public static String protocol(String name) {
        return checked(name, supported().getProtocols());
    }

    /** Checks and returns the name of a cipher suite. */
    public static String cipherSuite(String name) {
        return checked(name, supported().getCipherSuites());
    }

    /**
     * Checks and returns the name of a group. If the JVM's provider does not report its groups, any name is accepted.
     *
     * @throws IllegalArgumentException also if this JDK cannot set groups
     */
    public static String group(String name) {
        if (!KeyGroups.canBeChosen()) {
            throw new IllegalArgumentException("groups can be chosen from JDK 20 on, and this is JDK "
                    + Runtime.version().feature()
                    + ", where the system property jdk.tls.namedGroups is for the whole JVM");
        }
        List<String> supported = KeyGroups.of(supported());
        return supported.isEmpty() ? name : checked(name, supported.toArray(String[]::new));
    }

    private static String checked(String name, String[] supported) {
        if (!Arrays.asList(supported).contains(name)) {
            throw new IllegalArgumentException(name + " is not one of " + String.join(", ", supported));
        }
        return name;
    }

    private static SSLParameters supported() {
        return AcceptAnyCertificate.newContext().getSupportedSSLParameters();
    }
}
