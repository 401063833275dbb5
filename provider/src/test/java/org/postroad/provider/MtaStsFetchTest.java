// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.postroad.api.IpAddress;
import org.postroad.api.RemoteMta;
import org.postroad.spi.Connector;

/** A policy is fetched the way that mail goes. */
class MtaStsFetchTest extends TransportTesting {

    @Test
    void sts_thePolicyIsFetchedFromTheAddressThatMailIsSentFrom() throws Exception {
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
            return connector.connect(dial); // which knows no policy host: the mail goes as if there were no policy
        });
        send(message("a@v4.test"));
        assertThat(mx4.received()).hasSize(1);
        assertThat(dials)
                .extracting(dial -> dial.remote().role())
                .containsExactly(RemoteMta.Role.POLICY_HOST, RemoteMta.Role.MAIL_EXCHANGER);
        assertThat(dials).extracting(Connector.Dial::source).containsOnly(Optional.of(IpAddress.parse("127.0.0.1")));
    }
}
