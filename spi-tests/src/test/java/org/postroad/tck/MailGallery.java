// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.postroad.tck.catalogue.Feature;

/** Transports that violate Jakarta Mail's contract or SMTP: MAIL. */
final class MailGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(TakesTheHostOfConnectForASmarthost.class, "MAIL-01"),
            caughtBy(SendsWithoutConnect.class, "MAIL-02"),
            caughtBy(TellsTwice.class, "MAIL-03"),
            caughtBy(ListsTheAcceptedAsUnsent.class, "MAIL-04", "MAIL-06", "MAIL-11", "TRY-02", "TRY-06"),
            caughtBy(MakesAddressesOfItsOwn.class, "MAIL-04"),
            caughtBy(BlamesTheAddressForAFullMailbox.class, "MAIL-05"),
            caughtBy(GivesTheFirstStatusForAll.class, "MAIL-06"),
            caughtBy(SaysNothingWhereThereIsNobody.class, "MAIL-07"),
            caughtBy(ChecksNoAddress.class, "MAIL-08"),
            caughtBy(KnowsNoGroups.class, "MAIL-09"),
            caughtBy(GuessesASender.class, "MAIL-10"),
            caughtBy(StopsAtTheFirstDomainThatFails.class, "MAIL-03", "MAIL-05", "MAIL-06", "MAIL-11"),
            caughtBy(SendsHalfAMessage.class, "MAIL-12"),
            caughtBy(ChangesTheMessage.class, "MAIL-13"),
            caughtBy(ShowsBlindCopies.class, "MAIL-14"),
            caughtBy(AddsNoHeaders.class, "MAIL-15"),
            caughtBy(ForgetsDots.class, "MAIL-16", "MAIL-17"),
            caughtBy(SendsBareLineEnds.class, "MAIL-17"),
            caughtBy(LeaksConnections.class, "MAIL-18"),
            caughtBy(SendsEightBitsToEverybody.class, "MAIL-19"),
            caughtBy(AsksForUtf8WithoutNeed.class, "MAIL-19", "MAIL-20", "MAIL-21"),
            caughtBy(KeepsTheSizeToItself.class, "MAIL-21"),
            caughtBy(GivesUpAfterABrokenHandshake.class, "MAIL-22", "TLS-02"),
            caughtBy(SendsToSomeWhereAllOrNothingIsWanted.class, "MAIL-23"),
            caughtBy(SaysLocalhost.class, "MAIL-24"),
            caughtBy(KnowsABccByTheBeginningOfItsLine.class, "MAIL-14"));

    private MailGallery() {}

    static class TakesTheHostOfConnectForASmarthost extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private boolean hasSmarthost;

                @Override
                protected boolean protocolConnect(String host, int port, String user, String password) {
                    hasSmarthost = host != null;
                    return true;
                }

                @Override
                protected Map<String, ReferenceOutcome> deliver(String domain, Mail mail, List<String> recipients) {
                    Delivery delivery = new Delivery(domain, mail, recipients);
                    delivery.concludeAll("4.4.1", "the smarthost does not answer");
                    return hasSmarthost ? delivery.outcomes() : super.deliver(domain, mail, recipients);
                }
            };
        }
    }

    static class SendsWithoutConnect extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void checkConnected() {}
            };
        }
    }

    static class TellsTwice extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void notifyTransportListeners(
                        int type, Address[] sent, Address[] unsent, Address[] invalid, Message message) {
                    super.notifyTransportListeners(type, sent, unsent, invalid, message);
                    super.notifyTransportListeners(type, sent, unsent, invalid, message);
                }
            };
        }
    }

    static class ListsTheAcceptedAsUnsent extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isUnsent(ReferenceOutcome outcome) {
                    return !isInvalid(outcome);
                }
            };
        }
    }

    static class MakesAddressesOfItsOwn extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void tell(Message message, Address[] addresses, Map<String, ReferenceOutcome> outcomes)
                        throws SendFailedException {
                    Address[] copies = new Address[addresses.length];
                    for (int i = 0; i < copies.length; i++) {
                        copies[i] = (Address) ((InternetAddress) addresses[i]).clone();
                    }
                    super.tell(message, copies, outcomes);
                }
            };
        }
    }

    static class BlamesTheAddressForAFullMailbox extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenRecipientIsRefused(ReferenceReply reply) {
                    return reply.code() == 552
                            ? reply.as(ReferenceOutcome.Kind.REJECTED, true)
                            : super.whenRecipientIsRefused(reply);
                }
            };
        }
    }

    static class GivesTheFirstStatusForAll extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected SendFailedException failure(
                        Address[] addresses, Map<String, ReferenceOutcome> outcomes, SendFailedException failure) {
                    failure.setNextException(
                            new SendFailedException(super.failure(addresses, outcomes, new SendFailedException())
                                    .getNextException()
                                    .getMessage()));
                    return failure;
                }
            };
        }
    }

    static class SaysNothingWhereThereIsNobody extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void whenThereAreNoRecipients() {}
            };
        }
    }

    static class ChecksNoAddress extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isMalformed(String text) {
                    return false;
                }
            };
        }
    }

    static class KnowsNoGroups extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected Address[] recipients(Address[] addresses) {
                    return addresses;
                }
            };
        }
    }

    static class GuessesASender extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String whenThereIsNoSender() {
                    return "root@client.test";
                }
            };
        }
    }

    static class StopsAtTheFirstDomainThatFails extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                private boolean stopped;

                @Override
                protected Map<String, ReferenceOutcome> deliver(String domain, Mail mail, List<String> recipients) {
                    if (stopped) {
                        Delivery delivery = new Delivery(domain, mail, recipients);
                        delivery.concludeAll("4.3.0", "stopped");
                        return delivery.outcomes();
                    }
                    Map<String, ReferenceOutcome> outcomes = super.deliver(domain, mail, recipients);
                    stopped = outcomes.values().stream()
                            .anyMatch(outcome -> outcome.kind() != ReferenceOutcome.Kind.ACCEPTED);
                    return outcomes;
                }
            };
        }
    }

    static class SendsHalfAMessage extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String whenItCannotBeWritten(String half, IOException failure) {
                    return half;
                }
            };
        }
    }

    static class ChangesTheMessage extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected byte[] content(Message message) throws MessagingException {
                    message.saveChanges();
                    return super.content(message);
                }
            };
        }
    }

    static class ShowsBlindCopies extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String[] notForRecipients() {
                    return new String[0];
                }
            };
        }
    }

    static class KnowsABccByTheBeginningOfItsLine extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String[] notForRecipients() {
                    return new String[0];
                }

                @Override
                protected String wholeLines(String text) {
                    return super.wholeLines(text)
                            .replaceAll("(?mi)^(Bcc|Resent-Bcc|Return-Path|Content-Length):.*\r\n", "");
                }
            };
        }
    }

    static class AddsNoHeaders extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String missing(String headers) {
                    return "";
                }
            };
        }
    }

    static class ForgetsDots extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected byte[] stuffed(byte[] content) {
                    return content;
                }
            };
        }
    }

    static class SendsBareLineEnds extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String wholeLines(String text) {
                    return text.endsWith("\r\n") ? text : text + "\r\n";
                }
            };
        }
    }

    static class LeaksConnections extends ReferenceMxTransportTest {

        /** Keeps the connections reachable, so that the garbage collector cannot close them. */
        private static final Queue<ReferenceConnection> LEAKED = new ConcurrentLinkedQueue<>();

        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected void hangUp(ReferenceConnection connection) {
                    LEAKED.add(connection);
                }
            };
        }
    }

    static class SendsEightBitsToEverybody extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isEightBit(Mail mail) {
                    return false;
                }
            };
        }
    }

    static class AsksForUtf8WithoutNeed extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean needsUtf8(Mail mail, List<String> recipients) {
                    return true;
                }

                @Override
                protected Optional<ReferenceOutcome> unfit(
                        ReferenceConnection connection, Mail mail, String recipient) {
                    return super.needsUtf8(mail, List.of(recipient))
                            ? super.unfit(connection, mail, recipient)
                            : Optional.empty();
                }

                @Override
                protected String parameters(ReferenceConnection connection, Mail mail, List<String> recipients) {
                    String parameters = super.parameters(connection, mail, recipients);
                    return connection.offers("SMTPUTF8") ? parameters : parameters.replace(" SMTPUTF8", "");
                }
            };
        }
    }

    static class KeepsTheSizeToItself extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String parameters(ReferenceConnection connection, Mail mail, List<String> recipients) {
                    return super.parameters(connection, mail, recipients).replaceFirst(" SIZE=[0-9]+", "");
                }
            };
        }
    }

    static class GivesUpAfterABrokenHandshake extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isLossOfTls(ReferenceConnection connection, String host) {
                    return false;
                }
            };
        }
    }

    static class SendsToSomeWhereAllOrNothingIsWanted extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session);
        }

        @Override
        protected Set<Feature> features() {
            return EnumSet.of(Feature.ALL_OR_NOTHING);
        }
    }

    static class SaysLocalhost extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String setting(String name, String absent) {
                    return name.equals("localhost") ? "localhost" : super.setting(name, absent);
                }
            };
        }
    }
}
