// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.util.Locale;

/**
 * What was wrong with TLS, in the terms of TLS reporting (RFC 8460 §4.3).
 *
 * @param type which of the kinds that everybody knows
 * @param detail for people, cleaned
 */
public record TlsFailure(Type type, String detail) {

    public TlsFailure {
        detail = Printable.clean(detail);
    }

    /** The kinds. What comes first says more about a certificate than what comes after. */
    public enum Type {
        /** The server does not offer STARTTLS, or says no to it. */
        STARTTLS_NOT_SUPPORTED,
        /** The certificate is trusted, and for another host. */
        CERTIFICATE_HOST_MISMATCH,
        /** The certificate, or one that it chains to, is over. */
        CERTIFICATE_EXPIRED,
        /** The certificate chains to nobody we trust, or matches no TLSA record. */
        CERTIFICATE_NOT_TRUSTED,
        /** There are TLSA records, and none that can be checked. */
        TLSA_INVALID,
        /** The TLSA records could not be had, or were forged. */
        DNSSEC_INVALID,
        /** An MTA-STS policy is announced, and could not be fetched. */
        STS_POLICY_FETCH_ERROR,
        /** What was fetched is no MTA-STS policy. */
        STS_POLICY_INVALID,
        /** The host of the MTA-STS policy has a certificate that is not trusted. */
        STS_WEBPKI_INVALID,
        /** Anything else, such as a handshake that failed. */
        VALIDATION_FAILURE;

        /** As reports have it, such as {@code certificate-expired}. */
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
