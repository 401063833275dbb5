// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Domain;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Lookup;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.api.TlsDemand;
import org.postroad.fixtures.VirtualClock;
import org.postroad.provider.internal.sts.StsPolicies;
import org.postroad.provider.internal.tls.PublishedTlsPolicies;
import org.postroad.provider.internal.tls.StartTls;
import org.postroad.spi.MailDns;

/** The time limit of policy lookups (TLS-11). */
class TlsPolicyLookupTest {

    private static final Domain DOMAIN = Domain.parse("example.test");

    private final VirtualClock clock = new VirtualClock();
    private final List<HostName> asked = new ArrayList<>();

    /** Does not answer TXT questions: uses up all available time, and answers that ran out of time are not cached. */
    private final MailDns silent = new MailDns() {
        @Override
        public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline) {
            asked.add(name);
            clock.advance(deadline.remaining());
            return new DnsAnswer.Failed<>(DnsAnswer.Cause.TIMEOUT, "silence");
        }
    };

    /** Regardless of the number of hosts. */
    @Test
    void TLS_11_aFailingLookupUsesItsShareOfTheTimeOnce() throws Exception {
        StsPolicies policies = new StsPolicies(silent, clock, Optional.empty());
        Deadline send = Deadline.after(Duration.ofSeconds(24), clock);
        List<Lookup<String>> lookups = new ArrayList<>();
        TlsPreferences.StsSource source = (domain, host, deadline) -> {
            policies.find(
                    domain,
                    (owner, limit) -> {
                        throw new AssertionError("nothing is announced");
                    },
                    deadline,
                    lookups::add);
            return new TlsPreferences.StsLookup(
                    PublishedTlsPolicies.PublishedSts.ABSENT, lookups.stream().findFirst(), Optional.empty());
        };
        TlsPreferences policy = new TlsPreferences(StartTls.OPPORTUNISTIC, true, false, source, TlsDemand.NONE);
        TlsPolicyLookup inquiry = new TlsPolicyLookup(
                DOMAIN,
                policy,
                new DaneInquiry.TlsQuestions() {
                    @Override
                    public <R> Lookup<R> ask(HostName name, RecordType<R> type) {
                        throw new AssertionError("DANE is switched off");
                    }
                },
                said -> {},
                send);
        for (int i = 1; i <= 10; i++) {
            RemoteMta remote = new RemoteMta(
                    RemoteMta.Role.MAIL_EXCHANGER,
                    HostName.parse("mx" + i + ".example.test"),
                    IpAddress.parse("192.0.2." + i),
                    25);
            inquiry.decide(remote, List.of(), List.of());
        }
        assertThat(asked).containsExactly(HostName.parse("_mta-sts.example.test"));
        assertThat(send.remaining()).isEqualTo(Duration.ofSeconds(16));
    }
}
