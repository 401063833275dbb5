// SPDX-License-Identifier: Apache-2.0
package org.postroad.tck;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.spi.MailDns;

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
