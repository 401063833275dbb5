// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

/** The queue is closed; nothing of what was asked has been done. */
public final class QueueClosedException extends QueueException {

    private static final long serialVersionUID = 1;

    QueueClosedException() {
        super("The queue is closed");
    }
}
