// SPDX-License-Identifier: Apache-2.0
package org.postroad.samples.benchmarks.measure;

import jakarta.mail.MessagingException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.postroad.samples.benchmarks.client.Client;
import org.postroad.samples.benchmarks.client.ClientTask;
import org.postroad.samples.benchmarks.client.Contender;
import org.postroad.samples.benchmarks.wire.Tally;

/** The threads of one contender, each with its own client. */
public final class ClientThreads implements TimedAction, AutoCloseable {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Supplier<Tally> counter;
    private final List<Client> clients;
    private final ExecutorService threads;
    private Tally lastRound = Tally.NOTHING;

    /** @param counter supplies what the server has counted so far */
    public ClientThreads(Contender contender, ClientTask task, int size, Supplier<Tally> counter) throws Exception {
        this(clients(contender, task, size), counter);
    }

    /**
     * @param clients one for each thread; the clientThreads closes them
     * @param counter supplies what the server has counted so far
     */
    public ClientThreads(List<Client> clients, Supplier<Tally> counter) {
        this.counter = counter;
        this.clients = List.copyOf(clients);
        this.threads = Executors.newFixedThreadPool(clients.size());
    }

    private static List<Client> clients(Contender contender, ClientTask task, int size)
            throws IOException, MessagingException {
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            clients.add(contender.client(task));
        }
        return clients;
    }

    /** Sends this number of messages on each thread. Returns the time per message as seen by a thread. */
    @Override
    public double round(int messages) throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (Client client : clients) {
            work.add(() -> {
                for (int i = 0; i < messages; i++) {
                    client.send();
                }
                return null;
            });
        }
        Tally before = counter.get();
        long begin = System.nanoTime();
        List<Future<Void>> done = threads.invokeAll(work);
        double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
        for (Future<Void> sent : done) {
            await(sent);
        }
        lastRound = counter.get().since(before);
        return millis / messages;
    }

    private static void await(Future<Void> sent) throws Exception {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("A client failed: " + e.getCause(), e.getCause());
        }
    }

    /** Returns what the server counted in the last round. */
    public Tally lastRound() {
        return lastRound;
    }

    @Override
    public void close() throws IOException, MessagingException {
        threads.shutdown();
        for (Client client : clients) {
            client.close();
        }
    }
}
