// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.postroad.spi.AddressOrder;
import org.postroad.spi.AddressOrder.Candidate;

/** Address orders that break the contract. */
final class AddressOrderGallery {

    static final Gallery GALLERY = new Gallery(
            AddressOrderTck.class,
            List.of(
                    caughtBy(ForgetsWhoHasNoRoute.class, "SORT-01"),
                    caughtBy(NamesOneTwice.class, "SORT-01"),
                    caughtBy(SortsInPlace.class, "SORT-01", "SORT-02", "SORT-03", "SORT-04"),
                    caughtBy(BringsItsOwnChance.class, "SORT-03"),
                    caughtBy(HasAnOpinionThatChanges.class, "SORT-03"),
                    caughtBy(SharesABuffer.class, "SORT-04"),
                    caughtBy(AnswersNull.class, "SORT-01", "SORT-02", "SORT-03", "SORT-04"),
                    caughtBy(Throws.class, "SORT-01", "SORT-02", "SORT-03", "SORT-04"),
                    caughtBy(Hangs.class, "SORT-01", "SORT-02", "SORT-03", "SORT-04"),
                    caughtBy(IsNotMade.class, "SORT-01", "SORT-02", "SORT-03", "SORT-04"),
                    caughtBy(IsMadeWithAnException.class, "SORT-01", "SORT-02", "SORT-03", "SORT-04")));

    private AddressOrderGallery() {}

    static class ForgetsWhoHasNoRoute extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return (candidates, random) -> candidates.stream()
                    .filter(candidate -> candidate.source().isPresent())
                    .toList();
        }
    }

    static class NamesOneTwice extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return (candidates, random) -> {
                List<Candidate> order = new ArrayList<>(candidates);
                order.add(candidates.get(0));
                return order;
            };
        }
    }

    static class SortsInPlace extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return (candidates, random) -> {
                candidates.sort(Comparator.comparing(Candidate::toString));
                return candidates;
            };
        }
    }

    static class BringsItsOwnChance extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return (candidates, random) -> ReferenceAddressOrderTest.shuffled(candidates, ThreadLocalRandom.current());
        }
    }

    static class HasAnOpinionThatChanges extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return new AddressOrder() {
                private int calls;

                @Override
                public synchronized List<Candidate> order(
                        List<Candidate> candidates, java.util.random.RandomGenerator random) {
                    List<Candidate> order = new ArrayList<>(candidates);
                    Collections.rotate(order, calls++);
                    return order;
                }
            };
        }
    }

    static class SharesABuffer extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            List<Candidate> buffer = new ArrayList<>();
            return (candidates, random) -> {
                buffer.clear();
                candidates.forEach(buffer::add);
                return List.copyOf(buffer);
            };
        }
    }

    static class AnswersNull extends AddressOrderTck {
        @Override
        @SuppressWarnings("NullAway")
        protected AddressOrder create() {
            return (candidates, random) -> null;
        }
    }

    static class Throws extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return (candidates, random) -> {
                throw new NullPointerException();
            };
        }
    }

    static class Hangs extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            return (candidates, random) -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return candidates;
            };
        }

        @Override
        protected Duration timeLimit() {
            return Duration.ofMillis(200);
        }
    }

    static class IsNotMade extends AddressOrderTck {
        @Override
        @SuppressWarnings("NullAway")
        protected @Nullable AddressOrder create() {
            return null;
        }
    }

    static class IsMadeWithAnException extends AddressOrderTck {
        @Override
        protected AddressOrder create() {
            throw new UnsupportedOperationException("no way to make one");
        }
    }
}
