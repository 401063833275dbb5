// SPDX-License-Identifier: Apache-2.0
package org.postroad.embedding.modules;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.postroad.spi.Connector;

/**
 * Connects documentation addresses to ports of the loopback interface: {@code 192.0.2.1=2525,192.0.2.2=2526} in the system property
 * {@value #PORTS}. A service of this module, so that discovery is tested, too.
 */
public final class DocumentationNetwork implements Connector {

    static final String PORTS = "postroad.test.ports";

    private final Map<String, Integer> ports = Arrays.stream(
                    System.getProperty(PORTS, "").split(",", -1))
            .map(pair -> pair.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> Integer.valueOf(pair[1])));

    /** Constructor for {@link java.util.ServiceLoader}. */
    public DocumentationNetwork() {}

    @Override
    public Socket connect(Dial dial) throws IOException {
        Integer port = ports.get(dial.remote().address().toString());
        if (port == null) {
            throw new IOException("No port is known for " + dial.remote());
        }
        Socket socket = new Socket();
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                dial.deadline().remainingMillis());
        return socket;
    }
}
