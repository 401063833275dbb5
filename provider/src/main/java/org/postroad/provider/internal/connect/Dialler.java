// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.connect;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.api.Printable;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.jfr.FlightEvents;
import org.postroad.provider.internal.jfr.FlightSpan;
import org.postroad.spi.Connector;

/**
 * Dials the addresses of one host until one connects, in overlapping attempts scheduled by {@link HappyEyeballs}. Each attempt takes at
 * most {@link ConnectSettings#connectTimeout()} and never goes beyond the deadline.
 *
 * <p>Each dial runs on an executor thread of its own while the calling thread waits, so an interrupt ends the call immediately whatever the
 * connector does. Dials that are no longer needed are interrupted, and their sockets are closed. The connector may be a plug-in: a breach
 * of its contract counts as a failure of that address. Thread-safe.
 */
public final class Dialler {

    private final Connector connector;
    private final ConnectSettings settings;
    private final Executor executor;
    private final Reachability reachability;
    private final Consumer<String> log;

    /** @param executor provides a thread for every dial, and rejects tasks only after it was shut down */
    Dialler(Connector connector, ConnectSettings settings, Executor executor, Reachability reachability) {
        this(connector, settings, executor, reachability, line -> {});
    }

    private Dialler(
            Connector connector,
            ConnectSettings settings,
            Executor executor,
            Reachability reachability,
            Consumer<String> log) {
        this.connector = connector;
        this.settings = settings;
        this.executor = executor;
        this.reachability = reachability;
        this.log = log;
    }

    /** Returns a dialler for one send, which logs the start and the end of each dial to that send's debug output. */
    public Dialler withLog(Consumer<String> logOfSend) {
        return new Dialler(connector, settings, executor, reachability, logOfSend);
    }

    /** Returns the addresses of one host in the order in which they would be dialled now: recently silent ones come last. */
    public List<RemoteMta> inOrder(List<RemoteMta> remotes) {
        return reachability.inOrder(remotes);
    }

    /**
     * Dials the addresses until one connects.
     *
     * @param remotes addresses of one host only (ORDER-04)
     * @param deadline for all dials together; its clock is used
     * @throws InterruptedException if the thread is interrupted before a connection is established; no connection stays open
     */
    public DialResult dial(List<RemoteMta> remotes, Deadline deadline) throws InterruptedException {
        HappyEyeballs race = new HappyEyeballs(inOrder(remotes), settings, deadline.at());
        Optional<DialResult.Connection> connection = new DialRun(race, deadline).connection();
        reachability.learn(connection.map(DialResult.Connection::remote), race.silent());
        race.lostRace().forEach(failure -> log.accept("dial given up: " + failure.detail()));
        return new DialResult(connection, race.failures(), race.lostRace(), List.copyOf(race.untried()));
    }

    /** Returns the connector that opens the connections. */
    public Connector connector() {
        return connector;
    }

    /** Runs one race: performs its steps and reports the events to it. Used once, by one thread. */
    private final class DialRun {

        private final HappyEyeballs race;
        private final Deadline deadline;
        private final List<DialTask> tasks = new ArrayList<>();
        private final BlockingQueue<DialTask> ended = new LinkedBlockingQueue<>();
        private Optional<DialResult.Connection> connection = Optional.empty();

        DialRun(HappyEyeballs race, Deadline deadline) {
            this.race = race;
            this.deadline = deadline;
        }

        /** Returns the surviving connection. All others are closed, even if this method throws. */
        Optional<DialResult.Connection> connection() throws InterruptedException {
            try {
                while (true) {
                    reportEnded();
                    if (connection.isEmpty() && Thread.interrupted()) {
                        throw new InterruptedException("Interrupted while dialling");
                    }
                    HappyEyeballs.RaceStep step = race.next(now());
                    if (step instanceof HappyEyeballs.StartDial start) {
                        begin(start);
                    } else if (step instanceof HappyEyeballs.GiveUp giveUp) {
                        giveUp(giveUp.start());
                    } else if (step instanceof HappyEyeballs.WaitUntil wait) {
                        await(wait.moment());
                    } else {
                        return connection;
                    }
                }
            } finally {
                tasks.forEach(DialTask::abandon);
            }
        }

