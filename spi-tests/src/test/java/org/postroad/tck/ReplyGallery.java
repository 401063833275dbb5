// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import static org.postroad.tck.Broken.caughtBy;

import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.net.Socket;
import java.util.List;

/** Transports that take the form of a reply, or of a command, for the result of the message: TRY-05, MAIL-32, 33. */
final class ReplyGallery {

    static final List<Broken> BROKEN = List.of(
            caughtBy(DoubtsSeveralCodes.class, "TRY-05"),
            caughtBy(DoubtsEmptyLines.class, "TRY-05"),
            caughtBy(SendsAgainAfterSeveralCodes.class, "TRY-05"),
            caughtBy(CallsAnAddressInvalidThatCameTogether.class, "MAIL-32"),
            caughtBy(RepeatsEveryRefusal.class, "MAIL-32"),
            caughtBy(OffersAllOfThemAgain.class, "MAIL-32"),
            caughtBy(SendsNoDsnParameters.class, "MAIL-33"),
            caughtBy(RepeatsWithDsnParameters.class, "MAIL-33"),
            caughtBy(OmitsDsnParametersAtRcptOnly.class, "MAIL-33"),
            caughtBy(BlamesTheAddressForParameters.class, "MAIL-33"));

    private ReplyGallery() {}

    static class DoubtsSeveralCodes extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceConnection connection(Socket socket) throws IOException {
                    return new ReferenceConnection(socket, timeoutMillis()) {
                        @Override
                        protected boolean belongTogether(int code, int next) {
                            return code == next;
                        }
                    };
                }
            };
        }
    }

    static class DoubtsEmptyLines extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceConnection connection(Socket socket) throws IOException {
                    return new ReferenceConnection(socket, timeoutMillis()) {
                        @Override
                        protected int emptyLines() {
                            return 0;
                        }
                    };
                }
            };
        }
    }

    static class SendsAgainAfterSeveralCodes extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceConnection connection(Socket socket) throws IOException {
                    return new ReferenceConnection(socket, timeoutMillis()) {
                        @Override
                        protected boolean belongTogether(int code, int next) {
                            return code == next;
                        }
                    };
                }

                @Override
                protected ReferenceOutcome whenTheLastReplyIsLost(IOException failure) {
                    return failure instanceof ReferenceConnection.BadFormException
                            ? ReferenceOutcome.badConnection("no reply")
                            : super.whenTheLastReplyIsLost(failure);
                }
            };
        }
    }

    static class CallsAnAddressInvalidThatCameTogether extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isRepeated(List<ReferenceReply> replies, int number) {
                    return false;
                }
            };
        }
    }

    static class RepeatsEveryRefusal extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isRepeated(List<ReferenceReply> replies, int number) {
                    return !replies.get(number).isPositive();
                }
            };
        }
    }

    static class OffersAllOfThemAgain extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean isRepeated(List<ReferenceReply> replies, int number) {
                    return replies.stream().anyMatch(ReferenceTransaction::isAboutTheCommand);
                }
            };
        }
    }

    static class SendsNoDsnParameters extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected String setting(String name, String absent) {
                    return name.startsWith("dsn.") ? absent : super.setting(name, absent);
                }
            };
        }
    }

    static class RepeatsWithDsnParameters extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean leavesOut(String command, ReferenceReply refusal) {
                    return false;
                }
            };
        }
    }

    static class OmitsDsnParametersAtRcptOnly extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected boolean leavesOut(String command, ReferenceReply refusal) {
                    return command.startsWith("RCPT") && super.leavesOut(command, refusal);
                }
            };
        }
    }

    static class BlamesTheAddressForParameters extends ReferenceMxTransportTest {
        @Override
        protected Transport create(Session session) {
            return new ReferenceMxTransport(session) {
                @Override
                protected ReferenceOutcome whenRecipientIsRefused(ReferenceReply reply) {
                    return isRefusalOfParameters(reply)
                            ? reply.as(ReferenceOutcome.Kind.REJECTED, true)
                            : super.whenRecipientIsRefused(reply);
                }
            };
        }
    }
}
