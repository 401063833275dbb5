// SPDX-License-Identifier: Apache-2.0
/**
 * TLS over a connection that stands (RFC 3207, RFC 7435, RFC 8314): {@link org.postroad.provider.internal.tls.TlsUpgrade} lays
 * TLS on it, verified or not, and says what was reached. Whether TLS is tried is decided elsewhere, and whoever starts the handshake
 * bounds it.
 *
 * <p>Thread-safe. Verified and unverified handshakes share no session state.
 */
@NullMarked
package org.postroad.provider.internal.tls;

import org.jspecify.annotations.NullMarked;