        private void begin(HappyEyeballs.StartDial start) {
            RemoteMta remote = start.remote();
            Connector.Dial dial = new Connector.Dial(
                    remote, settings.local().of(remote.family()), new Deadline(start.until(), deadline.clock()));
            DialTask task = new DialTask(start, () -> recorded(dial), ended::add);
            tasks.add(task);
            log.accept("dial " + remote
                    + dial.source().map(source -> " from " + source).orElse(""));
            try {
                executor.execute(task);
            } catch (RejectedExecutionException closed) {
                tasks.remove(task);
                failed(start, remote + ": not dialled, the engine is closed", false);
            }
        }

        private void giveUp(HappyEyeballs.StartDial start) {
            for (DialTask task : List.copyOf(tasks)) {
                if (task.start() == start) {
                    tasks.remove(task);
                    task.abandon();
                }
            }
            failed(start, start.remote() + ": no answer in time", true);
        }

        private void await(Instant moment) throws InterruptedException {
            @Nullable DialTask task = ended.poll(Duration.between(now(), moment).toNanos(), TimeUnit.NANOSECONDS);
            if (task != null) {
                report(task);
            }
        }

        /** Called before each decision, so that the race knows of failed dials without waiting, and starts no dial after a connection. */
        private void reportEnded() throws InterruptedException {
            @Nullable DialTask task = null;
            while (connection.isEmpty() && (task = ended.poll()) != null) {
                report(task);
            }
        }

        private void report(DialTask task) throws InterruptedException {
            if (!tasks.remove(task)) {
                return; // cancelled earlier, result not needed
            }
            HappyEyeballs.StartDial start = task.start();
            try {
                Socket socket = task.socket();
                Instant now = now();
                connection = Optional.of(new DialResult.Connection(
                        socket, start.remote(), start.at(), Duration.between(start.at(), now)));
                race.connected(start, now);
                log.accept("dial connected after " + millisSince(start) + " ms: " + start.remote());
            } catch (IOException e) {
                failed(start, detailOf(e), isSilence(e));
            }
        }

        private void failed(HappyEyeballs.StartDial start, String detail, boolean silence) {
            race.failed(start, now(), detail, silence);
            String remote = start.remote().toString();
            log.accept("dial failed after " + millisSince(start) + " ms: "
                    + (detail.startsWith(remote) ? detail : remote + ": " + detail));
        }

        private long millisSince(HappyEyeballs.StartDial start) {
            return Duration.between(start.at(), now()).toMillis();
        }

        private Instant now() {
            return deadline.clock().instant();
        }
    }

    private Socket recorded(Connector.Dial dial) throws IOException {
        FlightSpan<Object> span = FlightEvents.dial(dial.remote());
        try {
            Socket socket = connect(dial);
            span.end(socket);
            return socket;
        } catch (IOException e) {
            span.end(e);
            throw e;
        }
    }

    private Socket connect(Connector.Dial dial) throws IOException {
        // The contract forbids null, but a plug-in may break it.
        @Nullable Socket socket;
        try {
            socket = connector.connect(dial);
        } catch (RuntimeException e) {
            throw broken("threw " + e, e);
        }
        if (socket == null) {
            throw broken("returned null", null);
        }
        if (!socket.isConnected() || socket.isClosed()) {
            socket.close();
            throw broken("returned a socket that is not connected", null);
        }
        return socket;
    }

    private BrokenContractException broken(String deed, @Nullable Throwable cause) {
        return new BrokenContractException(
                "the connector " + connector.getClass().getName() + " broke its contract: it " + deed, cause);
    }

    /** A defect in a plug-in. The message is meant for its author, and names classes. */
    private static final class BrokenContractException extends IOException {

        private static final long serialVersionUID = 1L;

        BrokenContractException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static String detailOf(IOException e) {
        return e instanceof BrokenContractException
                ? Printable.clean(String.valueOf(e.getMessage()))
                : Printable.describe(e);
    }

    /**
     * A refused connection is an answer. Any other failure counts as silence: a time-out, no route, or a proxy that cannot reach the
     * address.
     */
    private static boolean isSilence(IOException e) {
        return !(e instanceof ConnectException);
    }
}
