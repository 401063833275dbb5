// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.util.List;
import org.postroad.api.RemoteMta;
import org.postroad.spi.RelaySelector.Reason;
import org.postroad.tck.ReferenceDns.Answer;
import org.postroad.tck.ReferenceDns.Kind;

/** Transports that report the wrong result: END. */
final class EndGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(SwapsNoAnswerAndBadConnection.class, "END-01", "ORDER-08", "RELAY-05", "RELAY-08"),
            caughtBy(LetsTheLastFailureCount.class, "END-01"),
            caughtBy(LetsTheFirstReplyCount.class, "END-01"),
            caughtBy(
                    BouncesAfterASilence.class,
                    "END-01",
                    "MAIL-06",
                    "ORDER-08",
                    "RELAY-04",
                    "RELAY-05",
                    "RELAY-06",
                    "RELAY-08",
                    "RELAY-09",
                    "TLS-04",
                    "TLS-05",
                    "TLS-06",
                    "TLS-08",
                    "TRY-04",
                    "TRY-07",
                    "TRY-10"),
            caughtBy(RelaysAfterASilence.class, "END-01", "RELAY-08"),
            caughtBy(DefersWhereNobodyWantsUs.class, "END-01", "END-02", "RELAY-08", "TRY-10"),
            caughtBy(TakesAFailedLookupForNone.class, "END-03", "RELAY-07"),
            caughtBy(TakesHalfAFailureForNone.class, "END-03", "RELAY-07"),
            caughtBy(RelaysWhatIsNotKnown.class, "END-03"),
            caughtBy(DefersForTheOtherFamily.class, "END-04", "RELAY-01", "RELAY-02"),
            caughtBy(
                    NeverRelays.class,
                    "END-04",
                    "RELAY-02",
                    "RELAY-03",
                    "RELAY-04",
                    "RELAY-05",
                    "RELAY-06",
                    "RELAY-07",
                    "RELAY-09"),
            caughtBy(BlamesTheAddressForABrokenZone.class, "ADDR-05", "END-05"),
            caughtBy(BlamesTheZoneForABadAddress.class, "END-06"),
            caughtBy(RelaysWhatHasNoAddress.class, "END-05", "END-06"));

    private EndGallery() {}

    static class SwapsNoAnswerAndBadConnection extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenNobodyAnswers(RemoteMta remote, IOException failure) {
                    return ReferenceOutcome.badConnection(remote + ": " + failure.getMessage());
                }

                @Override
                protected ReferenceOutcome whenConnectionIsLost(Exception failure) {
                    return ReferenceOutcome.noAnswer(String.valueOf(failure.getMessage()));
                }
            };
        }
    }

    static class LetsTheLastFailureCount extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome result(Delivery delivery, String recipient) {
                    List<ReferenceOutcome> history = delivery.history(recipient);
                    return history.get(history.size() - 1);
                }
            };
        }
    }

    static class BouncesAfterASilence extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome result(Delivery delivery, String recipient) {
                    ReferenceOutcome outcome = super.result(delivery, recipient);
                    return outcome.isSoft() ? ReferenceOutcome.concluded("5.4.1", outcome.text()) : outcome;
                }
            };
        }
    }

    static class RelaysAfterASilence extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean fallsBack(Delivery delivery, Exhausted list) {
                    return delivery.isSoft();
                }
            };
        }
    }

    static class DefersWhereNobodyWantsUs extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome aboutTheHost(ReferenceReply refusal) {
                    return new ReferenceOutcome(ReferenceOutcome.Kind.SOFT_REPLY, 450, "4.3.2", refusal.text(), false);
                }
            };
        }
    }

    static class TakesAFailedLookupForNone extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isFailed(List<Answer> answers) {
                    return false;
                }
            };
        }
    }

    static class TakesHalfAFailureForNone extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isFailed(List<Answer> answers) {
                    return answers.stream().allMatch(answer -> answer.kind() == Kind.FAILED);
                }
            };
        }
    }

    static class DefersForTheOtherFamily extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenOnlyTheOtherFamilyIsThere(Delivery delivery, Exhausted list) {
                    if (!relay(delivery, list.families(), Reason.OTHER_FAMILY)) {
                        delivery.concludeAll("4.4.1", "no answer");
                    }
                }
            };
        }
    }

    static class NeverRelays extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenOnlyTheOtherFamilyIsThere(Delivery delivery, Exhausted list) {
                    delivery.concludeAll("5.4.4", "unable to route");
                }
            };
        }
    }

    static class BlamesTheAddressForABrokenZone extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereIsNoAddress(Delivery delivery, Exhausted list) {
                    delivery.concludeAll("5.1.2", "no address");
                }
            };
        }
    }

    static class BlamesTheZoneForABadAddress extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereIsNoAddress(Delivery delivery, Exhausted list) {
                    delivery.concludeAll("5.4.3", "no address");
                }
            };
        }
    }

    static class RelaysWhatHasNoAddress extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereIsNoAddress(Delivery delivery, Exhausted list) {
                    if (!relay(delivery, list.families(), Reason.OTHER_FAMILY)) {
                        super.whenThereIsNoAddress(delivery, list);
                    }
                }
            };
        }
    }

    static class LetsTheFirstReplyCount extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome result(Delivery delivery, String recipient) {
                    return delivery.history(recipient).stream()
                            .filter(outcome -> outcome.kind() == ReferenceOutcome.Kind.SOFT_REPLY)
                            .findFirst()
                            .orElseGet(() -> super.result(delivery, recipient));
                }
            };
        }
    }

    static class RelaysWhatIsNotKnown extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenExhausted(Delivery delivery, Exhausted list) {
                    super.whenExhausted(
                            delivery,
                            list.lookupFailed()
                                            && !delivery.isTried()
                                            && !list.families().isEmpty()
                                    ? new Exhausted(list.families(), false, list.mxListed(), list.weAreAmongThem())
                                    : list);
                }
            };
        }
    }
}
