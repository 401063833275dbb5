// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.postroad.api.Deadline;
import org.postroad.api.DnsAnswer;
import org.postroad.api.Family;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.RecordType;
import org.postroad.api.RemoteMta;
import org.postroad.provider.internal.dns.DnsSettings;
import org.postroad.provider.internal.dns.DnsjavaMailDns;
import org.postroad.spi.Connector;
import org.postroad.spi.MailDns;

/** A policy is fetched with the same DNS, connector and addresses as mail. */
class MtaStsFetchTest extends TransportTesting {

    @Test
    void sts_thePolicyIsFetchedFromTheConfiguredSourceAddress() throws Exception {
        dns.zone("""
                v4.test.          MX 10 mx4.v4.test.
                mx4.v4.test.      A 192.0.2.4
                _mta-sts.v4.test. TXT "v=STSv1; id=1;"
                mta-sts.v4.test.  A 192.0.2.80
                """);
        List<Connector.Dial> dials = new CopyOnWriteArrayList<>();
        properties.setProperty("mail.mx.localaddress.ipv4", "127.0.0.1");
        properties.put("mail.mx.connector", (Connector) dial -> {
            dials.add(dial);
            return connector.connect(dial); // which has no policy host: the mail is sent as if there were no policy
        });
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(dials)
                .extracting(dial -> dial.remote().role())
                .containsExactly(RemoteMta.Role.POLICY_HOST, RemoteMta.Role.MAIL_EXCHANGER);
        assertThat(dials).extracting(Connector.Dial::source).containsOnly(Optional.of(IpAddress.parse("127.0.0.1")));
    }

    /** A policy gets a third of the remaining time; then the mail is sent as if there were none. */
    @Test
    void TLS_11_aSilentPolicyHostDoesNotUseUpTheTimeOfTheSend() throws Exception {
        dns.zone("""
                v4.test.          MX 10 mx4.v4.test.
                mx4.v4.test.      A 192.0.2.4
                _mta-sts.v4.test. TXT "v=STSv1; id=1;"
                mta-sts.v4.test.  A 192.0.2.80
                """);
        List<Duration> given = new CopyOnWriteArrayList<>();
        properties.setProperty("mail.mx.deadline", "15s");
        properties.put("mail.mx.connector", (Connector) dial -> {
            if (dial.remote().role() == RemoteMta.Role.POLICY_HOST) {
                Deadline end = dial.deadline();
                given.add(end.remaining());
                while (!end.hasPassed()) { // silence
                    LockSupport.parkNanos(end.remaining().toNanos());
                }
                throw new SocketTimeoutException("silence");
            }
            return connector.connect(dial);
        });
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(given)
                .singleElement()
                .satisfies(time -> assertThat(time).isLessThanOrEqualTo(Duration.ofSeconds(5)));
    }

    /** So that the TXT lookup costs no extra round trip. */
    @Test
    void sts_theRecordIsLookedUpConcurrentlyWithTheAddresses() throws Exception {
        CountDownLatch record = new CountDownLatch(1);
        List<RecordType<?>> alone = new CopyOnWriteArrayList<>();
        DnsSettings settings = DnsSettings.DEFAULTS.withServers(List.of(dns.address(Family.IPV4)));
        try (DnsjavaMailDns real = new DnsjavaMailDns(settings)) {
            properties.put("mail.mx.dns.resolver", new MailDns() {
                @Override
                public <R> DnsAnswer<R> query(HostName name, RecordType<R> type, Deadline deadline)
                        throws InterruptedException {
                    if (type.equals(RecordType.TXT)) {
                        record.countDown();
                    } else if (!type.equals(RecordType.MX) && !record.await(60, TimeUnit.SECONDS)) {
                        alone.add(type);
                    }
                    return real.query(name, type, deadline);
                }
            });
            send(message("a@v4.test"));
        }
        assertThat(mx4.received()).hasSize(1);
        assertThat(alone).isEmpty();
    }
}
