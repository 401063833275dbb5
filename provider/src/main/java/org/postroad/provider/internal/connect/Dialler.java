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
import org.postroad.spi.Connector;

/**
 * Dials the addresses of one host until one connects, as {@link DialRace} says: overlapping, each for
 * {@link ConnectSettings#connectTimeout()} and never beyond the deadline.
 *
 * <p>Each dial has a thread of the executor to itself; the calling thread waits, so that an interrupt ends the call at once whatever the
 * connector does. Dials that nobody wants any more are interrupted, and what they return is closed. The connector may be foreign: what it
 * does against its contract is a failure of that address. Thread-safe.
 */
public final class Dialler {

    private final Connector connector;
    private final ConnectSettings settings;
    private final Executor executor;
    private final Reachability reachability;
    private final Consumer<String> log;

    /** @param executor has a thread for every dial, and refuses only when it is closed for good */
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

    /** The same for one send, whose debug output receives a line when a dial begins and when it ends. */
    public Dialler withLog(Consumer<String> logOfSend) {
        return new Dialler(connector, settings, executor, reachability, logOfSend);
    }

    /** The order in which these addresses of one host would be dialled now: those that were silent lately come last. */
    public List<RemoteMta> inOrder(List<RemoteMta> remotes) {
        return reachability.inOrder(remotes);
    }

    /**
     * Dials.
     *
     * @param remotes addresses of one host only (ORDER-04)
     * @param deadline of everything together; its clock measures
     * @throws InterruptedException if the thread is interrupted before a connection stands; nothing stays open
     */
    public Dialled dial(List<RemoteMta> remotes, Deadline deadline) throws InterruptedException {
        DialRace race = new DialRace(inOrder(remotes), settings, deadline.at());
        Optional<Dialled.Connection> connection = new Run(race, deadline).connection();
        reachability.learn(connection.map(Dialled.Connection::remote), race.silent());
        race.overtaken().forEach(failure -> log.accept("dial given up: " + failure.detail()));
        return new Dialled(connection, race.failures(), race.overtaken(), List.copyOf(race.untried()));
    }

    /** What opens its connections. */
    public Connector connector() {
        return connector;
    }

    /** One race under way: does what it says, and tells it what happens. Used once, by one thread. */
    private final class Run {

        private final DialRace race;
        private final Deadline deadline;
        private final List<DialTask> tasks = new ArrayList<>();
        private final BlockingQueue<DialTask> ended = new LinkedBlockingQueue<>();
        private Optional<Dialled.Connection> connection = Optional.empty();

        Run(DialRace race, Deadline deadline) {
            this.race = race;
            this.deadline = deadline;
        }

        /** The connection that survives; every other one is closed, however this ends. */
        Optional<Dialled.Connection> connection() throws InterruptedException {
            try {
                while (true) {
                    tellWhatEnded();
                    if (connection.isEmpty() && Thread.interrupted()) {
                        throw new InterruptedException("Interrupted while dialling");
                    }
                    DialRace.Step step = race.next(now());
                    if (step instanceof DialRace.Start start) {
                        begin(start);
                    } else if (step instanceof DialRace.GiveUp giveUp) {
                        giveUp(giveUp.start());
                    } else if (step instanceof DialRace.WaitUntil wait) {
                        await(wait.moment());
                    } else {
                        return connection;
                    }
                }
            } finally {
                tasks.forEach(DialTask::abandon);
            }
        }

        private void begin(DialRace.Start start) {
            RemoteMta remote = start.remote();
            Connector.Dial dial = new Connector.Dial(
                    remote, settings.local().of(remote.family()), new Deadline(start.until(), deadline.clock()));
            DialTask task = new DialTask(start, () -> connect(dial), ended::add);
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

        private void giveUp(DialRace.Start start) {
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
                tell(task);
            }
        }

        /** Before a decision: a dial that has failed is not waited for, and none is begun beside one that has connected. */
        private void tellWhatEnded() throws InterruptedException {
            @Nullable DialTask task = null;
            while (connection.isEmpty() && (task = ended.poll()) != null) {
                tell(task);
            }
        }

        private void tell(DialTask task) throws InterruptedException {
            if (!tasks.remove(task)) {
                return; // it was given up, and nobody wants it
            }
            DialRace.Start start = task.start();
            try {
                Socket socket = task.socket();
                Instant now = now();
                connection = Optional.of(
                        new Dialled.Connection(socket, start.remote(), start.at(), Duration.between(start.at(), now)));
                race.connected(start, now);
                log.accept("dial connected after " + millisSince(start) + " ms: " + start.remote());
            } catch (IOException e) {
                failed(start, detailOf(e), isSilence(e));
            }
        }

        private void failed(DialRace.Start start, String detail, boolean silence) {
            race.failed(start, now(), detail, silence);
            String remote = start.remote().toString();
            log.accept("dial failed after " + millisSince(start) + " ms: "
                    + (detail.startsWith(remote) ? detail : remote + ": " + detail));
        }

        private long millisSince(DialRace.Start start) {
            return Duration.between(start.at(), now()).toMillis();
        }

        private Instant now() {
            return deadline.clock().instant();
        }
    }

    private Socket connect(Connector.Dial dial) throws IOException {
        // The contract forbids null; a foreign class may not have read it.
        @Nullable Socket socket;
        try {
            socket = connector.connect(dial);
        } catch (RuntimeException e) {
            throw broken("threw " + e, e);
        }
        if (socket == null) {
            throw broken("answered null", null);
        }
        if (!socket.isConnected() || socket.isClosed()) {
            socket.close();
            throw broken("answered a socket that is not connected", null);
        }
        return socket;
    }

    private BrokenContractException broken(String deed, @Nullable Throwable cause) {
        return new BrokenContractException(
                "the connector " + connector.getClass().getName() + " broke its contract: it " + deed, cause);
    }

    /** A defect of a plug-in. The message is for the author of the plug-in, and names classes. */
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

    /** A refusal is an answer; whatever else prevents a connection is none: a time-out, no route, a proxy that cannot get there. */
    private static boolean isSilence(IOException e) {
        return !(e instanceof ConnectException);
    }
}
