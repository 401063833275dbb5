// SPDX-License-Identifier: Apache-2.0
/**
 * Minimal HTTPS client: fetches MTA-STS policies and uploads TLS reports.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.https.HttpsClient#exchange}: sends one
 *       {@link org.postroad.provider.internal.https.HttpsRequest} on a connection of its own, within a time limit.
 *   <li>{@link org.postroad.provider.internal.https.WebAddresses}: finds the addresses that may be contacted (ADDR-05).
 *   <li>{@link org.postroad.provider.internal.https.HttpsResponse}: reads the response, within a memory limit.
 * </ol>
 *
 * <p>Never here: redirects, proxies, cookies, HTTP caches, HTTP authentication, the system's resolver, and the interpretation of a
 * response.
 *
 * <p>Threads: none of its own. Each exchange uses a thread of the executor passed to the client. The calling thread waits, so that a time
 * limit or an interrupt stops even an exchange with a server that sends slowly. No lock is held during IO.
 */
@NullMarked
package org.postroad.provider.internal.https;

import org.jspecify.annotations.NullMarked;
