// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

import org.postroad.provider.internal.queue.store.QueueException;

/** The queue is closed, and the requested operation was not performed. */
public final class QueueClosedException extends QueueException {

    private static final long serialVersionUID = 1;

    QueueClosedException() {
        super("The queue is closed");
    }
}
