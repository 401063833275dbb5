// SPDX-License-Identifier: Apache-2.0
/**
 * The routing algorithm, pure: from what is known to the next step.
 *
 * <p>The loop that does the IO (room {@code deliver}) works like this:
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.route.MxRouting#next} is given the {@code Request} (who, where to, where we
 *       stand) and {@code Known} (every DNS answer and every contact so far), and answers with a {@code Step};
 *   <li>the loop obeys the step, appends what came of it to {@code Known}, and asks again;
 *   <li>the last step is {@code Conclude}, with one report for each recipient.
 * </ol>
 *
 * <p>So DNS is asked only for what the next step needs, the history explains the result, and every rule is tested without a
 * socket. {@link org.postroad.provider.internal.route.ErrorPolicy} alone decides what an error means.
 *
 * <p>The requirements and their IDs (LOOKUP, ORDER, ADDR, TRY, END, RELAY) come from Keith Moore's algorithm of 2001, brought
 * up to date by RFC 5321 §5.1, RFC 6724, RFC 7505, RFC 8305 and RFC 3463.
 *
 * <p>Never here: IO, a clock, a thread, a logger, Jakarta Mail. Chance is a seed in the request. All types are immutable and
 * may be shared between threads.
 */
@NullMarked
package org.postroad.provider.internal.route;

import org.jspecify.annotations.NullMarked;
