// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.util.Optional;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.Outcome;
import org.postroad.api.TlsDemand;
import org.postroad.provider.internal.envelope.Envelope;

/** Checks whether a server's extensions suffice for a message. Pure. */
final class ExtensionCheck {

    /** Outcome of a non-ASCII recipient if the server lacks SMTPUTF8. It does not affect the other recipients (RFC 6531 §3.2). */
    static final Outcome NON_ASCII_RECIPIENT = new Outcome.HostUnsuitable(
            EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the address needs SMTPUTF8, the server lacks it");

    private ExtensionCheck() {}

    /** Returns the outcome of all recipients if the message cannot be sent to this server; empty if it can. */
    static Optional<Outcome> refusal(Envelope envelope, MessageContent content, Extensions extensions) {
        long maximum = extensions.maximumSize().orElse(Long.MAX_VALUE);
        if (envelope.tls() == TlsDemand.REQUIRED && !extensions.requireTls()) {
            return refusal(
                    EnhancedStatus.REQUIRETLS_SUPPORT_5_7_30,
                    "the message requires TLS on the whole path (REQUIRETLS), which the server does not offer");
        } else if (content.size() > maximum) {
            return refusal(
                    EnhancedStatus.MESSAGE_TOO_BIG_5_3_4,
                    "the message has " + content.size() + " octets, the server takes at most " + maximum);
        } else if (content.needsSmtpUtf8() && !extensions.smtpUtf8()) {
            return refusal(
                    EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the headers need SMTPUTF8, the server lacks it");
        } else if (content.isEightBit() && !extensions.eightBitMime()) {
            return refusal(EnhancedStatus.CONVERSION_REQUIRED_5_6_3, "the message needs 8BITMIME, the server lacks it");
        } else if (hasNonAsciiSender(envelope) && !extensions.smtpUtf8()) {
            return refusal(
                    EnhancedStatus.NON_ASCII_NOT_PERMITTED_5_6_7, "the sender needs SMTPUTF8, the server lacks it");
        }
        return Optional.empty();
    }

    /** Returns whether the transaction uses SMTPUTF8: it is offered, and the header or an address needs it. */
    static boolean usesSmtpUtf8(Envelope envelope, MessageContent content, Extensions extensions) {
        return extensions.smtpUtf8()
                && (content.needsSmtpUtf8() || hasNonAsciiSender(envelope) || hasNonAsciiRecipient(envelope));
    }

    private static Optional<Outcome> refusal(EnhancedStatus status, String detail) {
        return Optional.of(new Outcome.HostUnsuitable(status, detail));
    }

    private static boolean hasNonAsciiSender(Envelope envelope) {
        return envelope.sender().filter(sender -> !sender.isAscii()).isPresent();
    }

    private static boolean hasNonAsciiRecipient(Envelope envelope) {
        for (Envelope.Recipient recipient : envelope.recipients()) {
            if (!recipient.mailbox().isAscii()) {
                return true;
            }
        }
        return false;
    }
}
