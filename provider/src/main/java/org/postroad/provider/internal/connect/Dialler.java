// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;

/**
 * Dials the addresses of one host in their order until one connects: one after the other, each for
 * {@link ConnectSettings#connectTimeout()} and never beyond the deadline.
 *
 * <p>The connector may be foreign: what it does against its contract is a failure of that address. Thread-safe.
 */
public final class Dialler {

    private final Connector connector;
    private final ConnectSettings settings;

    public Dialler(Connector connector, ConnectSettings settings) {
        this.connector = connector;
        this.settings = settings;
    }

    /**
     * Dials.
     *
     * @param remotes addresses of one host only (ORDER-04)
     * @param deadline of everything together; its clock measures
     * @throws InterruptedException if the thread is interrupted before a connection stands; nothing stays open
     */
    public Dialled dial(List<RemoteMta> remotes, Deadline deadline) throws InterruptedException {
        List<Dialled.Failure> failures = new ArrayList<>();
        int next = 0;
        for (; next < remotes.size() && !deadline.hasPassed(); next++) {
            RemoteMta remote = remotes.get(next);
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted before dialling " + remote);
            }
            Instant startedAt = deadline.clock().instant();
            try {
                Socket socket = connect(remote, deadline);
                Dialled.Connection connection =
                        new Dialled.Connection(socket, remote, startedAt, since(startedAt, deadline));
                return new Dialled(Optional.of(connection), failures, remotes.subList(next + 1, remotes.size()));
            } catch (IOException e) {
                failures.add(new Dialled.Failure(remote, startedAt, since(startedAt, deadline), detailOf(e)));
            }
        }
        if (Thread.interrupted()) {
            throw new InterruptedException("Interrupted while dialling " + remotes);
        }
        return new Dialled(Optional.empty(), failures, remotes.subList(next, remotes.size()));
    }

    /** What opens its connections. */
    public Connector connector() {
        return connector;
    }

    private Socket connect(RemoteMta remote, Deadline deadline) throws IOException {
        Connector.Dial dial = new Connector.Dial(
                remote, settings.local().of(remote.family()), deadline.orAfter(settings.connectTimeout()));
        // The contract forbids null; a foreign class may not have read it.
        @Nullable Socket socket;
        try {
            socket = connector.connect(dial);
        } catch (RuntimeException e) {
            throw new IOException(blame("threw " + e), e);
        }
        if (socket == null) {
            throw new IOException(blame("answered null"));
        }
        if (!socket.isConnected() || socket.isClosed()) {
            socket.close();
            throw new IOException(blame("answered a socket that is not connected"));
        }
        return socket;
    }

    private String blame(String deed) {
        return "the connector " + connector.getClass().getName() + " broke its contract: it " + deed;
    }

    private static String detailOf(IOException e) {
        return Printable.clean(Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    }

    private static Duration since(Instant startedAt, Deadline deadline) {
        return Duration.between(startedAt, deadline.clock().instant());
    }
}
