// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postroad.api.Relay;

/** Transports that misinterpret servers: TRY. */
final class TryGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(TakesOnly250.class, "TRY-01"),
            caughtBy(GoesOnAfterARefusal.class, "TRY-02", "TRY-09"),
            caughtBy(LetsOneRecipientSinkTheOthers.class, "MAIL-03", "MAIL-04", "MAIL-06", "TRY-02", "TRY-06"),
            caughtBy(StopsAtA4yz.class, "END-01", "RELAY-08", "RELAY-09", "TRY-03", "TRY-06"),
            caughtBy(StopsAtALostConnection.class, "TLS-04", "TLS-05", "TRY-03"),
            caughtBy(TakesARefusingHostForTheDestination.class, "END-01", "END-02", "TRY-04", "TRY-10"),
            caughtBy(SendsAgainAfterALostFinalReply.class, "TRY-05", "TRY-09"),
            caughtBy(OffersEverybodyToEveryHost.class, "TRY-06", "TRY-09", "TRY-11"),
            caughtBy(Takes421ForARefusal.class, "TRY-07"),
            caughtBy(TakesTooManyForARefusal.class, "TRY-08", "TRY-09", "TRY-11"));

    private TryGallery() {}

    static class TakesOnly250 extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isSuccess(ReferenceReply reply) {
                    return reply.code() == 250;
                }
            };
        }
    }

    static class GoesOnAfterARefusal extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenMessageIsRefused(ReferenceReply reply) {
                    return reply.as(ReferenceOutcome.Kind.HOST_REFUSED, false);
                }
            };
        }
    }

    static class LetsOneRecipientSinkTheOthers extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Map<String, ReferenceOutcome> converse(
                        ReferenceConnection connection,
                        String host,
                        Optional<Relay> relay,
                        Mail mail,
                        List<String> recipients) {
                    Map<String, ReferenceOutcome> outcomes = super.converse(connection, host, relay, mail, recipients);
                    outcomes.values().stream()
                            .filter(ReferenceOutcome::addressAtFault)
                            .findFirst()
                            .ifPresent(bad -> outcomes.replaceAll((recipient, outcome) -> bad));
                    return outcomes;
                }
            };
        }
    }

    static class StopsAtA4yz extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenRecipientIsRefused(ReferenceReply reply) {
                    ReferenceOutcome outcome = super.whenRecipientIsRefused(reply);
                    return new ReferenceOutcome(
                            ReferenceOutcome.Kind.REJECTED,
                            outcome.code(),
                            outcome.status(),
                            outcome.text(),
                            outcome.addressAtFault());
                }
            };
        }
    }

    static class StopsAtALostConnection extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenConnectionIsLost(Exception failure) {
                    return new ReferenceOutcome(ReferenceOutcome.Kind.REJECTED, 451, "4.4.2", "lost", false);
                }
            };
        }
    }

    static class TakesARefusingHostForTheDestination extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome aboutTheHost(ReferenceReply refusal) {
                    return refusal.as(ReferenceOutcome.Kind.REJECTED, false);
                }
            };
        }
    }

    static class SendsAgainAfterALostFinalReply extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenTheLastReplyIsLost(IOException failure) {
                    return ReferenceOutcome.badConnection("lost");
                }
            };
        }
    }

    static class OffersEverybodyToEveryHost extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private final Map<List<Object>, List<String>> everybody = new HashMap<>();

                @Override
                protected Map<String, ReferenceOutcome> converse(
                        ReferenceConnection connection,
                        String host,
                        Optional<Relay> relay,
                        Mail mail,
                        List<String> recipients) {
                    String domain =
                            recipients.get(0).substring(recipients.get(0).indexOf('@'));
                    return super.converse(
                            connection,
                            host,
                            relay,
                            mail,
                            everybody.computeIfAbsent(List.of(mail, domain), first -> recipients));
                }
            };
        }
    }

    static class Takes421ForARefusal extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenServerCloses(ReferenceReply reply) {
                    return new ReferenceOutcome(
                            ReferenceOutcome.Kind.REJECTED, reply.code(), reply.status(), reply.text(), false);
                }
            };
        }
    }

    static class TakesTooManyForARefusal extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isTooMany(ReferenceReply reply) {
                    return false;
                }
            };
        }
    }
}
