// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.dns;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
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
 * One query to the validator, with its deadline, its message count, and the first message that could not be obtained.
 *
 * <p>The validator composes futures, and parts of it run on the common pool, which must not block on name servers. So all blocking work is
 * done here by the calling thread. It stops at an interrupt and at the deadline, and no message is sent afterwards.
 */
final class ProofSearch implements FailClosedResolver.MessageSource {

    /** Maximum number of messages for one proof: eight per alias if each leads to a different zone, with DS and DNSKEY at four levels. */
    static final int MAX_MESSAGES = 100;

    /** Maximum number of signatures to verify for one proof: four per message; zones usually have one or two. */
    static final int MAX_SIGNATURES = 4 * MAX_MESSAGES;

    /** Maximum number of hashes to compute for one proof: enough for five zones with the most iterations that the validator accepts. */
    static final int MAX_HASHES = 5 * ValidatorInput.MAX_HASHED_NAMES * (1 + ValidatorInput.MAX_ITERATIONS);

    private static final String TOO_MUCH_WORK =
            "its proof would need more than " + MAX_SIGNATURES + " signatures or " + MAX_HASHES + " hashes";

    /** A task for the calling thread. */
    private interface ProofWork {
        void run() throws InterruptedException;
    }

    private final Nameservers servers;
    private final Deadline deadline;
    private final BlockingQueue<ProofWork> work = new LinkedBlockingQueue<>();

    // Used by the calling thread only.
    private int messages;
    private int signatures;
    private int hashes;
    private Optional<ParsedAnswer.Failed> failure = Optional.empty();

    ProofSearch(Nameservers servers, Deadline deadline) {
        this.servers = servers;
        this.deadline = deadline;
    }

    /** Runs tasks until the verdict is available. Returns empty if the deadline passes first. */
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

    /**
     * Returns the failure of the first message that could not be obtained. With such a failure nothing is proved, whatever the verdict is.
     */
    Optional<ParsedAnswer.Failed> failure() {
        return failure;
    }

    /** Queues the query for the calling thread. */
    @Override
    public CompletionStage<Message> fetch(Message query) {
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
            ServerInquiry.ServerAnswer received =
                    servers.askSigned(Chain.from(question.getName()), question.getType(), deadline);
            if (received.reading() instanceof ParsedAnswer.Failed useless) {
                return failed(query, useless.cause(), useless.detail());
            }
            Optional<ValidatorInput> input = received.message().flatMap(message -> ValidatorInput.of(query, message));
            if (input.isEmpty()) {
                return failed(
                        query,
                        Cause.MALFORMED,
                        servers.names() + " sent an answer that contradicts itself, or goes beyond a limit");
            }
            signatures += input.get().signatures();
            hashes += input.get().hashes();
            return signatures > MAX_SIGNATURES || hashes > MAX_HASHES
                    ? failed(query, Cause.BOGUS, TOO_MUCH_WORK)
                    : input.get().message();
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
            failure = Optional.of(new ParsedAnswer.Failed(cause, what + detail));
        }
        return FailClosedResolver.serverFailure(query);
    }

    /**
     * Blocks as a {@link ForkJoinPool.ManagedBlocker}: if the caller is a thread of the common pool, the pool may need another one for the
     * validator.
     */
    private final class Waiting implements ForkJoinPool.ManagedBlocker {

        private @Nullable ProofWork next;

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
