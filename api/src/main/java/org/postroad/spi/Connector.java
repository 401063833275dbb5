// SPDX-License-Identifier: Apache-2.0
package org.postroad.spi;

import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;

/**
 * Opens a connection to one address, for example through a tunnel, a proxy or a test harness.
 *
 * <p>Implementations must be thread-safe: many threads connect concurrently, also to several addresses of one host (RFC 8305).
 * The call may block until the deadline. The calling thread is interrupted if the connection is no longer needed; an
 * implementation may ignore that, and a socket it then returns is closed by the caller.
 */
@FunctionalInterface
public interface Connector {

    /**
     * Connects to an address.
     *
     * @param dial what to connect to, from where, and until when
     * @return a connected socket, never null; it belongs to the caller, which closes it
     * @throws IOException if no connection was established in time; the implementation must have closed everything it opened
     */
    Socket connect(Dial dial) throws IOException;

    /** The parameters of a connection attempt. */
    final class Dial {

        private final RemoteMta remote;
        private final Optional<IpAddress> source;
        private final Deadline deadline;

        /** Creates the parameters of an attempt. */
        public Dial(RemoteMta remote, Optional<IpAddress> source, Deadline deadline) {
            this.remote = remote;
            this.source = source;
            this.deadline = deadline;
        }

        /** {@return host, address and port} */
        public RemoteMta remote() {
            return remote;
        }

        /** {@return the local address to bind; empty to let the operating system choose} */
        public Optional<IpAddress> source() {
            return source;
        }

        /** {@return when the connection must be established} */
        public Deadline deadline() {
            return deadline;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Dial that
                    && remote.equals(that.remote)
                    && source.equals(that.source)
                    && deadline.equals(that.deadline);
        }

        @Override
        public int hashCode() {
            return Objects.hash(remote, source, deadline);
        }

        @Override
        public String toString() {
            return "Dial[remote=" + remote + ", source=" + source + ", deadline=" + deadline + "]";
        }
    }
}
