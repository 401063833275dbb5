// SPDX-License-Identifier: Apache-2.0
package org.postroad.provider.internal.queue.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postroad.api.DeliveryReport;
import org.postroad.api.Domain;
import org.postroad.api.DomainReport;
import org.postroad.api.EnhancedStatus;
import org.postroad.api.HostName;
import org.postroad.api.IpAddress;
import org.postroad.api.Mailbox;
import org.postroad.api.RecipientReport;
import org.postroad.api.RefusedAddress;
import org.postroad.api.Verdict;

/** The stored form of reports, and its limits. */
@Timeout(60)
class StoredReportTest {

    private static final Domain DOMAIN = Domain.parse("one.test");

    private static RecipientReport recipient(String name, Verdict verdict, EnhancedStatus status, String why) {
        return new RecipientReport(
                Mailbox.parse(name + "@one.test"),
                verdict,
                status,
                new RecipientReport.Decision("TRY-01", why),
                Optional.empty());
    }

    private static DomainReport report(List<RecipientReport> recipients) {
        return DomainReport.withoutContact(DOMAIN, recipients);
    }

    private static String json(DomainReport report) {
        return StoredReport.json(StoredReport.of(report).orElseThrow().octets()).orElseThrow();
    }

    @Test
    void storedReport_isTheJsonOfTheReport() {
        DomainReport report =
                report(List.of(recipient("a", Verdict.FAILED, EnhancedStatus.UNDEFINED_5_0_0, "gr\u00fc\u00dfe")));
        assertThat(json(report)).isEqualTo(new DeliveryReport(List.of(report)).toJson());
    }

    @Test
    void storedReport_ofManyRecipientsHasThoseThatWereNotDelivered() {
        List<RecipientReport> recipients = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            recipients.add(
                    i == 999
                            ? recipient("last", Verdict.FAILED, EnhancedStatus.UNDEFINED_5_0_0, "no")
                            : recipient("a" + i, Verdict.DELIVERED, EnhancedStatus.SUCCESS_2_0_0, "yes"));
        }
        String json = json(report(recipients));
        assertThat(json.split("\"verdict\"")).hasSize(StoredReport.MAX_RECIPIENTS + 1);
        assertThat(json).contains("last@one.test", "a0@one.test").doesNotContain("a49@one.test");
    }

    @Test
    void storedReport_isEmptyIfItIsTooBig() {
        RefusedAddress refused =
                new RefusedAddress(HostName.parse("mx.one.test"), IpAddress.parse("10.0.0.2"), "private ".repeat(10));
        DomainReport report = new DomainReport(
                DOMAIN,
                List.of(),
                Collections.nCopies(StoredReport.MAX_SIZE / 100, refused),
                List.of(),
                List.of(recipient("a", Verdict.FAILED, EnhancedStatus.UNDEFINED_5_0_0, "no")));
        assertThat(StoredReport.of(report)).isEmpty();
    }

    @Test
    void storedReport_thatCannotBeReadIsEmpty() {
        assertThat(StoredReport.json(new byte[] {1, 2, 3})).isEmpty();
        assertThat(StoredReport.json(new byte[0])).isEmpty();
    }

    @Test
    void storedReport_thatExpandsBeyondTheLimitIsEmpty() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bomb)) {
            out.write(new byte[StoredReport.MAX_SIZE + 1]);
        }
        assertThat(StoredReport.json(bomb.toByteArray())).isEmpty();
    }
}
