// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

/**
 * The store of the queue cannot be used, or could not perform an operation. The operation had no effect, unless the message states that
 * this is unknown.
 */
public class QueueException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public QueueException(String message) {
        super(message);
    }

    public QueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
