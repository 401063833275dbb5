// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import org.postroad.api.EnhancedStatus;
import org.postroad.provider.internal.dsn.Event;
import org.postroad.provider.internal.dsn.RecipientStatus;

/**
 * Something that happened to a recipient and that the sender has not been notified of yet.
 *
 * @param event what happened
 * @param address the recipient
 * @param status the last status, unchanged
 * @param lastAttempt the attempt that led to it
 */
public record PendingNotice(
        Event event, RecipientStatus.Address address, EnhancedStatus status, RecipientStatus.LastAttempt lastAttempt) {}
