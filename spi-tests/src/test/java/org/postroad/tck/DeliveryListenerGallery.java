// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postroad.api.DeliveryEvent;
import org.postroad.api.Domain;
import org.postroad.api.Outcome;
import org.postroad.spi.DeliveryListener;

/** Listeners that break the contract. */
final class DeliveryListenerGallery {

    private static final String[] ALL = {"EVT-01", "EVT-02", "EVT-03", "EVT-04", "EVT-05", "EVT-06", "EVT-07"};

    static final Gallery GALLERY = new Gallery(
            DeliveryListenerTck.class,
            List.of(
                    caughtBy(ExpectsARelay.class, "EVT-01"),
                    caughtBy(IsNeverInDoubt.class, "EVT-01", "EVT-05"),
                    caughtBy(KnowsOneDeliveryToEachDomain.class, "EVT-02", "EVT-03", "EVT-04"),
                    caughtBy(KnowsOneDomainAtATime.class, "EVT-02", "EVT-03"),
                    caughtBy(CannotBeEnteredTwice.class, "EVT-03"),
                    caughtBy(TakesItsTime.class, "EVT-04"),
                    caughtBy(TakesTextForAPattern.class, "EVT-05"),
                    caughtBy(HasASmallBuffer.class, "EVT-05"),
                    caughtBy(WritesAscii.class, "EVT-05"),
                    caughtBy(SwallowsInterrupts.class, "EVT-06"),
                    caughtBy(FailsWhenInterrupted.class, "EVT-06"),
                    caughtBy(KnowsAllKinds.class, "EVT-07"),
                    caughtBy(Hangs.class, "EVT-01", "EVT-02", "EVT-03", "EVT-04", "EVT-05", "EVT-07"),
                    caughtBy(IsNotMade.class, ALL)));

    private DeliveryListenerGallery() {}

    static class ExpectsARelay extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    return event instanceof DeliveryEvent.RelaysSelected selected
                            ? "first relay " + selected.relays().get(0)
                            : super.line(event);
                }
            };
        }
    }

    static class KnowsAllKinds extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    if (event.getClass().getEnclosingClass() != DeliveryEvent.class) {
                        throw new IllegalArgumentException("unknown kind " + event);
                    }
                    return super.line(event);
                }
            };
        }
    }

    static class IsNeverInDoubt extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    if (event instanceof DeliveryEvent.Attempted attempted
                            && attempted.attempt().outcomes().get(0).outcome() instanceof Outcome.InDoubt) {
                        throw new IllegalStateException("either it arrived or not");
                    }
                    return super.line(event);
                }
            };
        }
    }

    static class KnowsOneDeliveryToEachDomain extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            Set<Domain> over = ConcurrentHashMap.newKeySet();
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    if (over.contains(event.domain())) {
                        throw new IllegalStateException("the delivery to " + event.domain() + " is over");
                    }
                    return super.line(event);
                }

                @Override
                void concluded(DeliveryEvent.Concluded event) {
                    over.add(event.domain());
                }
            };
        }
    }

    static class KnowsOneDomainAtATime extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            AtomicReference<@Nullable Domain> current = new AtomicReference<>();
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    current.compareAndSet(null, event.domain());
                    if (!event.domain().equals(current.get())) {
                        throw new IllegalStateException("the delivery to " + current.get() + " is not over");
                    }
                    LockSupport.parkNanos(50_000);
                    return super.line(event);
                }

                @Override
                void concluded(DeliveryEvent.Concluded event) {
                    current.set(null);
                }
            };
        }
    }

    static class CannotBeEnteredTwice extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            AtomicInteger within = new AtomicInteger();
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    if (within.incrementAndGet() > 1) {
                        throw new IllegalStateException("somebody is here already");
                    }
                    LockSupport.parkNanos(50_000);
                    within.decrementAndGet();
                    return super.line(event);
                }
            };
        }
    }

    static class TakesItsTime extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    LockSupport.parkNanos(1_000_000);
                    return super.line(event);
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return Duration.ofSeconds(3);
        }
    }

    static class TakesTextForAPattern extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                @SuppressWarnings("FormatStringAnnotation")
                String line(DeliveryEvent event) {
                    return String.format(Locale.ROOT, super.line(event));
                }
            };
        }
    }

    static class HasASmallBuffer extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    if (event instanceof DeliveryEvent.Attempted attempted) {
                        CharBuffer.allocate(320)
                                .put(attempted.attempt().outcomes().toString());
                    }
                    return super.line(event);
                }
            };
        }
    }

    static class WritesAscii extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    CharBuffer line = CharBuffer.wrap(super.line(event));
                    try {
                        return "octets: "
                                + StandardCharsets.US_ASCII
                                        .newEncoder()
                                        .encode(line)
                                        .remaining();
                    } catch (CharacterCodingException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }
    }

    static class SwallowsInterrupts extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    return Thread.interrupted() ? "interrupted" : super.line(event);
                }
            };
        }
    }

    static class FailsWhenInterrupted extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return new RecordingListener() {
                @Override
                String line(DeliveryEvent event) {
                    if (Thread.currentThread().isInterrupted()) {
                        throw new IllegalStateException("interrupted");
                    }
                    return super.line(event);
                }
            };
        }
    }

    static class Hangs extends ReferenceDeliveryListenerTest {
        @Override
        protected DeliveryListener create() {
            return event -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return Duration.ofMillis(100);
        }
    }

    static class IsNotMade extends ReferenceDeliveryListenerTest {
        @Override
        @SuppressWarnings("NullAway")
        protected @Nullable DeliveryListener create() {
            return null;
        }
    }
}
