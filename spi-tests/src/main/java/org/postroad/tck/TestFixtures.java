// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.postroad.api.Family;
import org.postroad.fixtures.FakeDnsServer;
import org.postroad.fixtures.FakeSmtpServer;
import org.postroad.fixtures.LoopbackConnector;
import org.postroad.fixtures.Transcript;

/** The fixtures of one test, besides the implementation: created on first use, closed after the test. */
final class TestFixtures implements AutoCloseable {

    private final Transcript transcript = new Transcript();
    private final LoopbackConnector network = new LoopbackConnector(transcript);
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<AutoCloseable> open = new ArrayDeque<>(); // guarded by the lock

    /** Returns the transcript of all parties, in order. */
    Transcript transcript() {
        return transcript;
    }

    /** Returns the network of documentation addresses, mapped to loopback. */
    LoopbackConnector network() {
        return network;
    }

    /** Starts a DNS server with this zone. */
    FakeDnsServer dns(String zone) {
        return closing(FakeDnsServer.start(zone, transcript));
    }

    /** Returns the address at which a client of this family reaches the server. */
    InetSocketAddress addressOf(FakeDnsServer server, Family family) {
        requireFamily(family);
        return server.address(family);
    }

    /** Starts an SMTP server that is reachable at a documentation address, port 25. */
    FakeSmtpServer smtp(String name, String address) throws IOException {
        Family family = address.indexOf(':') < 0 ? Family.IPV4 : Family.IPV6;
        requireFamily(family);
        FakeSmtpServer server = closing(FakeSmtpServer.start(name, family, transcript));
        network.map(address, 25, new InetSocketAddress(server.address().toInetAddress(), server.port()));
        return server;
    }

    /** Registers an object to be closed after the test, in reverse order. */
    <T extends AutoCloseable> T closing(T closeable) {
        lock.lock();
        try {
            open.push(closeable);
            return closeable;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Fails if the machine lacks the family: missing IPv6 is an error of the machine and must not look like a pass. If the run
     * declares that IPv6 is absent, the test is skipped.
     */
    static void requireFamily(Family family) {
        if (family == Family.IPV4 || Ipv6.IS_THERE) {
            return;
        }
        if (Options.ipv6Absent()) {
            throw new Skip(Skip.Kind.NO_IPV6, "This machine has no IPv6, and the run declares its absence");
        }
        throw new Mismatch(
                "a machine with IPv6: ::1 can be listened on",
                "it cannot be (java.net.preferIPv4Stack=" + System.getProperty("java.net.preferIPv4Stack") + ")",
                "the JVM's options and the machine's loopback interface; or set -D" + Options.IPV6
                        + "=absent, and the report will state it");
    }

    @Override
    public void close() throws Exception {
        while (true) {
            AutoCloseable next;
            lock.lock();
            try {
                if (open.isEmpty()) {
                    return;
                }
                next = open.pop();
            } finally {
                lock.unlock();
            }
            next.close();
        }
    }

    /** Tests for IPv6 once per JVM. */
    private static final class Ipv6 {

        static final boolean IS_THERE = look();

        private static boolean look() {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0));
                return true;
            } catch (IOException none) {
                return false;
            }
        }
    }
}
