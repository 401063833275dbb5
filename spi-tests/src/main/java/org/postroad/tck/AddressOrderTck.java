// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.postroad.api.IpAddress;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.AddressOrder.Candidate;

/** The conformance tests of {@link AddressOrder}: SORT. */
public abstract class AddressOrderTck extends Tck {

    private static final Expect RESULT = Expect.lookAt("the list that order() returns");
    private static final int ROUNDS = 50;

    /** @return the implementation, ready for use */
    protected abstract AddressOrder create() throws Exception;

    private AddressOrder subject() throws Exception {
        return Expect.lookAt("the factory method create()").notNull("an AddressOrder", create());
    }

    private List<Candidate> order(AddressOrder order, List<Candidate> candidates, long seed) {
        return RESULT.notNull("a list", order.order(candidates, new SplittableRandom(seed)));
    }

    private static Candidate from(String address, String source) {
        return new Candidate(IpAddress.parse(address), Optional.of(IpAddress.parse(source)));
    }

    private static Candidate unreachable(String address) {
        return new Candidate(IpAddress.parse(address), Optional.empty());
    }

    /** Candidates of both families, with and without a route, unsorted. */
    private static List<Candidate> mixed() {
        return List.of(
                from("192.0.2.9", "192.0.2.100"),
                from("2001:db8::9", "2001:db8::100"),
                unreachable("198.51.100.1"),
                from("192.0.2.1", "192.0.2.100"),
                unreachable("2001:db8:ffff::1"),
                from("2001:db8::1", "2001:db8::100"));
    }

    private static List<Candidate> sorted(List<Candidate> candidates) {
        return candidates.stream()
                .sorted(Comparator.comparing(Candidate::toString))
                .toList();
    }

    private void expectPermutation(List<Candidate> candidates) throws Exception {
        List<Candidate> ordered = order(subject(), candidates, 1);
        RESULT.equal(
                "the same candidates, each as often as before:", sorted(candidates), sorted(new ArrayList<>(ordered)));
    }

    @Nested
    class Result {

        @Requirement
        void SORT_01_mixedFamiliesAreComplete() throws Exception {
            expectPermutation(mixed());
        }

        @Requirement
        void SORT_01_oneAddressIsReturned() throws Exception {
            expectPermutation(List.of(unreachable("192.0.2.1")));
        }

        @Requirement
        void SORT_01_manyAddressesAreComplete() throws Exception {
            expectPermutation(IntStream.range(0, 500)
                    .mapToObj(i -> from("2001:db8::" + Integer.toHexString(i + 1), "2001:db8::ffff"))
                    .toList());
        }

        @Requirement
        void SORT_02_theArgumentIsNotChanged() throws Exception {
            List<Candidate> mutable = new ArrayList<>(mixed());
            order(subject(), mutable, 1);
            Expect.lookAt("whether order() sorts its argument in place")
                    .equal("the argument as it was:", mixed(), mutable);
        }

        @Requirement
        void SORT_02_anUnmodifiableArgumentIsAccepted() throws Exception {
            order(subject(), mixed(), 1);
        }
    }

    @Nested
    class Determinism {

        @Requirement
        void SORT_03_theSameArgumentsGiveTheSameOrder() throws Exception {
            AddressOrder order = subject();
            List<Candidate> first = List.copyOf(order(order, mixed(), 7));
            for (int i = 0; i < ROUNDS; i++) {
                order(order, mixed(), i);
                Expect.lookAt("randomness or state other than the RandomGenerator argument")
                        .equal("the same order for the same seed:", first, order(order, mixed(), 7));
            }
        }

        @Requirement
        void SORT_04_concurrentCallsAreIndependent() throws Exception {
            AddressOrder order = subject();
            CyclicBarrier bothWithin = new CyclicBarrier(2);
            List<Candidate> others = List.of(from("203.0.113.1", "203.0.113.9"), from("203.0.113.2", "203.0.113.9"));
            FutureTask<List<Candidate>> other =
                    new FutureTask<>(() -> order(order, new ConcurrentCandidates(others, bothWithin), 1));
            new Thread(other, "postroad-tck-sort").start();
            List<Candidate> own = order(order, new ConcurrentCandidates(mixed(), bothWithin), 1);
            Expect shared = Expect.lookAt("state shared between calls");
            shared.that("candidates of this call only", own, mixed()::containsAll);
            shared.that("candidates of this call only", other.get(), others::containsAll);
        }
    }

    /**
     * Candidates that can be read only while two calls are in progress; if calls run one after the other, after a short wait.
     */
    private static final class ConcurrentCandidates extends AbstractList<Candidate> {

        private static final long PATIENCE_MILLIS = 200;

        private final List<Candidate> candidates;
        private final CyclicBarrier barrier;
        private boolean met;

        ConcurrentCandidates(List<Candidate> candidates, CyclicBarrier barrier) {
            this.candidates = candidates;
            this.barrier = barrier;
        }

        @Override
        public Candidate get(int index) {
            if (!met) {
                met = true;
                try {
                    barrier.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException | BrokenBarrierException takesTurns) {
                    return candidates.get(index);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return candidates.get(index);
        }

        @Override
        public int size() {
            return candidates.size();
        }
    }
}
