// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.Security;
import org.postroad.spi.MailDns;
import org.postroad.tck.StubExchange.TemporaryFailure;

/** Implementations that misinterpret queries for an alias or for the name of an address. */
final class MailDnsAliasGallery {

    private MailDnsAliasGallery() {}

    /** Follows aliases for all types. */
    static class FollowsTheAliasThatWasAskedFor extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                boolean follows(RecordType<?> type) {
                    return true;
                }
            };
        }
    }

    /** Queries an address and takes the alias from that answer, whose AD bit covers both. */
    static class TakesTheSecurityOfTheTarget extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                        throws InterruptedException {
                    DnsAnswer<R> answer = super.query(name, type, deadline);
                    return type.equals(RecordType.CNAME)
                                    && answer instanceof DnsAnswer.Found<R> alias
                                    && super.query(name, RecordType.A, deadline)
                                            instanceof DnsAnswer.Found<IpAddress> target
                            ? new DnsAnswer.Found<>(
                                    alias.records(), alias.canonicalName(), alias.ttl(), target.security())
                            : answer;
                }
            };
        }
    }

    /** Takes the DNAME record as a sign that the name is no alias of its own. */
    static class DoesNotFindTheAliasMadeOfADname extends BrokenMailDns {
        private static final int DNAME = 39;

        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> Step<R> step(StubMessage message, Chain chain, RecordType<R> type) throws TemporaryFailure {
                    boolean below = message.answers().stream().anyMatch(record -> record.type() == DNAME);
                    return type.equals(RecordType.CNAME) && below
                            ? answer(chain, new DnsAnswer.NoData<>(Duration.ZERO, chain.security()))
                            : super.step(message, chain, type);
                }
            };
        }
    }

    static class LeavesOutTheFirstAlias extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                List<DnsAnswer.Alias> listed(Chain chain) {
                    return chain.aliases().stream().skip(1).toList();
                }
            };
        }
    }

    static class LeavesOutTheAliasToNoName extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                <R> DnsAnswer<R> noSuchName(Chain chain, Duration ttl) {
                    List<DnsAnswer.Alias> aliases = chain.aliases();
                    return new DnsAnswer.NoSuchName<R>(ttl, chain.security())
                            .withAliases(aliases.subList(0, Math.max(0, aliases.size() - 1)));
                }
            };
        }
    }

    /** Takes the security of the answer for that of each alias. */
    static class GivesAliasesTheSecurityOfTheAnswer extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Security ofAlias(Chain chain) {
                    return chain.security();
                }
            };
        }
    }

    static class BelievesEveryAlias extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Security ofAlias(Chain chain) {
                    return Security.SECURE;
                }
            };
        }
    }

    static class DoesNotKnowNamesOfAddresses extends BrokenMailDns {
        @Override
        protected MailDns create(List<InetSocketAddress> servers) {
            return new StubMailDns(servers) {
                @Override
                Optional<Object> read(int type, ByteBuffer data) {
                    return type == RecordType.PTR.code() ? Optional.empty() : super.read(type, data);
                }
            };
        }
    }
}
