// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedByInterruptException;
import org.postroad.fixtures.FakeSmtpServer;

/** A connection with one write that is interrupted after all of it was written, as can happen with a channel. */
final class InterruptedSocket extends Socket {

    private int left;

    /** @param write the number of that write, from 1 */
    InterruptedSocket(FakeSmtpServer server, int write) throws IOException {
        left = write;
        connect(new InetSocketAddress(server.address().toInetAddress(), server.port()));
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        OutputStream out = super.getOutputStream();
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                out.write(octets, offset, length);
                if (--left == 0) {
                    Thread.currentThread().interrupt();
                    throw new ClosedByInterruptException();
                }
            }
        };
    }
}
