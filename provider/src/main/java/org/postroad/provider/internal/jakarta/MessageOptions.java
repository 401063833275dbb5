// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jakarta;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postroad.provider.internal.envelope.Notify;
import org.postroad.provider.internal.envelope.Returned;

/**
 * Options given by the message itself. The settings apply to everything it leaves open.
 *
 * @param envelopeFrom the reverse-path; {@code <>} is the null sender
 * @param notifyOn NOTIFY: when a report is requested
 * @param returned RET
 * @param envelopeId ENVID
 * @param partial whether some recipients may get the message if others cannot
 * @param requireTls whether the message must not be delivered without authenticated TLS (RFC 8689)
 * @param ignored options that are ignored, each as the rest of a sentence that begins with "An SMTPMessage has"
 */
public record MessageOptions(
        Optional<String> envelopeFrom,
        Optional<Set<Notify>> notifyOn,
        Optional<Returned> returned,
        Optional<String> envelopeId,
        Optional<Boolean> partial,
        boolean requireTls,
        List<String> ignored) {

    static final MessageOptions NONE = new MessageOptions(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, List.of());

    public MessageOptions {
        ignored = List.copyOf(ignored);
    }
}
