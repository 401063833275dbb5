// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;

/**
 * A TLS failure, in the terms of TLS reporting (RFC 8460 §4.3).
 *
 * @param type the standard failure type
 * @param detail human-readable, cleaned
 */
public record TlsFailure(Type type, String detail) {

    public TlsFailure {
        detail = Printable.clean(detail);
    }

    /** The failure types. Earlier ones give more specific information about a certificate than later ones. */
    public enum Type {
        /** The server does not offer STARTTLS, or refuses it. */
        STARTTLS_NOT_SUPPORTED,
        /** The certificate is trusted, but issued for another host. */
        CERTIFICATE_HOST_MISMATCH,
        /** The certificate, or one in its chain, has expired. */
        CERTIFICATE_EXPIRED,
        /** The certificate chain does not lead to a trust anchor, or the certificate matches no TLSA record. */
        CERTIFICATE_NOT_TRUSTED,
        /** TLSA records exist, but none of them is usable. */
        TLSA_INVALID,
        /** The TLSA records could not be looked up, or DNSSEC validation found them to be forged. */
        DNSSEC_INVALID,
        /** An MTA-STS policy is announced, but could not be fetched. */
        STS_POLICY_FETCH_ERROR,
        /** The document fetched is not a valid MTA-STS policy. */
        STS_POLICY_INVALID,
        /** The web server of the MTA-STS policy has a certificate that is not trusted. */
        STS_WEBPKI_INVALID,
        /** Any other failure, such as a failed handshake. */
        VALIDATION_FAILURE;

        /** {@return the name used in TLS reports, such as {@code certificate-expired}} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String toString() {
        return type + ": " + detail;
    }
}
