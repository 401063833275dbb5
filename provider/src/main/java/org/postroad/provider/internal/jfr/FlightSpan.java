// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.jfr;

/** An event that has begun. */
@FunctionalInterface
public interface FlightSpan<R> {

    /** Ends the event and records it. To be called once. */
    void end(R result);
}
