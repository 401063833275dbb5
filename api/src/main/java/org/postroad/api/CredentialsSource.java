// SPDX-License-Identifier: Apache-2.0
package org.postroad.api;

import java.io.IOException;
import java.util.Objects;

/**
 * Supplies the credentials for a relay each time a connection to it is authenticated; for OAuth tokens, which expire, and for
 * passwords from a vault.
 *
 * <p>It is called on the thread that authenticates, immediately before AUTH. The relay waits meanwhile, so an implementation
 * should keep a token until shortly before it expires. An exception, or null, is a temporary failure of the relay: the next
 * relay is tried, and without one the mail is deferred. The exception is logged; its message is not shown in reports.
 *
 * <p>A connection that is kept is used again only with a source that is equal to the one that authenticated it. So always
 * provide the same object, or implement {@code equals} and {@code hashCode}.
 *
 * <p>Implementations must be thread-safe: connections are authenticated concurrently.
 */
@FunctionalInterface
public interface CredentialsSource {

    /**
     * Returns the credentials to authenticate with now.
     *
     * @param request the relay, and the time limit
     * @return the credentials, never null
     * @throws IOException if there are none at present
     * @throws InterruptedException if the thread was interrupted
     */
    Credentials credentials(Request request) throws IOException, InterruptedException;

    /** A request for credentials. Later versions may tell more. */
    final class Request {

        private final Host host;
        private final int port;
        private final Deadline deadline;

        /** Creates a request. */
        public Request(Host host, int port, Deadline deadline) {
            this.host = host;
            this.port = port;
            this.deadline = deadline;
        }

        /** {@return the host of the relay, as configured} */
        public Host host() {
            return host;
        }

        /** {@return the port of the relay} */
        public int port() {
            return port;
        }

        /** {@return when the credentials are needed} */
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Request that
                    && host.equals(that.host)
                    && port == that.port
                    && deadline.equals(that.deadline);
        }

        @Override
        public int hashCode() {
            return Objects.hash(host, port, deadline);
        }

        @Override
        public String toString() {
            return host + ":" + port + " until " + deadline.at();
        }
    }
}
