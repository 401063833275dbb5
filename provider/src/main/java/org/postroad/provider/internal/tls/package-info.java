// SPDX-License-Identifier: Apache-2.0
/**
 * TLS for established connections (RFC 3207, 7435, 8314): whether TLS is required, what the certificate must prove, and what protection was
 * reached.
 *
 * <ol>
 *   <li>{@link org.postroad.provider.internal.tls.PublishedTlsPolicies}: what the destination publishes about TLS, in TLSA records (RFC
 *       7672) and its MTA-STS policy (RFC 8461);
 *   <li>{@link org.postroad.provider.internal.tls.TlsLadder}: the only class that decides what follows: a
 *       {@link org.postroad.provider.internal.tls.RequiredProtection}, or that the host is skipped, and the policy under which sessions are
 *       reported (RFC 8460);
 *   <li>{@link org.postroad.provider.internal.tls.TlsHandshakes}: adds TLS to the connection and, after the handshake, checks the
 *       certificates against the required {@link org.postroad.provider.internal.tls.PeerAuthentication}. The caller starts the handshake
 *       and limits its time.
 * </ol>
 *
 * <p>Certificates of mail exchangers are checked after the handshake, before any further command: resumed sessions must be checked as well,
 * and two hosts that share a session may have different requirements. Sessions are cached by the SNI name, which is the TLSA base domain if
 * TLSA records apply; a session that failed its check is invalidated. Certificates of relays and web servers must chain to the JVM's trust
 * during the handshake; their sessions are cached separately. {@code CertificateNames} checks for all of them, after the handshake, whether
 * the certificate is for the host.
 *
 * <p>Servers send chains unordered and incomplete: {@code CertificatePaths} builds a path, and {@code AlternativeNames} parses names one by
 * one. {@code HandshakeFailure} explains what the JDK rejects before our own checks.
 *
 * <p>Never here: DNS, SMTP. Thread-safe. No I/O except the handshake.
 */
@NullMarked
package org.postroad.provider.internal.tls;

import org.jspecify.annotations.NullMarked;
