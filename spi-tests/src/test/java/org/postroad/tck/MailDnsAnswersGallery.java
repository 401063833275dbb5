// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postroad.api.DnsAnswer;
import org.postroad.api.DnsAnswer.Cause;
import org.postroad.api.IpAddress;
import org.postroad.api.MxRecord;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.spi.MailDns;
import org.postroad.tck.StubExchange.TemporaryFailure;
import org.postroad.tck.StubMessage.Resource;

/** Implementations that misinterpret answers. */
final class MailDnsAnswersGallery {

    private MailDnsAnswersGallery() {}

    static class TakesTheFirstRecordOnly extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> Step<R> step(StubMessage message, Chain chain, RecordType<R> type) throws TemporaryFailure {
                    Step<R> step = super.step(message, chain, type);
                    return step.answer().isPresent() && step.answer().get() instanceof DnsAnswer.Found<R> found
                            ? answer(
                                    chain,
                                    new DnsAnswer.Found<>(
                                            found.records().subList(0, 1),
                                            found.canonicalName(),
                                            found.ttl(),
                                            found.security()))
                            : step;
                }
            };
        }
    }

    static class TakesNoSuchNameForNoData extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> DnsAnswer<R> noSuchName(Chain chain, Duration ttl) {
                    return new DnsAnswer.NoData<>(ttl, chain.security());
                }
            };
        }
    }

    /** Takes the existing alias as a sign that the name exists. */
    static class TakesAnAliasToNoNameForNoData extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> DnsAnswer<R> noSuchName(Chain chain, Duration ttl) {
                    return !chain.aliases().isEmpty()
                            ? new DnsAnswer.NoData<>(ttl, chain.security())
                            : super.noSuchName(chain, ttl);
                }
            };
        }
    }

    static class DoesNotAskFurtherForAliases extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> Step<R> step(StubMessage message, Chain chain, RecordType<R> type) throws TemporaryFailure {
                    Step<R> step = super.step(message, chain, type);
                    return step.answer().isPresent()
                            ? step
                            : answer(chain, new DnsAnswer.NoData<>(Duration.ZERO, chain.security()));
                }
            };
        }
    }

    static class DoesNotKnowDname extends BrokenMailDns {
        private static final int DNAME = 39;

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Chain follow(StubMessage message, Chain start) throws TemporaryFailure {
                    if (message.answers().stream().anyMatch(record -> record.type() == DNAME)) {
                        throw new TemporaryFailure(Cause.MALFORMED, "type " + DNAME);
                    }
                    return super.follow(message, start);
                }
            };
        }
    }

    static class FollowsAliasesWithoutLimit extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                int maxAliases() {
                    return Integer.MAX_VALUE;
                }
            };
        }

        @Override
        protected Duration timeLimit() {
            return Duration.ofMillis(1_200);
        }
    }

    /** Detects loops, but accepts chains of any length. */
    static class LooksForLoopsOnly extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Chain follow(StubMessage message, Chain start) throws TemporaryFailure {
                    Chain chain = super.follow(message, start);
                    boolean loop = message.answers().stream()
                            .anyMatch(record ->
                                    record.owner().equals(chain.name()) && record.type() == StubMessage.CNAME);
                    if (loop || chain.aliases().size() > 200) {
                        throw new TemporaryFailure(Cause.ALIAS_CHAIN, "a loop");
                    }
                    return chain;
                }

                @Override
                int maxAliases() {
                    return Integer.MAX_VALUE;
                }
            };
        }
    }

    /** Converts failures of one kind to another outcome. */
    abstract static class TakesFailures extends BrokenMailDns {
        private final Cause cause;

        TakesFailures(Cause cause) {
            this.cause = cause;
        }

        abstract <R> DnsAnswer<R> instead();

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> DnsAnswer<R> failed(TemporaryFailure trouble) {
                    return trouble.why() == cause ? instead() : super.failed(trouble);
                }
            };
        }

        static <R> DnsAnswer<R> noData() {
            return new DnsAnswer.NoData<>(Duration.ZERO, Security.INSECURE);
        }
    }

    static class TakesServerFailureForNoData extends TakesFailures {
        TakesServerFailureForNoData() {
            super(Cause.SERVER_FAILURE);
        }

        @Override
        <R> DnsAnswer<R> instead() {
            return noData();
        }
    }

    static class ThrowsForServerFailure extends TakesFailures {
        ThrowsForServerFailure() {
            super(Cause.SERVER_FAILURE);
        }

        @Override
        <R> DnsAnswer<R> instead() {
            throw new IllegalStateException("SERVFAIL");
        }
    }

    static class TakesRefusedForNoSuchName extends TakesFailures {
        TakesRefusedForNoSuchName() {
            super(Cause.REFUSED);
        }

        @Override
        <R> DnsAnswer<R> instead() {
            return new DnsAnswer.NoSuchName<>(Duration.ZERO, Security.INSECURE);
        }
    }

    static class TakesLameForNoData extends TakesFailures {
        TakesLameForNoData() {
            super(Cause.LAME);
        }

        @Override
        <R> DnsAnswer<R> instead() {
            return noData();
        }
    }

    static class TakesSilenceForNoData extends TakesFailures {
        TakesSilenceForNoData() {
            super(Cause.TIMEOUT);
        }

        @Override
        protected Duration silence() {
            return Duration.ofMillis(100);
        }

        @Override
        <R> DnsAnswer<R> instead() {
            return noData();
        }
    }

    static class NamesEveryFailureTimeout extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> DnsAnswer<R> failed(TemporaryFailure trouble) {
                    return trouble.why() == Cause.CLOSED
                            ? super.failed(trouble)
                            : new DnsAnswer.Failed<>(Cause.TIMEOUT, "no luck");
                }
            };
        }
    }

    static class TakesForeignRecords extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                boolean isWanted(Resource record, Chain chain) {
                    return true;
                }
            };
        }
    }

    /** Decodes records incorrectly. */
    abstract static class Reads extends BrokenMailDns {
        abstract Optional<Object> reread(Object record);

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Optional<Object> read(int type, ByteBuffer data) {
                    return super.read(type, data).flatMap(record -> reread(record));
                }
            };
        }
    }

    static class LeavesOutTheRoot extends Reads {
        @Override
        Optional<Object> reread(Object record) {
            return Optional.of(record)
                    .filter(it -> !(it instanceof MxRecord mx && mx.exchange().isRoot()));
        }
    }

    static class MakesMappedAddressesIpv4 extends Reads {
        @Override
        Optional<Object> reread(Object record) {
            try {
                return record instanceof IpAddress address
                        ? Optional.of(IpAddress.of(InetAddress.getByAddress(address.octets())))
                        : Optional.of(record);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    /** Decodes A6 records with a prefix as if they were whole addresses. */
    static class DoesNotLookAtThePrefix extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Optional<Object> read(int type, ByteBuffer data) {
                    return type == RecordType.A6.code()
                            ? Optional.of(IpAddress.parse("2001:db8::6"))
                            : super.read(type, data);
                }
            };
        }
    }

    static class SwapsTlsaFields extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Optional<Object> read(int type, ByteBuffer data) {
                    if (type == RecordType.TLSA.code()) {
                        int at = data.position();
                        byte selector = data.get(at + 1);
                        data.put(at + 1, data.get(at + 2)).put(at + 2, selector);
                    }
                    return super.read(type, data);
                }
            };
        }
    }

    static class JoinsTextWithBlanks extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                String text(ByteBuffer data) {
                    List<String> strings = new ArrayList<>();
                    while (data.hasRemaining()) {
                        strings.add(string(data));
                    }
                    return String.join(" ", strings);
                }
            };
        }
    }

    static class TakesTheFirstStringOnly extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                String text(ByteBuffer data) {
                    return string(data);
                }
            };
        }
    }

    static class BelievesEveryAnswer extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                boolean isSecure(Chain chain, StubMessage message) {
                    return true;
                }
            };
        }
    }

    static class BelievesWhoSpokeFirst extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                boolean isSecure(Chain chain, StubMessage message) {
                    return chain.aliases().isEmpty() ? message.authentic() : chain.secure();
                }
            };
        }
    }

    static class BelievesNobody extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                boolean isSecure(Chain chain, StubMessage message) {
                    return false;
                }
            };
        }
    }
}
