// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.Host;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;

/** Common base of the tests of connectors: listeners, dials, and both ends of the resulting connections. */
abstract class Dialling extends Tck {

    static final Expect SOCKET = Expect.lookAt("the socket that connect() returns");
    static final Expect FAILURE = Expect.lookAt("what connect() does if no connection is established");

    static final String IPV4 = "127.0.0.1";
    static final String IPV6 = "::1";

    /** Provided by the implementer. */
    protected abstract Connector create() throws Exception;

    final Connector subject() throws Exception {
        return Expect.lookAt("the factory method create()").notNull("a Connector", create());
    }

    private static void requireFamilyOf(String address) {
        TestFixtures.requireFamily(IpAddress.parse(address).family());
    }

    Listener listener(String address) throws IOException {
        requireFamilyOf(address);
        return bench().closing(Listener.on(address));
    }

    Listener refusing(String address) throws IOException {
        requireFamilyOf(address);
        return bench().closing(Listener.refusing(address));
    }

    Listener silent(String address) throws IOException {
        requireFamilyOf(address);
        return bench().closing(Listener.silent(address));
    }

    Connector.Dial dial(Listener listener) {
        return dial(listener, Optional.empty(), Deadline.after(wholePatience()));
    }

    static Connector.Dial dial(Listener listener, Optional<IpAddress> source, Deadline deadline) {
        return dial(listener.ip(), listener, source, deadline);
    }

    static Connector.Dial dial(Host host, Listener listener, Optional<IpAddress> source, Deadline deadline) {
        RemoteMta remote = new RemoteMta(RemoteMta.Role.MAIL_EXCHANGER, host, listener.ip(), listener.port());
        return new Connector.Dial(remote, source, deadline);
    }

    Socket connect(Connector connector, Connector.Dial dial) throws IOException {
        try {
            Socket socket = SOCKET.notNull("a socket", connector.connect(dial));
            bench().transcript().add("connect: " + dial.remote() + " -> connected");
            return bench().closing(socket);
        } catch (IOException e) {
            bench().transcript().add("connect: " + dial.remote() + " -> " + e);
            throw e;
        }
    }

    void expectIOException(Connector connector, Connector.Dial dial) {
        try {
            Socket socket = connect(connector, dial);
            throw FAILURE.mismatch("an IOException", "the socket " + socket);
        } catch (IOException expected) {
            return;
        } catch (RuntimeException e) {
            throw FAILURE.mismatch("an IOException, and no other exception", "the exception " + e);
        }
    }

    /** Checks that the connector did not connect: a connection of the test itself must be the first in the backlog. */
    void expectNobodyCame(Listener listener) throws IOException {
        try (Socket knocking = listener.knock();
                Socket first = listener.accept(quarter())) {
            FAILURE.equal("the first connection comes from the test, port", knocking.getLocalPort(), first.getPort());
        }
    }

    ConnectionPair link(Connector connector, Listener listener) throws IOException {
        return link(connector, listener, dial(listener));
    }

    ConnectionPair link(Connector connector, Listener listener, Connector.Dial dial) throws IOException {
        Socket client = connect(connector, dial);
        return new ConnectionPair(client, bench().closing(listener.accept(quarter())));
    }
}
