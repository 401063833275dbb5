// SPDX-License-Identifier: Apache-2.0
/**
 * MTA-STS (RFC 8461): what a domain says about TLS to its mail exchangers, and where it says so over HTTPS.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.sts.StsPolicies#find}: asks for the TXT record of the domain, and decides whether the
 *       policy that is kept still holds or another must be fetched (§3.3, §5.1);
 *   <li>{@code StsRecord}: the TXT record, of which only the id counts (§3.1);
 *   <li>{@code KnownDomain}: what was kept of a domain, and when it is fetched again;
 *   <li>{@code PolicyCache}: the domains that are remembered, within a number of octets, and which one is forgotten;
 *   <li>{@link org.postroad.provider.internal.sts.PolicyDirectory}: files that keep policies over a restart, where that is wanted;
 *   <li>{@link org.postroad.provider.internal.sts.PolicySource}, really {@link
 *       org.postroad.provider.internal.sts.HttpsPolicySource}: the policy's octets, over the room {@code https};
 *   <li>{@link org.postroad.provider.internal.sts.StsPolicy} and {@link org.postroad.provider.internal.sts.MxPattern}: the policy,
 *       read by {@code PolicyReader} (§3.2), and the mail exchangers that it permits (§4.1);
 *   <li>{@link org.postroad.provider.internal.sts.StsFinding}: what is to be heeded.
 * </ol>
 *
 * <p>Never here: sockets and HTTP, which are the room {@code https}'s; and no decision about a message: what a policy means for a
 * delivery is said elsewhere.
 *
 * <p>Threads: none of its own; no lock is held over IO.
 */
@NullMarked
package org.postroad.provider.internal.sts;

import org.jspecify.annotations.NullMarked;
