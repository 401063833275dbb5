// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postroad.api.Relay;
import org.postroad.api.RemoteMta;

/**
 * Transports that take the result of a session for that of the message: TRY-09 to 11, TLS-02. Some of them keep connections.
 */
final class SessionGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(BouncesForARefusedSession.class, "TRY-09"),
            caughtBy(AsksTheRefusedSessionOnceMore.class, "TRY-09"),
            caughtBy(OffersTheNextMessageToARefusedSession.class, "TRY-09"),
            caughtBy(AsksNewConnectionsAgainAndAgain.class, "TRY-09"),
            caughtBy(TakesALostSessionForALostHost.class, "TRY-09", "TRY-11"),
            caughtBy(SendsAgainWhatMayHaveBeenTaken.class, "TRY-09"),
            caughtBy(LosesTheWordsOfARefusedEhlo.class, "TRY-10"),
            caughtBy(GoesOnAfterARefusedEhloOverTls.class, "TRY-10"),
            caughtBy(GivesTheRestUp.class, "TRY-11"),
            caughtBy(SendsEverybodyAgainWithTheRest.class, "TRY-09", "TRY-11"),
            caughtBy(FallsBackForTheHandshakeOnly.class, "TLS-02"),
            caughtBy(FallsBackThoughItMayHaveBeenTaken.class, "TLS-02"));

    private SessionGallery() {}

    static class BouncesForARefusedSession extends KeepingMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new KeepingMxTransport(session, kept) {
                @Override
                protected boolean isRefusalOfTheSession(ReferenceConnection connection) {
                    return false;
                }
            };
        }
    }

    static class AsksTheRefusedSessionOnceMore extends KeepingMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new KeepingMxTransport(session, kept) {
                @Override
                protected boolean isOfFurtherUse(ReferenceConnection connection) {
                    return connection.transactions() > 0;
                }

                @Override
                protected boolean isRefusalOfTheSession(ReferenceConnection connection) {
                    return super.isRefusalOfTheSession(connection) && !connection.isSessionRefused();
                }
            };
        }
    }

    static class OffersTheNextMessageToARefusedSession extends KeepingMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new KeepingMxTransport(session, kept) {
                private @Nullable ReferenceConnection refused;

                @Override
                protected void finish(ReferenceConnection connection) {
                    if (refused != null) {
                        keep(refused);
                        quit(connection);
                    } else if (connection.isSessionRefused()) {
                        refused = connection;
                    } else {
                        super.finish(connection);
                    }
                }

                @Override
                protected void hangUp(ReferenceConnection connection) {
                    if (!connection.isSessionRefused()) {
                        super.hangUp(connection);
                    }
                }
            };
        }
    }

    static class AsksNewConnectionsAgainAndAgain extends ReferenceMxTransportTest {

        private static final int OFTEN = 5;

        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private int refusals;

                @Override
                protected boolean isRefusalOfTheSession(ReferenceConnection connection) {
                    return refusals++ < OFTEN;
                }
            };
        }
    }

    static class TakesALostSessionForALostHost extends KeepingMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new KeepingMxTransport(session, kept) {
                @Override
                protected boolean isLossOfTheSession(ReferenceConnection connection) {
                    return false;
                }
            };
        }
    }

    static class SendsAgainWhatMayHaveBeenTaken extends KeepingMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new KeepingMxTransport(session, kept) {
                @Override
                protected Map<String, ReferenceOutcome> converse(
                        ReferenceConnection connection,
                        String host,
                        Optional<Relay> relay,
                        Mail mail,
                        List<String> recipients) {
                    Map<String, ReferenceOutcome> outcomes = super.converse(connection, host, relay, mail, recipients);
                    outcomes.values()
                            .removeIf(outcome ->
                                    outcome.kind() == ReferenceOutcome.Kind.IN_DOUBT && isLossOfTheSession(connection));
                    return outcomes;
                }
            };
        }
    }

    static class LosesTheWordsOfARefusedEhlo extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceReply whenHeloIsLost(ReferenceReply extended, IOException failure)
                        throws IOException {
                    throw failure;
                }
            };
        }
    }

    static class GoesOnAfterARefusedEhloOverTls extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceReply helloOverTls(ReferenceConnection connection) throws IOException {
                    ReferenceReply hello = super.helloOverTls(connection);
                    return new ReferenceReply(250, hello.lines());
                }
            };
        }
    }

    static class GivesTheRestUp extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isLossOfTheSession(ReferenceConnection connection) {
                    return false;
                }
            };
        }
    }

    static class SendsEverybodyAgainWithTheRest extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private List<String> offered = List.of();
                private @Nullable RemoteMta remote;

                @Override
                protected ReferenceConnection dial(RemoteMta next) throws IOException {
                    offered = next.equals(remote) ? offered : List.of();
                    remote = next;
                    return super.dial(next);
                }

                @Override
                protected Map<String, ReferenceOutcome> converse(
                        ReferenceConnection connection,
                        String host,
                        Optional<Relay> relay,
                        Mail mail,
                        List<String> recipients) {
                    offered = offered.containsAll(recipients) ? offered : recipients;
                    return super.converse(connection, host, relay, mail, offered);
                }
            };
        }
    }

    static class FallsBackForTheHandshakeOnly extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isLossOfTls(ReferenceConnection connection, String host) {
                    return !connection.isEncrypted() && super.isLossOfTls(connection, host);
                }
            };
        }
    }

    static class FallsBackThoughItMayHaveBeenTaken extends ReferenceMxTransportTest {
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
                    outcomes.values()
                            .removeIf(outcome ->
                                    outcome.kind() == ReferenceOutcome.Kind.IN_DOUBT && connection.isEncrypted());
                    return outcomes;
                }
            };
        }
    }
}
