// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Domain;
import org.postroad.api.Mailbox;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector;

/** Selectors that break the contract. */
final class RelaySelectorGallery {

    private static final String[] ALL = {"REL-01", "REL-02", "REL-03", "REL-04", "REL-05", "REL-06", "REL-07"};

    static final Gallery GALLERY = new Gallery(
            RelaySelectorTck.class,
            List.of(
                    caughtBy(AnswersNullWhereThereIsNone.class, ALL),
                    caughtBy(ThrowsWhereThereIsNone.class, ALL),
                    caughtBy(HasAHoleInItsList.class, ALL),
                    caughtBy(NeedsASender.class, "REL-02", "REL-06"),
                    caughtBy(NeedsAName.class, "REL-02"),
                    caughtBy(NeedsAsciiRecipients.class, "REL-02"),
                    caughtBy(TakesTurns.class, "REL-03"),
                    caughtBy(UsesItsListAgain.class, "REL-04"),
                    caughtBy(SharesTheQuestion.class, "REL-05"),
                    caughtBy(ReadsItsTableBackwards.class, "REL-06"),
                    caughtBy(AsksSomebodyElse.class, "REL-07"),
                    caughtBy(IsNotMade.class, ALL)));

    private RelaySelectorGallery() {}

    static class AnswersNullWhereThereIsNone extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                @SuppressWarnings("NullAway")
                public @Nullable List<Relay> select(Question question) {
                    List<Relay> relays = super.select(question);
                    return relays.isEmpty() ? null : relays;
                }
            };
        }
    }

    static class ThrowsWhereThereIsNone extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    List<Relay> relays = super.select(question);
                    if (relays.isEmpty()) {
                        throw new IllegalArgumentException("nothing is known of " + question.domain());
                    }
                    return relays;
                }
            };
        }
    }

    static class HasAHoleInItsList extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                @SuppressWarnings("NullAway")
                public List<Relay> select(Question question) {
                    List<Relay> relays = new ArrayList<>(super.select(question));
                    relays.add(null);
                    return relays;
                }
            };
        }
    }

    static class NeedsASender extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    return question.sender().orElseThrow().isAscii() ? super.select(question) : List.of();
                }
            };
        }
    }

    static class NeedsAName extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    String name = question.domain().host().name().orElseThrow().text();
                    return super.select(question).stream()
                            .filter(relay -> !relay.host().toString().equals(name))
                            .toList();
                }
            };
        }
    }

    static class NeedsAsciiRecipients extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    if (!question.recipients().stream().allMatch(Mailbox::isAscii)) {
                        throw new IllegalArgumentException("what is this");
                    }
                    return super.select(question);
                }
            };
        }
    }

    static class TakesTurns extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            Map<Domain, AtomicInteger> turns = new ConcurrentHashMap<>();
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    List<Relay> relays = new ArrayList<>(super.select(question));
                    AtomicInteger turn = turns.computeIfAbsent(question.domain(), first -> new AtomicInteger());
                    Collections.rotate(relays, turn.getAndIncrement());
                    return relays;
                }
            };
        }
    }

    static class UsesItsListAgain extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            ThreadLocal<List<Relay>> list = ThreadLocal.withInitial(ArrayList::new);
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    list.get().clear();
                    list.get().addAll(super.select(question));
                    return list.get();
                }
            };
        }
    }

    static class SharesTheQuestion extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                private volatile @Nullable Question current;

                @Override
                public List<Relay> select(Question question) {
                    current = question;
                    LockSupport.parkNanos(100_000);
                    Question now = current;
                    return super.select(now == null ? question : now);
                }
            };
        }
    }

    static class ReadsItsTableBackwards extends ReferenceRelaySelectorTest {
        @Override
        protected RelaySelector create() {
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    List<Relay> relays = new ArrayList<>(super.select(question));
                    Collections.reverse(relays);
                    return relays;
                }
            };
        }
    }

    /** Blocks after more questions than any other test asks. */
    static class AsksSomebodyElse extends ReferenceRelaySelectorTest {

        private static final int QUOTA = 950;

        @Override
        protected RelaySelector create() {
            AtomicInteger asked = new AtomicInteger();
            return new Table() {
                @Override
                public List<Relay> select(Question question) {
                    if (asked.incrementAndGet() > QUOTA) {
                        LockSupport.parkNanos(Duration.ofHours(1).toNanos());
                    }
                    return super.select(question);
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return Duration.ofSeconds(2);
        }
    }

    static class IsNotMade extends ReferenceRelaySelectorTest {
        @Override
        @SuppressWarnings("NullAway")
        protected @Nullable RelaySelector create() {
            return null;
        }
    }
}
