// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import java.time.Instant;
import java.util.Optional;
import org.postroad.api.Mailbox;
import org.postroad.provider.internal.message.MessageFacts;
import org.postroad.provider.internal.smtp.Envelope.Returned;

/**
 * A message in the queue, without its octets and its recipients.
 *
 * @param id names it; of two, the later one is greater
 * @param queuedAt when it became durable
 * @param expiresAt given up after that moment
 * @param sender the reverse-path; empty: the null sender
 * @param returned RET
 * @param envelopeId ENVID
 * @param facts what servers are told of it
 */
record QueuedMessage(
        String id,
        Instant queuedAt,
        Instant expiresAt,
        Optional<Mailbox> sender,
        Optional<Returned> returned,
        Optional<String> envelopeId,
        MessageFacts facts) {}
