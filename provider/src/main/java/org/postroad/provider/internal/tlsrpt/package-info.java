// SPDX-License-Identifier: Apache-2.0
/**
 * TLS reporting: reports to domains how TLS to their mail exchangers worked (RFC 8460).
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.tlsrpt.TlsCounts} listens to deliveries, and counts by day, domain and policy;
 *   <li>{@link org.postroad.provider.internal.tlsrpt.ReportWriter} writes a domain's counts as the standard JSON;
 *   <li>{@link org.postroad.provider.internal.tlsrpt.TlsRptRecord} names the recipients of a domain's reports;
 *   <li>{@link org.postroad.provider.internal.tlsrpt.ReportUpload} uploads a report, using package {@code https}.
 * </ol>
 *
 * <p>Never here: DNS, mail, sockets. All state is in memory, and limited. So is the number of reports that one mailbox or web server
 * receives per day.
 */
@NullMarked
package org.postroad.provider.internal.tlsrpt;

import org.jspecify.annotations.NullMarked;
