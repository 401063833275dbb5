// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port of ::1 that never answers: a listener whose queue is full, so that the operating system drops every SYN. Whoever connects
 * waits as for a network that swallows packets. So it is on Linux; where the queue does not fill, making one fails.
 */
public final class Blackhole implements Closeable {

    private static final int MAX_QUEUE = 16;
    private static final int PATIENCE_MILLIS = 200;

    private final ServerSocket listener;
    private final List<Socket> queue = new ArrayList<>();

    private Blackhole(ServerSocket listener) {
        this.listener = listener;
    }

    /**
     * Swallows what is sent to that port of ::1.
     *
     * @throws IOException if the port is taken, there is no IPv6, or the queue never gets full
     */
    public static Blackhole at(int port) throws IOException {
        ServerSocket listener = new ServerSocket(port, 1, Loopback.IPV6);
        Blackhole blackhole = new Blackhole(listener);
        boolean silent = false;
        try {
            while (!silent && blackhole.queue.size() < MAX_QUEUE) {
                silent = !blackhole.connects();
            }
        } finally {
            if (!silent) {
                blackhole.close();
            }
        }
        if (!silent) {
            throw new IOException("The queue of a listener takes more than " + MAX_QUEUE + " connections here");
        }
        return blackhole;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private boolean connects() throws IOException {
        Socket socket = new Socket();
        queue.add(socket);
        try {
            socket.connect(address(), PATIENCE_MILLIS);
            return true;
        } catch (SocketTimeoutException full) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : queue) {
            socket.close();
        }
    }
}
