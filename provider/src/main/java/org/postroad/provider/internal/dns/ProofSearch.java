// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.Printable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * One question on its way through the validator: its time, the messages that it costs, and the first of them that could not be had.
 *
 * <p>The validator composes futures; parts of it run on the common pool, which must not wait for name servers. So whatever waits is done
 * here, by the thread that asked: it ends at an interrupt and at the deadline, and nothing is sent for it afterwards.
 */
final class ProofSearch implements Executor {

    /** The most messages for one proof: eight for each alias where all lead to zones of their own, with DS and DNSKEY of four levels. */
    static final int MAX_MESSAGES = 100;

    /** The most signatures to check for one proof: four for each message, where zones usually have one or two. */
    static final int MAX_SIGNATURES = 4 * MAX_MESSAGES;

    /** The most hashes to compute for one proof: enough for five zones with as many iterations as the validator takes. */
    static final int MAX_HASHES = 5 * Evidence.MAX_HASHED_NAMES * (1 + Evidence.MAX_ITERATIONS);

    private static final String TOO_MUCH_WORK =
            "its proof would need more than " + MAX_SIGNATURES + " signatures or " + MAX_HASHES + " hashes";

    /** What the asking thread has to do. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private final Nameservers servers;
    private final Deadline deadline;
    private final BlockingQueue<Work> work = new LinkedBlockingQueue<>();

    // Of the asking thread only.
    private int messages;
    private int signatures;
    private int hashes;
    private Optional<Reading.Useless> failure = Optional.empty();

    ProofSearch(Nameservers servers, Deadline deadline) {
        this.servers = servers;
        this.deadline = deadline;
    }

    /** Works until the verdict is there; empty where the time was over before. */
    Optional<Message> await(CompletionStage<Message> verdict) throws InterruptedException, ExecutionException {
        CompletableFuture<Message> done = verdict.toCompletableFuture();
        CompletableFuture<Message> unused = done.whenComplete((message, thrown) -> work.add(() -> {}));
        while (!done.isDone()) {
            Waiting waiting = new Waiting();
            ForkJoinPool.managedBlock(waiting);
            if (waiting.next == null) {
                return Optional.empty();
            }
            waiting.next.run();
        }
        return Optional.of(done.get());
    }

    /** The first message that could not be had: without it nothing is proved, whatever the verdict says. */
    Optional<Reading.Useless> failure() {
        return failure;
    }

    /** The answer, when the asking thread has come to it. */
    CompletionStage<Message> fetch(Message query) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        work.add(() -> answer.complete(answer(query)));
        return answer;
    }

    @Override
    public void execute(Runnable command) {
        work.add(command::run);
    }

    private Message answer(Message query) throws InterruptedException {
        Record question = query.getQuestion();
        if (++messages > MAX_MESSAGES) {
            return failed(query, Cause.BOGUS, "its proof would need more than " + MAX_MESSAGES + " messages");
        }
        try {
            Nameservers.Heard heard = servers.askSigned(Chain.from(question.getName()), question.getType(), deadline);
            if (heard.reading() instanceof Reading.Useless useless) {
                return failed(query, useless.cause(), useless.detail());
            }
            Optional<Evidence> evidence = heard.message().flatMap(message -> Evidence.of(query, message));
            if (evidence.isEmpty()) {
                return failed(
                        query,
                        Cause.MALFORMED,
                        servers.names() + " sent an answer that contradicts itself, or goes beyond a limit");
            }
            signatures += evidence.get().signatures();
            hashes += evidence.get().hashes();
            return signatures > MAX_SIGNATURES || hashes > MAX_HASHES
                    ? failed(query, Cause.BOGUS, TOO_MUCH_WORK)
                    : evidence.get().message();
        } catch (RuntimeException e) {
            return failed(
                    query,
                    Cause.MALFORMED,
                    servers.names() + " sent an answer that cannot be read: " + Printable.describe(e));
        }
    }

    private Message failed(Message query, Cause cause, String detail) {
        if (failure.isEmpty()) {
            Record question = query.getQuestion();
            boolean ofTheProof = messages > 1;
            String what = ofTheProof ? Type.string(question.getType()) + " of " + question.getName() + ": " : "";
            failure = Optional.of(new Reading.Useless(cause, what + detail));
        }
        return FailClosedHead.serverFailure(query);
    }

    /** Waits in a way that the common pool knows of: where its own threads ask, it may need another one for the validator. */
    private final class Waiting implements ForkJoinPool.ManagedBlocker {

        private @Nullable Work next;

        @Override
        public boolean block() throws InterruptedException {
            if (next == null) {
                next = work.poll(deadline.remainingMillis(), TimeUnit.MILLISECONDS);
            }
            return true;
        }

        @Override
        public boolean isReleasable() {
            if (next == null) {
                next = work.poll();
            }
            return next != null || deadline.hasPassed();
        }
    }
}
