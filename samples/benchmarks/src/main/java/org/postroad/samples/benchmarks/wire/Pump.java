// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Copies data from one socket to another with a delay, until the end of the stream. Uses two threads, so that reading continues
 * while data waits.
 */
final class Pump {

    /** What is in transit in 25 ms at more than 600 MB/s: no client here can reach this limit. */
    private static final long WINDOW = 16L << 20;

    private static final int CHUNK = 65_536;
    private static final byte[] END = {};

    private final Socket from;
    private final Socket to;
    private final Runnable afterwards;
    private final DelayLine<byte[]> line;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean broken; // guarded by the lock

    /** @param afterwards runs once, after all data was copied or a socket failed */
    Pump(Socket from, Socket to, long delayNanos, Runnable afterwards) {
        this.from = from;
        this.to = to;
        this.afterwards = afterwards;
        this.line = new DelayLine<>(delayNanos, WINDOW);
    }

    void start() {
        Daemons.start("benchmark-latency-in", () -> run(this::read));
        Daemons.start("benchmark-latency-out", () -> {
            run(this::write);
            afterwards.run();
        });
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** Closes both sockets if one fails. */
    private void run(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            Sockets.drop(from);
            Sockets.drop(to);
            stopWaiting();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopWaiting() {
        lock.lock();
        try {
            broken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void read() throws IOException, InterruptedException {
        byte[] buffer = new byte[CHUNK];
        int count = from.getInputStream().read(buffer);
        while (count >= 0) {
            QuickAcknowledgement.renew(from);
            put(Arrays.copyOf(buffer, count));
            count = from.getInputStream().read(buffer);
        }
        put(END);
    }

    private void write() throws IOException, InterruptedException {
        OutputStream out = to.getOutputStream();
        byte[] chunk = take();
        while (chunk.length > 0) {
            out.write(chunk);
            chunk = take();
        }
        to.shutdownOutput();
    }

    private void put(byte[] chunk) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (!line.hasRoomFor(chunk.length)) {
                checkSound();
                changed.await();
            }
            line.put(chunk, chunk.length, System.nanoTime());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private byte[] take() throws IOException, InterruptedException {
        lock.lock();
        try {
            long wait = line.nanosUntilNext(System.nanoTime()).orElse(Long.MAX_VALUE);
            while (wait > 0) {
                checkSound();
                changed.awaitNanos(wait);
                wait = line.nanosUntilNext(System.nanoTime()).orElse(Long.MAX_VALUE);
            }
            changed.signalAll();
            return line.take(System.nanoTime());
        } finally {
            lock.unlock();
        }
    }

    private void checkSound() throws EOFException {
        if (broken) {
            throw new EOFException("The other direction failed");
        }
    }
}
