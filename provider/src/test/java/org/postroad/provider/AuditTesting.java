// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.postroad.api.AuditFinding;
import org.postroad.api.AuditFinding.Level;
import org.postroad.api.AuditOptions;
import org.postroad.api.AuditReport;
import org.postroad.api.Domain;

/** Audits of zones on loopback, where 192.0.2.4 is one server and 2001:db8::6 another. */
abstract class AuditTesting extends TransportTesting {

    static final AuditOptions DNS_ONLY = AuditOptions.DEFAULT.withoutConnections();

    AuditReport audit(AuditOptions options, String zone) throws MessagingException {
        dns.zone(zone);
        return Postroad.audit(Session.getInstance(properties), Domain.parse("site.test"), options);
    }

    /** Returns the findings of one rule with their levels. */
    List<AuditFinding> findings(String rule, AuditOptions options, String zone) throws MessagingException {
        return audit(options, zone).findings(rule);
    }

    static void assertOk(List<AuditFinding> findings, String words) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.OK);
            assertThat(finding.seen()).contains(words);
            assertThat(finding.recommendation()).isEmpty();
        });
    }

    /** @param changes the records or settings to change, all of them */
    static void assertFinding(List<AuditFinding> findings, Level level, String words, String... changes) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).as(finding.toString()).isEqualTo(level);
            assertThat(finding.seen()).contains(words);
            assertThat(finding.changes()).containsExactly(changes);
            if (level == Level.WARNING || level == Level.PROBLEM) {
                assertThat(finding.recommendation()).isNotEmpty();
            }
        });
    }

    @AfterEach
    void noServerGotAMessage() {
        assertThat(transcript.lines()).noneMatch(line -> line.contains("DATA") || line.contains("BDAT"));
        assertThat(mx4.received()).isEmpty();
        assertThat(mx6.received()).isEmpty();
    }
}
