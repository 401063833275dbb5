// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.postroad.fixtures.FakeSmtpServer;

/** A connection that records the number of octets of each write. */
final class CountingSocket extends Socket {

    final List<Integer> writes = new ArrayList<>();

    CountingSocket(FakeSmtpServer server) throws IOException {
        connect(new InetSocketAddress(server.address().toInetAddress(), server.port()));
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                writes.add(1);
                out.write(octet);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                writes.add(length);
                out.write(octets, offset, length);
            }
        };
    }
}
