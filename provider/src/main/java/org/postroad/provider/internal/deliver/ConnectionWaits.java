// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

/** Learns when a delivery waits for room in the {@link ConnectionPool}, while it waits. Called on the thread of the delivery. */
public interface ConnectionWaits {

    /** Ignores all waits. */
    ConnectionWaits NONE = new ConnectionWaits() {
        @Override
        public void began() {}

        @Override
        public void ended() {}
    };

    /** Called before each request for a connection, which may be granted immediately. */
    void began();

    /** Called after each request, whatever its result. */
    void ended();
}
