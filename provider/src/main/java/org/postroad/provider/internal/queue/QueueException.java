// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue;

/** The store of the queue cannot be used, or could not do what was asked; that has not happened, unless it says that this is not known. */
public class QueueException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public QueueException(String message) {
        super(message);
    }

    public QueueException(String message, Throwable cause) {
        super(message, cause);
    }
}
