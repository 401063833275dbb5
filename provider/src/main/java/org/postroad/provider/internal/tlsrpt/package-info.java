// SPDX-License-Identifier: Apache-2.0
/**
 * Tells domains how TLS to their mail exchangers turned out (RFC 8460).
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.tlsrpt.TlsCounts}: listens to deliveries, and counts by day, domain and policy;
 *   <li>{@link org.postroad.provider.internal.tlsrpt.ReportWriter}: a domain's counts as the JSON that everybody reads;
 *   <li>{@link org.postroad.provider.internal.tlsrpt.TlsRptRecord}: who wants to have it;
 *   <li>{@link org.postroad.provider.internal.tlsrpt.ReportUpload}: how it gets there over the web, by the room {@code https}.
 * </ol>
 *
 * <p>Never here: DNS, mail, sockets. Nothing is kept but in memory, and within limits. What one mailbox or web server gets in a
 * day has limits, too.
 */
@NullMarked
package org.postroad.provider.internal.tlsrpt;

import org.jspecify.annotations.NullMarked;
