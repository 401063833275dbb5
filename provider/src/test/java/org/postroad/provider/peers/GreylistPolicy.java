// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server for Postfix's access policy delegation (SMTPD_POLICY_README): 450 to the first request for a recipient of the greylisted
 * domain, acceptance of later ones. It uses a socket file, which is reachable from every network namespace.
 */
final class GreylistPolicy implements AutoCloseable {

    private static final String GREYLISTED_DOMAIN = "@grey.example";
    private static final String FIRST_TIME = "450 4.7.1 Greylisted, come again";
    private static final String NO_OBJECTION = "DUNNO";

    private final ServerSocketChannel server;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    GreylistPolicy(Path socket) {
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        startThread(this::serve, "server");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void serve() {
        while (true) {
            try {
                SocketChannel connection = server.accept();
                startThread(() -> converse(connection), "connection");
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException problem) {
                throw new UncheckedIOException(problem);
            }
        }
    }

    /** An smtpd process keeps its connection until it ends, so each has its own thread. */
    private void converse(SocketChannel connection) {
        try (connection;
                BufferedReader in = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
                Writer out = Channels.newWriter(connection, StandardCharsets.UTF_8)) {
            answer(in, out);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private void answer(BufferedReader in, Writer out) throws IOException {
        Map<String, String> request = new HashMap<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
                out.write("action=" + decide(request.getOrDefault("recipient", "")) + "\n\n");
                out.flush();
                request.clear();
            } else {
                int equals = line.indexOf('=');
                request.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
    }

    private String decide(String recipient) {
        return recipient.endsWith(GREYLISTED_DOMAIN) && seen.add(recipient) ? FIRST_TIME : NO_OBJECTION;
    }

    private static void startThread(Runnable task, String role) {
        Thread thread = new Thread(task, "postroad-lab-greylist-" + role);
        thread.setDaemon(true);
        thread.start();
    }
}
