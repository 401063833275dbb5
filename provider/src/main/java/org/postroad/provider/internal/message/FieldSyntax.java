// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.message;

import java.util.Locale;
import java.util.Set;

/** Syntax of a field's value (RFC 5322 §2.2), which determines what in it may be encoded. */
enum FieldSyntax {
    /** Human-readable text. */
    UNSTRUCTURED,
    /** Addresses with display names (RFC 5322 §3.4). */
    ADDRESSES,
    /** Human-readable words, with ids or URLs in angle brackets. */
    PHRASES,
    /** A value with parameters (RFC 2045 §5.1, RFC 2183). */
    PARAMETERS,
    /** Machine-readable tokens; only comments are human-readable. */
    TOKENS;

    private static final Set<String> ADDRESS_FIELDS = Set.of(
            "from",
            "sender",
            "reply-to",
            "to",
            "cc",
            "bcc",
            "mail-reply-to",
            "mail-followup-to",
            "errors-to",
            "return-receipt-to",
            "disposition-notification-to",
            "apparently-to",
            "approved",
            "x-original-to",
            "delivered-to");

    private static final Set<String> PHRASE_FIELDS = Set.of("keywords", "in-reply-to", "references", "accept-language");

    private static final Set<String> PARAMETER_FIELDS = Set.of("content-type", "content-disposition");

    private static final Set<String> TOKEN_FIELDS = Set.of(
            "date",
            "message-id",
            "received",
            "return-path",
            "mime-version",
            "content-transfer-encoding",
            "content-id",
            "content-md5",
            "content-language",
            "content-location",
            "content-base",
            "authentication-results",
            "received-spf",
            "dkim-signature",
            "domainkey-signature",
            "auto-submitted",
            "expires",
            "importance",
            "priority",
            "sensitivity",
            "tls-required",
            "require-recipient-valid-since",
            "original-recipient",
            "original-message-id",
            "disposition-notification-options",
            "autocrypt");

    /** Returns the syntax of the field with this name, in any case. An unknown field is unstructured. */
    static FieldSyntax of(String fieldName) {
        String name = fieldName.toLowerCase(Locale.ROOT);
        String base = name.startsWith("resent-") ? name.substring("resent-".length()) : name;
        if (ADDRESS_FIELDS.contains(base)) {
            return ADDRESSES;
        }
        if (PHRASE_FIELDS.contains(base) || base.startsWith("list-")) {
            return PHRASES;
        }
        if (PARAMETER_FIELDS.contains(base)) {
            return PARAMETERS;
        }
        return TOKEN_FIELDS.contains(base) || base.startsWith("arc-") ? TOKENS : UNSTRUCTURED;
    }
}
