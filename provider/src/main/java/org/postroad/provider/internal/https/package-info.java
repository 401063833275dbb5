// SPDX-License-Identifier: Apache-2.0
/**
 * HTTPS, as little of it as mail needs: where a domain has its MTA-STS policy, and where it takes TLS reports.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.https.HttpsClient#exchange}: one {@link
 *       org.postroad.provider.internal.https.HttpsRequest} on a connection of its own, in bounded time;
 *   <li>{@link org.postroad.provider.internal.https.WebAddresses}: the addresses that may be contacted (ADDR-05);
 *   <li>{@link org.postroad.provider.internal.https.HttpsResponse}: the answer, in bounded memory.
 * </ol>
 *
 * <p>Never here: redirects, proxies, cookies, caches and authentication of HTTP, the system's resolver, and what an answer means.
 *
 * <p>Threads: none of its own. An exchange has one of the executor that the client is given; its caller waits, so that a server that
 * drips and an interrupt end it alike. No lock is held over IO.
 */
@NullMarked
package org.postroad.provider.internal.https;

import org.jspecify.annotations.NullMarked;
