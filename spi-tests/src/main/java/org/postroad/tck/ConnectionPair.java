// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Both ends of a connection. */
record ConnectionPair(Socket client, Socket server) {

    private static final Expect OCTETS = Expect.lookAt("whether the socket that connect() returns changes octets");
    private static final int SHOWN_OCTETS = 32;

    /** Expects that data of the client reaches the server, and the other way round. */
    void expectTalk(String token) throws IOException {
        byte[] octets = token.getBytes(StandardCharsets.UTF_8);
        client.getOutputStream().write(octets);
        client.getOutputStream().flush();
        expectOctets("what the server reads:", octets, server);
        server.getOutputStream().write(octets);
        expectOctets("what the client reads:", octets, client);
    }

    /** Expects that exactly these octets come next. */
    static void expectOctets(String what, byte[] expected, Socket from) throws IOException {
        OCTETS.equal(what, shown(expected), shown(read(from, expected.length)));
    }

    private static byte[] read(Socket from, int length) throws IOException {
        try {
            return from.getInputStream().readNBytes(length);
        } catch (SocketTimeoutException nothing) {
            throw OCTETS.mismatch(length + " octets", "nothing in time");
        }
    }

    private static String shown(byte[] octets) {
        String hex = HexFormat.of().formatHex(octets, 0, Math.min(octets.length, SHOWN_OCTETS));
        return octets.length + " octets " + hex + " (hash " + Arrays.hashCode(octets) + ")";
    }
}
