// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.Domain;

@Timeout(300)
class PostroadAuditTest extends TransportTesting {

    private AuditReport audit(AuditOptions options, String domain) throws MessagingException {
        return Postroad.audit(Session.getInstance(properties), Domain.parse(domain), options);
    }

    @Test
    void look() throws Exception {
        dns.zone("""
            dual.test.     MX 10 mx1.dual.test.
            dual.test.     MX 20 mx2.dual.test.
            mx1.dual.test. A 192.0.2.4
            mx1.dual.test. AAAA 2001:db8::6
            mx2.dual.test. A 192.0.2.9
            v6.test. MX 10 mx1.v6.test.
            mx1.v6.test. AAAA 2001:db8::6
            """);
        connector.refuse("192.0.2.9");
        for (String d : new String[] {"dual.test", "v6.test", "none.test"}) {
        AuditReport r = audit(AuditOptions.DEFAULT.withPostmaster().withListener(System.out::println), d);
        System.out.println(r);
        System.out.println(r.toJson());
        }
    }
}
