// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import org.postroad.api.MailContext;
import org.postroad.provider.internal.envelope.Envelope;
import org.postroad.provider.internal.smtp.ContentChoice;
import org.postroad.provider.internal.smtp.Fence;

/**
 * A mail object: envelope and content (RFC 5321 §2.3.1).
 *
 * @param context for events and the log
 * @param fence checks whether it may still be sent
 * @param waits learns when the delivery waits for a connection
 */
public record MailObject(
        Envelope envelope, ContentChoice content, MailContext context, Fence fence, ConnectionWaits waits) {

    /** A message that no other process can send. */
    public MailObject(Envelope envelope, ContentChoice content, MailContext context) {
        this(envelope, content, context, Fence.NONE, ConnectionWaits.NONE);
    }
}
