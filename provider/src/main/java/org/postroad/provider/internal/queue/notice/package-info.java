// SPDX-License-Identifier: Apache-2.0
/**
 * Notices of the queue to senders and to the postmaster (RFC 3461, 3464).
 *
 * <p>In the order of reading: {@link org.postroad.provider.internal.queue.notice.DueNotices} selects the notices that result from an
 * attempt; they are stored with its end as pending notices. {@link org.postroad.provider.internal.queue.notice.NoticeSender} sends them
 * when no delivery of the message is in progress or due any more, or after a minute:
 * {@link org.postroad.provider.internal.queue.notice.NoticeComposer} composes one notice for each message and event, which is queued in the
 * transaction that removes the pending notices. {@code AttemptHistories} has the history of each recipient.
 *
 * <p>Never here: decisions about deliveries, SQL, the format of a notice (that is the package {@code dsn}). Has no threads.
 */
@NullMarked
package org.postroad.provider.internal.queue.notice;

import org.jspecify.annotations.NullMarked;
