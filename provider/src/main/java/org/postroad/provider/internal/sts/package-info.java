// SPDX-License-Identifier: Apache-2.0
/**
 * MTA-STS (RFC 8461): the TLS policies that domains publish over HTTPS for their mail exchangers.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.sts.StsPolicies#find}: looks up the domain's TXT record, and decides whether the cached
 *       policy still applies or another must be fetched (§3.3, §5.1);
 *   <li>{@code StsRecord}: the TXT record, of which only the id counts (§3.1);
 *   <li>{@code CachedPolicy}: what is cached for a domain, and when it is fetched again;
 *   <li>{@code PolicyCache}: the cached domains, limited to a number of octets, and which one is evicted;
 *   <li>{@link org.postroad.provider.internal.sts.PolicyDirectory}: optional files that store policies across restarts;
 *   <li>{@link org.postroad.provider.internal.sts.PolicySource}, implemented by
 *       {@link org.postroad.provider.internal.sts.HttpsPolicySource}: fetches the policy with package {@code https};
 *   <li>{@link org.postroad.provider.internal.sts.StsPolicy} and {@link org.postroad.provider.internal.sts.MxPattern}: the policy, parsed
 *       by {@code PolicyReader} (§3.2), and the mail exchangers that it permits (§4.1);
 *   <li>{@link org.postroad.provider.internal.sts.StsResult}: the result.
 * </ol>
 *
 * <p>Never here: sockets and HTTP, which belong to package {@code https}; decisions about a message: {@code tls} decides what a policy
 * means for a delivery.
 *
 * <p>Starts no threads. No lock is held during I/O.
 */
@NullMarked
package org.postroad.provider.internal.sts;

import org.jspecify.annotations.NullMarked;
