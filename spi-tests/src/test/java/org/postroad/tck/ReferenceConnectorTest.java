// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Set;
import org.postroad.spi.Connector;
import org.postroad.tck.catalogue.Feature;

/** A connector that meets the contract: a JDK socket. */
class ReferenceConnectorTest extends ConnectorTck {

    @Override
    protected Connector create() {
        return new PlainConnector();
    }

    @Override
    protected Set<Feature> features() {
        return Set.of(Feature.SOURCE_ADDRESS);
    }

    /** Broken connectors override one of its steps. */
    static class PlainConnector implements Connector {

        @Override
        public Socket connect(Dial dial) throws IOException {
            int limit = limit(dial);
            Socket socket = open();
            boolean connected = false;
            try {
                bind(socket, dial);
                socket.connect(target(dial), limit);
                connected = true;
                return handOver(socket, dial);
            } finally {
                if (!connected) {
                    giveUp(socket);
                }
            }
        }

        int limit(Dial dial) throws IOException {
            if (dial.deadline().hasPassed()) {
                throw new SocketTimeoutException(dial.remote() + ": no time left");
            }
            return dial.deadline().remainingMillis();
        }

        Socket open() {
            return new Socket(Proxy.NO_PROXY);
        }

        void bind(Socket socket, Dial dial) throws IOException {
            if (dial.source().isPresent()) {
                socket.bind(new InetSocketAddress(dial.source().get().toInetAddress(), 0));
            }
        }

        InetSocketAddress target(Dial dial) throws IOException {
            InetAddress address = dial.remote().address().toInetAddress();
            return new InetSocketAddress(address, dial.remote().port());
        }

        void giveUp(Socket socket) throws IOException {
            socket.close();
        }

        Socket handOver(Socket socket, Dial dial) throws IOException {
            return socket;
        }
    }
}
