// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.smtp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A connection in memory with a scripted server. A read waits until octets arrive or the connection ends, as on a network; with {@code
 * SO_TIMEOUT} it fails immediately, because nothing arrives by itself. Thread-safe.
 */
public final class ScriptedSocket extends Socket {

    /** The server closes the connection. */
    public static final String CLOSE = "(close)";

    /** The server does not answer. */
    public static final String NOTHING = "";

    private final Object lock = new Object();

    @GuardedBy("lock")
    private final Deque<String> script = new ArrayDeque<>();

    @GuardedBy("lock")
    private final Deque<Byte> arrived = new ArrayDeque<>();

    @GuardedBy("lock")
    private final List<String> written = new ArrayList<>();

    @GuardedBy("lock")
    private boolean closedByServer;

    @GuardedBy("lock")
    private boolean closed;

    @GuardedBy("lock")
    private int timeout;

    @GuardedBy("lock")
    private Optional<String> unwritable = Optional.empty();

    /**
     * @param greeting what has already arrived
     * @param answers what arrives after each write of the client; after further ones the server closes the connection
     */
    public ScriptedSocket(String greeting, String... answers) {
        arrives(greeting);
        synchronized (lock) {
            script.addAll(List.of(answers));
        }
    }

    /** Delivers reply lines, each without its line end, or {@link #CLOSE}. */
    public void arrives(String... lines) {
        for (String line : lines) {
            if (line.equals(CLOSE)) {
                synchronized (lock) {
                    closedByServer = true;
                    lock.notifyAll();
                }
            } else if (!line.equals(NOTHING)) {
                delivers((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void delivers(byte[] octets) {
        synchronized (lock) {
            for (byte octet : octets) {
                arrived.add(octet);
            }
            lock.notifyAll();
        }
    }

    /** Adds what arrives after further writes of the client. */
    public void answers(String... replies) {
        synchronized (lock) {
            script.addAll(List.of(replies));
        }
    }

    /** Makes each write fail that contains this text. The server's answer to it arrives nevertheless. */
    public void refusesToTake(String text) {
        synchronized (lock) {
            unwritable = Optional.of(text);
        }
    }

    /** Returns the writes of the client. */
    public List<String> written() {
        synchronized (lock) {
            return List.copyOf(written);
        }
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int available() throws IOException {
                synchronized (lock) {
                    checkOpen();
                    return arrived.size();
                }
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] octets, int offset, int length) throws IOException {
                synchronized (lock) {
                    awaitOctets();
                    int count = Math.min(length, arrived.size());
                    for (int i = 0; i < count; i++) {
                        octets[offset + i] = arrived.remove();
                    }
                    return count == 0 ? -1 : count;
                }
            }
        };
    }

    @GuardedBy("lock")
    private void awaitOctets() throws IOException {
        checkOpen();
        while (arrived.isEmpty() && !closedByServer) {
            if (timeout > 0) {
                throw new SocketTimeoutException("Read timed out");
            }
            try {
                lock.wait();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            checkOpen();
        }
    }

    @GuardedBy("lock")
    private void checkOpen() throws SocketException {
        if (closed) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] octets, int offset, int length) throws IOException {
                ByteArrayOutputStream copy = new ByteArrayOutputStream();
                copy.write(octets, offset, length);
                String text = copy.toString(StandardCharsets.ISO_8859_1);
                String answer;
                boolean taken;
                synchronized (lock) {
                    checkOpen();
                    taken = unwritable.filter(text::contains).isEmpty();
                    if (taken) {
                        written.add(text);
                    }
                    answer = script.isEmpty() ? CLOSE : script.remove();
                }
                arrives(answer.split("\n"));
                if (!taken) {
                    throw new IOException("Broken pipe");
                }
            }
        };
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public void setSoTimeout(int millis) {
        synchronized (lock) {
            timeout = millis;
        }
    }

    @Override
    public int getSoTimeout() {
        synchronized (lock) {
            return timeout;
        }
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return Set.of();
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    @Override
    public boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }
}
