// SPDX-License-Identifier: Apache-2.0
/**
 * What protects a connection that stands (RFC 3207, 7435, 8314): whether there has to be TLS, what the certificate has to prove,
 * and what was reached.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.tls.Published}: what the destination says of TLS, by TLSA records (RFC 7672) and by
 *       policy (RFC 8461);
 *   <li>{@link org.postroad.provider.internal.tls.TlsLadder}: the one place that decides what follows, a {@link
 *       org.postroad.provider.internal.tls.Protection} or that the host is left alone;
 *   <li>{@link org.postroad.provider.internal.tls.TlsUpgrade}: lays TLS on the connection, and after the handshake, whose start and
 *       end are the caller's, holds the certificates against the {@link org.postroad.provider.internal.tls.Proof} that was asked
 *       for.
 *   <li>{@link org.postroad.provider.internal.tls.Reported}: which of what is published a session counts for in reports (RFC 8460).
 * </ol>
 *
 * <p>Certificates of mail exchangers are checked after the handshake, before anything else is said: a session that is resumed shows
 * them, too, and two hosts with one session may have to prove different things. Sessions are kept by the name that the server is asked for,
 * which is the TLSA base domain where TLSA records decide; one that did not prove itself is forgotten. Those of relays and web servers must
 * chain to what the JVM trusts within the handshake; they share no sessions with the others. Whether a certificate is for a host is decided
 * for all of them by {@code CertificateNames}, after the handshake.
 *
 * <p>Chains are read as servers show them: {@code CertificatePaths} finds its way, and {@code AlternativeNames} reads names one by one. What
 * the JDK refuses before anything here can look at it, {@code HandshakeFailure} names.
 *
 * <p>Never here: DNS, SMTP. Thread-safe; no IO but the handshake's.
 */
@NullMarked
package org.postroad.provider.internal.tls;

import org.jspecify.annotations.NullMarked;
