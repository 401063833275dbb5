// SPDX-License-Identifier: Apache-2.0
/**
 * The routing algorithm, pure: computes the next step from what is known.
 *
 * <p>The loop that does the I/O (package {@code deliver}) works like this:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.route.MxRouting#next} takes the {@code RoutingRequest} (sender, recipients, next hop, local
 *       host) and {@code DeliveryHistory} (every DNS answer and every contact so far), and returns a {@code Step};
 *   <li>the loop executes the step, appends the result to {@code DeliveryHistory}, and calls {@code next} again;
 *   <li>the last step is {@code Conclude}, with one report for each recipient.
 * </ol>
 *
 * <p>So DNS is queried only for what the next step needs, the history explains the result, and every rule is tested without a socket.
 * {@link org.postroad.provider.internal.route.ErrorPolicy} alone decides what an error means.
 *
 * <p>Read {@code MxRouting} from top to bottom. It asks {@code DeliveryState} which recipients are pending, {@code HostCandidates} for the
 * addresses of a host, and {@code Conclusions} for the reports.
 *
 * <p>The requirements and their IDs (LOOKUP, ORDER, ADDR, TRY, END, RELAY) come from Keith Moore's algorithm of 2001, updated by RFC 5321
 * §5.1, RFC 6724, RFC 7505, RFC 8305 and RFC 3463.
 *
 * <p>Never here: I/O, a clock, a thread, a logger, Jakarta Mail. Randomness comes from a seed in the request. All types are immutable and
 * thread-safe.
 */
@NullMarked
package org.postroad.provider.internal.route;

import org.jspecify.annotations.NullMarked;
