// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.net.Socket;
import org.postroad.api.TlsSummary;

/**
 * A connection after its TLS handshake.
 *
 * @param socket what to speak through
 * @param tls how it is protected; only over {@link TlsSummary.Level#VERIFIED} are credentials sent (RELAY-04)
 */
public record SecuredSocket(Socket socket, TlsSummary tls) {}
