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
 * A port of ::1 that never answers: a listener with a full backlog, for which the operating system drops every SYN. To a client
 * it looks like a network that drops packets. Works on Linux; if the backlog does not fill, {@link #at} fails.
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
     * Opens a black hole on that port of ::1.
     *
     * @throws IOException if the port is in use, there is no IPv6, or the backlog never gets full
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
