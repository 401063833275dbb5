// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postroad.api.Credentials;
import org.postroad.api.Family;
import org.postroad.api.RecordType;
import org.postroad.api.Relay;
import org.postroad.spi.RelaySelector.Reason;

/** Transports that misuse relays: RELAY. */
final class RelayGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(TakesARelayFromDns.class, "END-04", "RELAY-01"),
            caughtBy(DoesNotAskTheSelector.class, "RELAY-02", "RELAY-09"),
            caughtBy(TellsTheSelectorWrongFamilies.class, "RELAY-02"),
            caughtBy(AsksTheSelectorInAnyCase.class, "RELAY-02"),
            caughtBy(TriesRelaysBackwards.class, "RELAY-02", "RELAY-09"),
            caughtBy(RelaysTheWholeMessage.class, "RELAY-03"),
            caughtBy(TellsExchangersItsPassword.class, "RELAY-04", "RELAY-09"),
            caughtBy(TellsEverybodyItsPassword.class, "RELAY-04"),
            caughtBy(BelievesAnyCertificate.class, "RELAY-04"),
            caughtBy(ShowsWhatARelayRepeats.class, "RELAY-04"),
            caughtBy(ShowsWhatARelayRepeatsLater.class, "RELAY-04"),
            caughtBy(ShowsItsPasswordInDebugOutput.class, "RELAY-04"),
            caughtBy(GivesARelayUpAtOnce.class, "RELAY-05"),
            caughtBy(CallsARelaysFailureUnableToRoute.class, "RELAY-04", "RELAY-05", "RELAY-06", "RELAY-09"),
            caughtBy(KeepsARelaysRefusalToItself.class, "RELAY-06"),
            caughtBy(BouncesForARelayWithoutAddress.class, "RELAY-07"),
            caughtBy(NeverFallsBack.class, "RELAY-08"),
            caughtBy(FallsBackAfterARefusal.class, "RELAY-08"),
            caughtBy(FallsBackAfterARejection.class, "RELAY-08"),
            caughtBy(FallsBackThoughItIsAmongThem.class, "RELAY-08"),
            caughtBy(AsksForCredentialsOnce.class, "RELAY-09"),
            caughtBy(BouncesWithoutCredentials.class, "RELAY-09"));

    private RelayGallery() {}

    static class TakesARelayFromDns extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<Relay> relaysFor(Delivery delivery, Set<Family> destination, Reason reason) {
                    List<Relay> relays = super.relaysFor(delivery, destination, reason);
                    return !relays.isEmpty()
                            ? relays
                            : query(delivery.domain(), RecordType.A).records().stream()
                                    .map(address -> Relay.parse("smtp://" + address))
                                    .toList();
                }
            };
        }
    }

    static class DoesNotAskTheSelector extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<Relay> relaysFor(Delivery delivery, Set<Family> destination, Reason reason) {
                    String configured = setting("relay", "");
                    return configured.isEmpty() ? List.of() : List.of(Relay.parse(configured));
                }
            };
        }
    }

    static class TellsTheSelectorWrongFamilies extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<Relay> relaysFor(Delivery delivery, Set<Family> destination, Reason reason) {
                    return super.relaysFor(delivery, EnumSet.allOf(Family.class), reason);
                }
            };
        }
    }

    static class TriesRelaysBackwards extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected List<Relay> relaysFor(Delivery delivery, Set<Family> destination, Reason reason) {
                    List<Relay> relays = new ArrayList<>(super.relaysFor(delivery, destination, reason));
                    Collections.reverse(relays);
                    return relays;
                }
            };
        }
    }

    static class RelaysTheWholeMessage extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private boolean severalDomains;

                @Override
                public void sendMessage(Message message, Address[] addresses) throws MessagingException {
                    severalDomains = Arrays.stream(addresses)
                                    .map(address -> address.toString().replaceFirst(".*@", ""))
                                    .distinct()
                                    .count()
                            > 1;
                    super.sendMessage(message, addresses);
                }

                @Override
                protected Map<String, ReferenceOutcome> deliver(String domain, Mail mail, List<String> recipients) {
                    Delivery delivery = new Delivery(domain, mail, recipients);
                    return severalDomains && relay(delivery, EnumSet.noneOf(Family.class), Reason.OTHER_FAMILY)
                            ? delivery.outcomes()
                            : super.deliver(domain, mail, recipients);
                }
            };
        }
    }

    static class TellsExchangersItsPassword extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Optional<Credentials> credentialsFor(Optional<Relay> relay) {
                    return Optional.of(setting("relay", ""))
                            .filter(url -> url.contains("@"))
                            .map(Relay::parse)
                            .flatMap(Relay::credentials);
                }
            };
        }
    }

    static class TellsEverybodyItsPassword extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean sendsInPlaintext() {
                    return true;
                }
            };
        }
    }

    static class BelievesAnyCertificate extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isVerified(Relay.Tls tls) {
                    return false;
                }
            };
        }
    }

    static class ShowsWhatARelayRepeats extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void keepSecret(ReferenceConnection connection) {}
            };
        }
    }

    static class ShowsWhatARelayRepeatsLater extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenAuthenticated(ReferenceConnection connection) {
                    connection.hideTexts(false);
                }
            };
        }
    }

    static class ShowsItsPasswordInDebugOutput extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Optional<Credentials> credentialsFor(Optional<Relay> relay) throws IOException {
                    Optional<Credentials> credentials = super.credentialsFor(relay);
                    if (session.getDebug()) {
                        credentials.ifPresent(
                                sent -> session.getDebugOut().println("AUTH " + sent.user() + " " + sent.secret()));
                    }
                    return credentials;
                }
            };
        }
    }

    static class GivesARelayUpAtOnce extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String setting(String name, String absent) {
                    return name.equals("relay.attempts") ? absent : super.setting(name, absent);
                }
            };
        }
    }

    static class CallsARelaysFailureUnableToRoute extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenRelaysFailed(Delivery delivery, String recipient) {
                    return ReferenceOutcome.concluded("5.4.4", "the relay does not answer");
                }
            };
        }
    }

    static class KeepsARelaysRefusalToItself extends ReferenceMxTransportTest {
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
                    outcomes.replaceAll((recipient, outcome) ->
                            relay.isPresent() && outcome.kind() == ReferenceOutcome.Kind.REJECTED
                                    ? ReferenceOutcome.concluded("5.4.4", "the relay refused")
                                    : outcome);
                    return outcomes;
                }
            };
        }
    }

    static class BouncesForARelayWithoutAddress extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenNoRelayHasAnAddress(Delivery delivery) {
                    delivery.concludeAll("5.4.4", "no relay");
                }
            };
        }
    }

    static class NeverFallsBack extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean fallsBack(Delivery delivery, Exhausted list) {
                    return false;
                }
            };
        }
    }

    static class FallsBackAfterARefusal extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean fallsBack(Delivery delivery, Exhausted list) {
                    return setting("relay.fallback", "false").equals("true") && !list.weAreAmongThem();
                }
            };
        }
    }

    static class FallsBackThoughItIsAmongThem extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean fallsBack(Delivery delivery, Exhausted list) {
                    return setting("relay.fallback", "false").equals("true") && delivery.isSoft();
                }
            };
        }
    }

    static class FallsBackAfterARejection extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean fallsBack(Delivery delivery, Exhausted list) {
                    return super.fallsBack(delivery, list)
                            || delivery.open().stream()
                                    .flatMap(recipient -> delivery.history(recipient).stream())
                                    .anyMatch(outcome -> outcome.addressAtFault()
                                            && setting("relay.fallback", "").equals("true"));
                }

                @Override
                protected ReferenceOutcome whenRecipientIsRefused(ReferenceReply reply) {
                    return setting("relay.fallback", "").equals("true")
                            ? reply.as(ReferenceOutcome.Kind.HOST_REFUSED, true)
                            : super.whenRecipientIsRefused(reply);
                }
            };
        }
    }

    static class AsksTheSelectorInAnyCase extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Map<String, ReferenceOutcome> deliver(String domain, Mail mail, List<String> recipients) {
                    if (domain.startsWith("d4")) { // only here, so that no other test detects the second question
                        relaysFor(new Delivery(domain, mail, recipients), Set.of(), Reason.OTHER_FAMILY);
                    }
                    return super.deliver(domain, mail, recipients);
                }
            };
        }
    }

    static class AsksForCredentialsOnce extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private Optional<Credentials> known = Optional.empty();

                @Override
                protected Optional<Credentials> credentialsFor(Optional<Relay> relay) throws IOException {
                    if (relay.isPresent() && known.isEmpty()) {
                        known = super.credentialsFor(relay);
                    }
                    return relay.isPresent() ? known : Optional.empty();
                }
            };
        }
    }

    static class BouncesWithoutCredentials extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome withoutCredentials() {
                    return ReferenceOutcome.concluded("5.7.8", "no credentials");
                }
            };
        }
    }
}
