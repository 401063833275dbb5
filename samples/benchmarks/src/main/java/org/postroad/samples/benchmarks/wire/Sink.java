// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * An SMTP server on loopback that accepts every message, discards it, and counts. It is built for speed; for tests there is
 * {@code FakeSmtpServer}. Thread-safe. Uses one daemon thread for each connection.
 */
public final class Sink implements Closeable {

    private final ServerSocket listener;
    private final Offers offers;
    private final Inbox inbox;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final LongAdder connections = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder octets = new LongAdder();
    private final LongAdder roundTrips = new LongAdder();

    private Sink(ServerSocket listener, Offers offers, Inbox inbox) {
        this.listener = listener;
        this.offers = offers;
        this.inbox = inbox;
    }

    /** Listens on 127.0.0.1, on a port chosen by the operating system. */
    public static Sink start(Offers offers) throws IOException {
        return start(offers, Inbox.NONE);
    }

    /** Starts a sink that passes its messages to the inbox. */
    public static Sink start(Offers offers, Inbox inbox) throws IOException {
        Sink sink = asleep(offers, inbox);
        sink.wake();
        return sink;
    }

    /** Creates a sink to which clients can connect, but which sends no greeting before {@link #wake}. */
    public static Sink asleep(Offers offers, Inbox inbox) throws IOException {
        return new Sink(Loopback.listen(), offers, inbox);
    }

    /** Starts accepting connections. Must be called once after {@link #asleep}. */
    public void wake() {
        Daemons.start("benchmark-sink", this::acceptAll);
    }

    /** Returns the address it listens on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** Returns what was counted so far. A message is counted before its client receives the reply. */
    public Tally tally() {
        return new Tally(connections.sum(), messages.sum(), octets.sum(), roundTrips.sum());
    }

    Offers offers() {
        return offers;
    }

    void count(long messageOctets, int messageRoundTrips) {
        messages.increment();
        octets.add(messageOctets);
        roundTrips.add(messageRoundTrips);
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                if (listener.isClosed()) {
                    Sockets.drop(socket); // close() may not have seen it
                }
                connections.increment();
                Daemons.start("benchmark-sink-connection", () -> serve(socket));
            } catch (IOException e) {
                complain(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new SinkConversation(this, socket, inbox).run();
        } catch (EOFException | SocketException clientIsGone) {
            // Clients can close at any time; their messages are counted already.
        } catch (IOException e) {
            complain(e);
        } finally {
            open.remove(socket);
        }
    }

    private void complain(IOException e) {
        if (!listener.isClosed()) {
            System.getLogger(Sink.class.getName()).log(System.Logger.Level.WARNING, "The sink failed", e);
        }
    }

    /** Closes the listener and every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
