// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.tls;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;

/**
 * The settings of this room.
 *
 * @param protocols {@code mail.mx.ssl.protocols}: what is offered, at least one
 * @param cipherSuites {@code mail.mx.ssl.ciphersuites}: what is offered; none: the JVM's choice
 * @param groups {@code mail.mx.ssl.groups}: what is offered for the key exchange, the preferred first; none: the JVM's choice
 */
public record TlsSettings(List<String> protocols, List<String> cipherSuites, List<String> groups) {

    /** TLS 1.3 and 1.2; older versions are deprecated (RFC 8996). */
    public static final TlsSettings DEFAULTS = new TlsSettings(List.of("TLSv1.3", "TLSv1.2"), List.of(), List.of());

    /** @throws IllegalArgumentException if this JVM lacks one; the message names it and what there is */
    public TlsSettings {
        protocols = List.copyOf(protocols);
        cipherSuites = List.copyOf(cipherSuites);
        groups = groups.stream().distinct().toList(); // the JDK refuses one that is named twice, at each handshake
        if (protocols.isEmpty()) {
            throw new IllegalArgumentException("There is no TLS protocol to offer");
        }
        protocols.forEach(TlsSettings::protocol);
        cipherSuites.forEach(TlsSettings::cipherSuite);
        groups.forEach(TlsSettings::group);
    }

    /** These with other groups. */
    public TlsSettings withGroups(List<String> others) {
        return new TlsSettings(protocols, cipherSuites, others);
    }

    /**
     * The name of a protocol, checked.
     *
     * @throws IllegalArgumentException if this JVM lacks it; the message says what there is
     */
    public static String protocol(String name) {
        return checked(name, supported().getProtocols());
    }

    /** The same for a cipher suite. */
    public static String cipherSuite(String name) {
        return checked(name, supported().getCipherSuites());
    }

    /**
     * The same for a group. Where the JVM's provider does not tell its groups, any name will do.
     *
     * @throws IllegalArgumentException also if groups cannot be chosen on this JDK
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
        return TlsUpgrade.newContext().getSupportedSSLParameters();
    }
}
