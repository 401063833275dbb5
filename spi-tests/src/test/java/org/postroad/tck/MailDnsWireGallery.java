// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;
import org.postroad.tck.StubExchange.TemporaryFailure;

/** Implementations with errors in datagrams, connections and the choice of servers. */
final class MailDnsWireGallery {

    private static final Duration SHORT_PATIENCE = Duration.ofMillis(1_500);

    private MailDnsWireGallery() {}

    /** The broken part is the exchange. */
    abstract static class BrokenExchange extends BrokenMailDns {
        abstract StubExchange exchange();

        /** Long enough to receive an answer that must not be accepted. */
        @Override
        protected Duration silence() {
            return Duration.ofMillis(80);
        }

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers, exchange());
        }
    }

    static class TakesTruncatedAnswers extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                StubMessage whole(StubMessage truncated, byte[] question, InetSocketAddress server, Deadline deadline) {
                    return truncated;
                }
            };
        }
    }

    static class TakesDeadTcpForNoData extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                StubMessage whole(StubMessage truncated, byte[] question, InetSocketAddress server, Deadline deadline)
                        throws InterruptedException {
                    try {
                        return super.whole(truncated, question, server, deadline);
                    } catch (IOException | TemporaryFailure dead) {
                        return truncated;
                    }
                }
            };
        }
    }

    static class NeverUsesTcp extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                StubMessage whole(StubMessage truncated, byte[] question, InetSocketAddress server, Deadline deadline)
                        throws TemporaryFailure {
                    throw new TemporaryFailure(Cause.MALFORMED, "truncated");
                }
            };
        }
    }

    static class DoesNotLookAtTheId extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                boolean hasId(byte[] question, byte[] answer) {
                    return (answer[3] & 0x0f) != 0x0f;
                }
            };
        }
    }

    static class DoesNotLookAtTheQuestion extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                boolean hasQuestion(byte[] question, byte[] answer) {
                    return true;
                }
            };
        }
    }

    /** Accepts garbage as an answer with no data. */
    static class TakesGarbageForNoData extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                private boolean isGarbage(byte[] answer) {
                    return answer[0] == (byte) 0xff && answer[4] == (byte) 0xff;
                }

                @Override
                boolean hasId(byte[] question, byte[] answer) {
                    return isGarbage(answer) || super.hasId(question, answer);
                }

                @Override
                boolean hasQuestion(byte[] question, byte[] answer) {
                    return isGarbage(answer) || super.hasQuestion(question, answer);
                }

                @Override
                StubMessage read(byte[] octets) throws TemporaryFailure {
                    return isGarbage(octets)
                            ? new StubMessage(0, false, false, List.of(), List.of(), octets)
                            : super.read(octets);
                }
            };
        }
    }

    /** Reads zeros after the end of an answer. */
    static class ReadsBeyondTheEnd extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                StubMessage read(byte[] octets) throws TemporaryFailure {
                    return super.read(Arrays.copyOf(octets, octets.length + StubMessage.HEADER));
                }
            };
        }
    }

    /** Rejects answers with other sections that it cannot decode. */
    static class RefusesWhatStandsBesideAnAnswer extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                StubMessage read(byte[] octets) throws TemporaryFailure {
                    int additional = octets[StubMessage.HEADER - 1];
                    if (additional > 1) {
                        throw new TemporaryFailure(Cause.MALFORMED, "more than OPT beside the answer");
                    }
                    return super.read(octets);
                }
            };
        }
    }

    static class SpeaksIpv4Only extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                ProtocolFamily familyOf(InetSocketAddress server) {
                    return StandardProtocolFamily.INET;
                }
            };
        }
    }

    static class IgnoresTheInterrupt extends BrokenExchange {
        @Override
        StubExchange exchange() {
            return new StubExchange() {
                @Override
                boolean interrupted() {
                    Thread.interrupted();
                    return false;
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class KeepsEdns extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                boolean dropsEdns() {
                    return false;
                }
            };
        }
    }

    static class AsksTheFirstServerOnly extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers.subList(0, 1));
        }

        @Override
        protected Duration timeLimit() {
            return SHORT_PATIENCE;
        }
    }

    static class AsksTheNextServerAfterSilenceOnly extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> Step<R> askServers(
                        List<InetSocketAddress> asked, Chain chain, RecordType<R> type, Deadline deadline)
                        throws TemporaryFailure, InterruptedException {
                    try {
                        return super.askServers(asked.subList(0, 1), chain, type, deadline.atMost(SHARE));
                    } catch (TemporaryFailure trouble) {
                        boolean silent = trouble.why() == Cause.TIMEOUT || trouble.why() == Cause.NETWORK;
                        if (!silent || asked.size() == 1) {
                            throw trouble;
                        }
                        return super.askServers(asked.subList(1, asked.size()), chain, type, deadline);
                    }
                }
            };
        }
    }

    static class AsksOnUntilSomebodyHasRecords extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> Step<R> askServers(
                        List<InetSocketAddress> asked, Chain chain, RecordType<R> type, Deadline deadline)
                        throws TemporaryFailure, InterruptedException {
                    Step<R> step = super.askServers(asked, chain, type, deadline);
                    boolean nothing = step.answer()
                            .filter(answer -> answer.recordsOrNone().isEmpty())
                            .isPresent();
                    return nothing && asked.size() > 1
                            ? super.askServers(asked.subList(1, asked.size()), chain, type, deadline)
                            : step;
                }
            };
        }
    }
}
